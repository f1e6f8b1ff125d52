// A simulated labeler: who it is, how many of its labels count, and the last of them.
import { el, put, slider } from "../core/index.js";
import { compared } from "./replies.js";

/** `ongiven()` hears that more or fewer of its labels count. */
export function labelerPanel({ t }, office, ongiven) {
  const { of } = office.sizes;
  const many = slider({
    label: t("given"),
    min: 0,
    max: of,
    step: 1,
    value: office.given,
    format: (n) => t("given_value", { n, of }),
    oninput: (n) => {
      office.set("given", n);
      ongiven();
    },
  });
  const about = el("p", { class: "gb-muted" });
  const last = el("div", { class: "last" });

  function draw() {
    if (office.you) {
      put(last);
      return;
    }
    about.textContent = t(`about_${office.who}`);
    put(last, lastLabel(office.labels.at(-1)));
  }
  const lastLabel = (label) =>
    label && [
      el("p", { class: "gb-muted small" }, t("pair", { n: label.number + 1, of })),
      el(
        "p",
        { class: "asked" },
        label.pair.question,
        " ",
        el(
          "span",
          { class: "gb-muted" },
          label.pair.truth === null ? `(${t("stranger")})` : `(${t("true", { truth: label.pair.truth })})`,
        ),
      ),
      compared(t, label.pair, label.pickedA),
    ];
  return { node: el("div", {}, about, many.node, last), draw };
}
