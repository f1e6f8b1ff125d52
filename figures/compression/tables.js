// The numbers behind the figure: what survives at every size, and everything that the sizes wrote about one resident.
import { dataTable, el, put } from "../core/index.js";
import { allBits, bytes, entry, form, keptBits, share } from "./logic.js";
import { kilobytes, number, percent, SIGNS } from "./words.js";

const ranged = (s, write) => `${write(s.mean)} (${write(s.low)}–${write(s.high)})`;

export function tablesPanel({ t }, data) {
  const sizes = data.parameters.map((_, size) => size);
  const columns = ["size", "bytes", "form", "right", "another", "nobody", "missing", "bits"];
  const all = dataTable({
    summary: t("table"),
    caption: t("table_caption", { seeds: data.seeds.length, bits: allBits(data).toFixed(1), ...data.text }),
    columns: columns.map((c) => t(`col_${c}`)),
    rows: sizes.map((size) => [
      number(data.parameters[size]),
      kilobytes(bytes(data, size)),
      ranged(form(data, size), percent),
      ...["right", "another", "nobody", "missing"].map((v) => ranged(share(data, size, v), percent)),
      ranged(keptBits(data, size), (x) => x.toFixed(1)),
    ]),
  });
  const box = el("div");
  let one = null;

  function draw(who) {
    const open = one?.node.open ?? false;
    one = dataTable({
      summary: t("one_table", { name: data.people[who].name }),
      caption: t("one_caption"),
      columns: [t("col_size"), ...data.facts.map((fact) => t(`fact_${fact}`))],
      rows: [
        [t("truth"), ...data.people[who].truth],
        ...sizes.map((size) => [
          number(data.parameters[size]),
          ...entry(data, who, size).map((row) => `${SIGNS[row.verdict]} ${row.value ?? ""}`),
        ]),
      ],
    });
    one.node.open = open;
    put(box, one.node);
  }
  return { nodes: [all.node, box], draw };
}
