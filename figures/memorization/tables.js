// The numbers behind the figure at the present size and prompt.
import { dataTable, el, put } from "../core/index.js";
import { level, share } from "./logic.js";
import { bits, number, percent } from "./words.js";

export function tablesPanel({ t }, desk) {
  const { data } = desk;
  const tables = el("div"),
    dice = el("div");

  /** A new table in the place of an old one, as open as that was. */
  function refold(box, { node }) {
    node.open = box.querySelector("details")?.open ?? false;
    put(box, node);
  }
  function draw() {
    const { at } = desk;
    const size = number(desk.size);
    const ranged = (s, write) => `${write(s.mean)} (${write(s.low)}–${write(s.high)})`;
    refold(
      tables,
      dataTable({
        summary: t("table"),
        caption: t("table_caption", { size, prompt: desk.prompt, seeds: data.seeds.length }),
        columns: ["copies", "share", "bits", "auc"].map((c) => t(`col_${c}`)),
        rows: data.copies.map((n, i) => [
          String(n),
          ranged(share(data, at.size, i, at.prompt), percent),
          ranged(level(data, at.size, "loss", i), bits),
          ranged(level(data, at.size, "auc", i), percent),
        ]),
      }),
    );
    refold(
      dice,
      dataTable({
        summary: t("dice_table"),
        caption: t("dice_caption", { size, n: data.asked_at, target: data.target }),
        columns: [t("col_copies"), ...data.temperatures.map((x) => t("col_temperature", { t: x }))],
        rows: data.copies.map((n, i) => [
          String(n),
          ...data.temperatures.map((_, k) => percent(level(data, at.size, "chance", i, k).mean)),
        ]),
      }),
    );
  }
  return { nodes: [tables, dice], draw };
}
