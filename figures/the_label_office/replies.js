// A reply's marks, two replies side by side with the one that was taken, and a table in the place of an older one.
import { el, put } from "../core/index.js";

const SIGNS = { right: "✓", wrong: "✗", invented: "✗", refused: "○", malformed: "–" };

export const marks = (t, r) =>
  el(
    "ul",
    { class: "marks" },
    el("li", { class: r.verdict }, `${SIGNS[r.verdict]} ${t(`verdict_${r.verdict}`)}`),
    el("li", {}, t(`manner_${r.manner}`)),
    el("li", {}, t("word_count", { n: r.words })),
  );

/** Both replies of a pair with their marks, and which one was taken. */
export const compared = (t, pair, pickedA) =>
  ["a", "b"].map((side) =>
    el(
      "div",
      { class: "seen" },
      el(
        "p",
        {},
        el("q", {}, pair[side].text.trim()),
        (side === "a") === pickedA && el("span", { class: "taken" }, ` ← ${t("chosen")}`),
      ),
      marks(t, pair[side]),
    ),
  );

/** A new table in the place of an old one, as open as that was. */
export function refold(box, { node }) {
  node.open = box.querySelector("details")?.open ?? false;
  put(box, node);
}
