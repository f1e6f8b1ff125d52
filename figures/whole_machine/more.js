// Behind "More": the scores of the token in view as a table.
import { dataTable, el, more, put } from "../core/index.js";
import { now, percent } from "./logic.js";
import { wordOf } from "./talk.js";

export function morePanel({ t }, data) {
  const place = el("div");
  const table = dataTable({
    summary: t("table"),
    caption: t("table_caption"),
    columns: [t("col_token"), t("col_number"), t("col_chance")],
  });
  put(place, table.node);
  const draw = (state) => table.update(now(data, state).scores.map(([id, p]) => [wordOf(t, data, id), id, percent(p)]));
  return { node: more(t("more"), place), draw };
}
