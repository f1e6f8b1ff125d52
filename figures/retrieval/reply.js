// The reply that was recorded with exactly the passages on the desk: each sentence in the color of the passage that
// it cites, what it was before the last change, and a verdict in words.
import { el, put } from "../core/index.js";
import { compared, judged, replyTo, tellers } from "./logic.js";

export function replyPanel({ t }, state) {
  const list = el("ol", { class: "sentences" });
  const node = el("div", { class: "reply" }, el("p", { class: "gb-muted small head" }, t("reply")), list);

  function sentence({ now, before, changed }, i) {
    const { desk, kept } = state;
    const key = judged(desk, kept, now, i);
    const letter = now.letter ?? "";
    const truth = now.verdict === "right" ? "" : ` ${t("truth", { truth: desk.asked[i].truth })}`;
    return el(
      "li",
      { class: `${letter ? `passage-${letter}` : "uncited"} ${changed ? "changed" : ""}` },
      el(
        "span",
        { class: "said" },
        now.text || t("nothing"),
        letter && " ",
        letter && el("b", { class: "letter" }, letter),
      ),
      el("span", { class: `verdict ${now.verdict}` }, t(key, { letter, tellers: tellers(desk, kept, i) }), truth),
      changed &&
        el(
          "span",
          { class: "gb-muted small was" },
          t("before", { text: (before.text || t("nothing")) + (before.letter ? ` [${before.letter}]` : "") }),
        ),
    );
  }
  function draw() {
    put(list, compared(replyTo(state.desk, state.kept), state.before).map(sentence));
  }
  return { node, draw };
}
