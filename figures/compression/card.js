// One register entry as the chosen model has it: a line a fact, with the sign and the words of its verdict.
import { el, put } from "../core/index.js";
import { inForm, tally } from "./logic.js";
import { SIGNS } from "./words.js";

export function cardPanel({ t }) {
  const title = el("p", { class: "sub" });
  const list = el("dl", { class: "entry" });
  const sum = el("p", { class: "sum" });

  function draw(person, rows, text) {
    put(title, t("writes", { name: person.name }));
    if (inForm(rows)) put(list, rows.map(line));
    else put(list, el("div", { class: "raw" }, el("dt", {}, t("unformed")), el("dd", {}, text.trim() || t("nothing"))));
    put(sum, t("sum", { right: tally(rows, "right"), of: rows.length, another: tally(rows, "another") }));
  }
  function line(row) {
    return el(
      "div",
      { class: row.verdict },
      el("dt", {}, t(`fact_${row.fact}`)),
      el("dd", {}, el(row.verdict === "right" ? "span" : "mark", {}, row.value), el("small", {}, note(row))),
    );
  }
  function note(row) {
    const sign = `${SIGNS[row.verdict]} `;
    if (row.verdict === "right") return sign + t("is_right");
    if (row.verdict === "nobody") return sign + t("is_nobody", { truth: row.truth });
    const [owner, ...others] = row.owners;
    const key = others.length ? (others.length > 1 ? "is_another_n" : "is_another_2") : "is_another";
    return sign + t(key, { owner, n: others.length, truth: row.truth });
  }
  const node = el("section", { class: "sheet" }, title, list, sum);
  return { node, draw };
}
