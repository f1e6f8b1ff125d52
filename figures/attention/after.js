// What the model expects after the token, with all heads and without those that are off.
import { el, put } from "../core/index.js";
import { compare } from "./logic.js";
import { percent } from "./words.js";

/** Which heads are off, in a few words. */
export const which = (t, look) =>
  look.off.length > 4 ? t("count", { n: look.off.length }) : look.off.map((n) => look.name(n)).join(", ");

export function afterPanel({ t }, look) {
  const heading = el("p", { class: "sub" });
  const box = el("div", { class: "after" });

  function draw() {
    const { at, all, some, ids, off } = look;
    const truth = ids[at + 1];
    heading.textContent = t("after", { token: `“${look.names[at]}”` });
    const rows = compare(all.next[at], some.next[at], truth);
    const side = (key, title) =>
      el(
        "div",
        {},
        el("p", { class: "subsub" }, title),
        el(
          "ul",
          { class: "bars" },
          rows.map((r) =>
            el(
              "li",
              { class: r.id === truth ? "came" : "" },
              el("span", { class: "t" }, look.token(r.id)),
              el(
                "span",
                { class: "track", "aria-hidden": "true" },
                el("span", { class: `gb-fill ${key}`, style: { "inline-size": `${100 * r[key]}%` } }),
              ),
              el("span", { class: "value" }, percent(r[key])),
              el("span", { class: "tag" }, r.id === truth ? `✓ ${t("came")}` : ""),
            ),
          ),
        ),
      );
    put(box, side("on", t("with")), side("off", off.length ? t("less", { heads: which(t, look) }) : t("nothing_off")));
  }
  return { node: el("section", {}, heading, box), heading, draw };
}
