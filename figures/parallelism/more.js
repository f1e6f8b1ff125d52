// Behind "More": the order of the passes, the number of stages, the price, and every pass in a table.
import { dataTable, el, more, radios, select, slider } from "../core/index.js";
import { KINDS, STAGES } from "./logic.js";

export function morePanel({ t }, state, change, prices) {
  const kind = radios({
    legend: t("kind"),
    options: KINDS.map((k) => [k, t(`kind_${k}`)]),
    value: state.kind,
    onchange: (k) => change("kind", k),
  });
  const stages = select({
    label: t("stages"),
    options: STAGES.map((n) => [String(n), String(n)]),
    value: String(state.stages),
    onchange: (n) => change("stages", Number(n)),
  });
  const price = slider({
    label: t("price"),
    min: prices.least,
    max: prices.most,
    step: 0.5,
    value: state.price,
    format: (n) => t("price_value", { n: n.toFixed(2) }),
    oninput: (n) => change("price", n),
  });
  const table = dataTable({
    summary: t("table"),
    caption: t("caption"),
    columns: ["stage", "pass", "start", "end"].map((c) => t(`col_${c}`)),
  });
  const rows = ({ stage, piece, work, start, end }) => [
    String(stage + 1),
    t("pass", { piece: piece + 1, work: t(work) }),
    String(start),
    String(end),
  ];
  return {
    node: more(
      t("more"),
      kind.node,
      el("p", { class: "small" }, t("memory")),
      el("div", { class: "gb-controls" }, stages.node, price.node),
      table.node,
    ),
    draw: () => table.update(state.slots.map(rows)),
  };
}
