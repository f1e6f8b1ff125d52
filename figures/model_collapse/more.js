// Behind "More": one measure of every diet over the generations, as a chart, and the first and the last generation as a table.
import { dataTable, el, more, put, select } from "../core/index.js";
import { chart } from "./chart.js";
import { last, over, percent } from "./logic.js";

/** What can be drawn, and how its values are written. */
export const MEASURES = {
  facts: (v) => String(Math.round(v)),
  once: percent,
  harbor: percent,
  well_formed: percent,
  true: percent,
  distinct: percent,
  bits: (v) => v.toFixed(1),
};

export function morePanel(fig, data) {
  const { t } = fig;
  const linked = fig.get("measure", null);
  const state = { measure: linked in MEASURES ? linked : "facts" };
  const picture = el("div", {});
  const measure = select({
    label: t("measure"),
    options: Object.keys(MEASURES).map((key) => [key, t(`measure_${key}`)]),
    value: state.measure,
    onchange: (key) => {
      state.measure = key;
      fig.set("measure", key);
      draw();
      fig.say(t("chart_said", { measure: t(`measure_${key}`) }), { shown: false });
    },
  });
  const draw = () => put(picture, chart(t, data, state.measure, MEASURES[state.measure]));
  const node = more(t("more"), el("div", { class: "choose" }, measure.node), picture, table(t, data));
  node.open = linked !== null;
  draw();
  return node;
}

function table(t, data) {
  const end = last(data);
  const cell = (diet, key) => [0, end].map((g) => MEASURES[key](over(data, diet, key, g).mean)).join(" → ");
  return dataTable({
    summary: t("table"),
    caption: t("table_caption", { end, seeds: data.settings.seeds.length }),
    columns: [t("col_diet"), ...Object.keys(MEASURES).map((key) => t(`measure_${key}`))],
    rows: Object.keys(data.runs).map((diet) => [
      t(`diet_${diet}`),
      ...Object.keys(MEASURES).map((key) => cell(diet, key)),
    ]),
  }).node;
}
