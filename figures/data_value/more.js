// Behind "More": another town, and all rules side by side as a table.
import { dataTable, el, more, select } from "../core/index.js";
import { dollars, paid, RULES } from "./logic.js";

/** `ontown(number)`: the reader goes to another town. */
export function morePanel(fig, data, state, ontown) {
  const { t } = fig;
  const town = select({
    label: t("town"),
    options: data.towns.map((_, i) => [String(i), t("town_n", { n: i + 1 })]),
    value: String(state.town),
    onchange: (i) => ontown(Number(i)),
  });
  const table = dataTable({
    summary: t("table"),
    caption: t("table_caption"),
    columns: [t("col_poet"), ...RULES.map((rule) => t(`rule_${rule}`))],
  });
  const node = more(t("more"), el("div", { class: "choose" }, town.node), table.node);
  node.open = fig.get("town", null) !== null;

  function draw() {
    const now = data.towns[state.town];
    const pay = RULES.map((rule) => paid(now, rule, state.inside));
    table.update(
      now.poets.map((poet, i) => [poet.name, ...pay.map((p) => (p[i] === null ? t("out") : dollars(p[i])))]),
    );
  }
  return { node, draw };
}
