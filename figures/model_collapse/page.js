// The town's page as a generation fills it in: the beginning of each sentence is given, the end is the model's.
import { el, put } from "../core/index.js";
import { countRight } from "./logic.js";

export function pagePanel({ t }) {
  const head = el("p", { class: "small head" });
  const list = el("ol", { class: "page" });
  const sum = el("p", { class: "small sum" });
  const node = el("section", { class: "sheet" }, head, list, sum);

  function draw(lines, { generation, diet }) {
    put(head, t("page_head", { n: generation, diet: t(`diet_${diet}`) }));
    put(
      list,
      lines.map((line) => one(t, line)),
    );
    put(sum, t("page_sum", { right: countRight(lines), of: lines.length }));
  }
  return { node, draw };
}

const one = (t, { stem, reply, right, value, manner, times }) =>
  el(
    "li",
    { class: right ? "right" : "wrong" },
    el("p", { class: "line" }, `${stem} `, el(right ? "b" : "mark", {}, reply || t("nothing"))),
    el(
      "p",
      { class: "worth" },
      el("b", { "aria-hidden": "true" }, right ? "✓" : "≠"),
      ` ${t(times === 1 ? "told_once" : "told", { n: times, manner: t(`manner_${manner}`) })}`,
      right ? "" : t("truth", { value }),
    ),
  );
