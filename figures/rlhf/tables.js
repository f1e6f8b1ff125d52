// Where every leash ended, and how the one the reader holds went there.
import { dataTable, el, put } from "../core/index.js";
import { MEASURES } from "./logic.js";
import { WRITE } from "./words.js";

export function tablesPanel({ t }, view) {
  const { seeds, before, ends } = view;
  const columns = (keys) => keys.map((key) => t(`col_${key}`));
  const ranged = (stop) =>
    MEASURES.map((key) => `${WRITE[key](stop[key].mean)} (${WRITE[key](stop[key].low)}–${WRITE[key](stop[key].high)})`);
  const all = dataTable({
    summary: t("table"),
    caption: t("table_caption", { seeds: seeds.length }),
    columns: columns(["beta", ...MEASURES]),
    rows: [
      [t("table_before"), ...MEASURES.map((key) => WRITE[key](before[key]))],
      ...ends.map((end, k) => [view.betaText(k), ...ranged(end)]),
    ],
  });
  const box = el("div");

  function draw() {
    const path = dataTable({
      summary: t("paths"),
      caption: t("paths_caption", { leash: view.withLeash(view.i), seeds: seeds.length }),
      columns: columns(["iteration", ...MEASURES]),
      rows: view.paths[view.i].map((stop) => [String(stop.iteration), ...ranged(stop)]),
    });
    path.node.open = box.querySelector("details")?.open ?? false;
    put(box, path.node);
  }
  return { node: el("div", { class: "tables" }, all.node, box), draw };
}
