// All that is measured where the reader stands: means, and the ranges of the seeds.
import { el, put } from "../core/index.js";
import { MEASURES } from "./logic.js";
import { WRITE } from "./words.js";

export function statsPanel({ t }, view) {
  const node = el("dl", { class: "stats" });
  function draw() {
    put(
      node,
      MEASURES.map((key) => {
        const { mean, low, high } = view.now[key];
        const range = t("range", { low: WRITE[key](low), high: WRITE[key](high) });
        return el(
          "div",
          { class: key },
          el("dd", {}, WRITE[key](mean)),
          el("dt", {}, t(`stat_${key}`), el("span", { class: "range" }, range)),
        );
      }),
    );
  }
  return { node, draw };
}
