// All replies to a question as a table: every set of passages, from all four to none.
import { dataTable, el, put } from "../core/index.js";
import { judged, keptIn, keptText, tellers, wholeReply } from "./logic.js";

export function tablePanel({ t }, state) {
  const node = el("div");

  function row(given, number) {
    const reply = wholeReply(state.desk, given);
    const kept = keptIn(number, state.desk.passages.length);
    const words = (s, i) =>
      t(judged(state.desk, kept, s, i), { letter: s.letter ?? "", tellers: tellers(state.desk, kept, i) });
    const letters = keptText(kept);
    return [
      letters === "none" ? t("say_none") : letters,
      reply.map((s) => s.text + (s.letter ? ` [${s.letter}]` : "")).join(" "),
      reply.map(words).join(" "),
    ];
  }
  function draw() {
    const open = node.querySelector("details")?.open ?? false;
    const table = dataTable({
      summary: t("table"),
      caption: t("table_caption"),
      columns: ["set", "reply", "verdict"].map((c) => t(`col_${c}`)),
      rows: state.desk.replies.map(row).reverse(),
    });
    table.node.open = open;
    put(node, table.node);
  }
  return { node, draw };
}
