// What every token of the text costs in bits, and how much more without the heads that are off.
import { dataTable, el, put } from "../core/index.js";
import { which } from "./after.js";
import { sum, worst } from "./logic.js";
import { bits, more } from "./words.js";

export function surprisePanel({ t }, look) {
  const heading = el("p", { class: "sub" });
  const line = el("div", { class: "line costs", role: "group" });
  const note = el("p", { class: "gb-muted small" });
  const sums = el("p", { class: "sums" });
  const table = dataTable({
    summary: t("table_bits"),
    caption: t("table_bits"),
    columns: ["place", "token", "on", "off", "more"].map((key) => t(`column_${key}`)),
  });

  function draw() {
    const { ids, names, at, off, all, some } = look;
    const dim = off.length > 0;
    heading.textContent = t(dim ? "surprise" : "surprise_none");
    line.setAttribute("aria-label", heading.textContent);
    put(
      line,
      ids.slice(1).map((_, i) => {
        const change = dim ? some.bits[i + 1] - all.bits[i + 1] : all.bits[i + 1];
        const written = Math.abs(change) >= (dim ? 0.3 : 1);
        return el(
          "span",
          {
            class: `tok ${change < 0 ? "better" : ""} ${i === at ? "now" : ""}`,
            style: { "--share": `${Math.round(70 * Math.min(1, Math.abs(change) / 8) ** 0.7)}%` },
          },
          el("span", { class: "t" }, names[i + 1]),
          el("span", { class: "n" }, written ? (dim ? more(change) : bits(change)) : ""),
        );
      }),
    );
    note.textContent = t(dim ? "surprise_note" : "surprise_none_note", { heads: which(t, look) });
    sums.textContent = sentence();
    if (table.node.open)
      table.update(
        ids
          .slice(1)
          .map((_, i) => [
            i + 1,
            names[i + 1],
            all.bits[i + 1].toFixed(2),
            some.bits[i + 1].toFixed(2),
            more(some.bits[i + 1] - all.bits[i + 1], 2),
          ]),
      );
  }

  function sentence() {
    const { off, all, some, names } = look;
    if (!off.length) return t("sums_none", { on: bits(sum(all.bits)) });
    const { at, more: by } = worst(all.bits, some.bits);
    const most =
      by > 0.05 ? t("worst", { token: `“${names[at]}”`, on: bits(all.bits[at]), off: bits(some.bits[at]) }) : "";
    return `${t("sums", { on: bits(sum(all.bits)), off: bits(sum(some.bits)), heads: which(t, look) })} ${most}`;
  }
  return { node: el("section", {}, heading, line, note, sums), table: table.node, draw };
}
