// Behind "More": the rest of the conversation, assistants made small in other ways, and everything as a chart and a table.
import { dataTable, el, more, put, select } from "../core/index.js";
import { chart } from "./chart.js";
import { conversation, countRight, ladder, mean, percent, SHOWN, share, size, ways } from "./logic.js";
import { talkPanel } from "./talk.js";

export function morePanel(fig, data) {
  const { t } = fig;
  const others = ways(data);
  const pocket = others.findIndex(({ kind }) => kind === "pocket");
  const linked = Math.trunc(Number(fig.get("way", pocket)));
  const start = others[linked] ? linked : pocket;
  const [later, other] = [talkPanel(fig, SHOWN), talkPanel(fig, 0, SHOWN)];
  const note = el("p", {});
  const way = select({
    label: t("way"),
    options: others.map((w, i) => [String(i), called(t, w)]),
    value: String(start),
    onchange: (i) => {
      fig.set("way", Number(i));
      drawWay();
      fig.say(note.textContent, { shown: false });
    },
  });
  const node = more(
    t("more"),
    el("p", {}, t("later")),
    later.node,
    el("p", {}, t("chart_words", { asked: data.settings.asked })),
    chart(t, data),
    el("div", { class: "choose" }, way.node),
    note,
    other.node,
    table(t, data, others),
    el("p", { class: "gb-muted small" }, t("simplified", { asked: data.settings.asked })),
  );
  node.open = fig.get("way", null) !== null;

  function drawWay() {
    const chosen = others[Number(way.value)];
    const [row] = chosen.rows;
    other.draw(conversation(data, row), conversation(data, ladder(data)[0]));
    put(
      note,
      t("way_words", { way: called(t, chosen), size: size(row.bytes), share: percent(mean(chosen.rows, share)) }),
    );
  }
  drawWay();
  return { node, draw: later.draw };
}

/** A way to shrink in words; of a share, what is left out. */
const called = (t, { kind, much }) => t(`way_${kind}`, { n: kind === "pruned" ? percent(much) : much });

function table(t, data, others) {
  const line = (name, rows) => {
    const shares = rows.map(share).sort((a, b) => a - b);
    const span = rows.length > 1 ? ` (${percent(shares[0])}–${percent(shares.at(-1))})` : "";
    const here = countRight(conversation(data, rows[0]));
    const surprise = mean(rows, (row) => row.bits_per_letter).toFixed(2);
    return [
      name,
      size(rows[0].bytes),
      percent(mean(rows, share)) + span,
      surprise,
      `${here} / ${data.conversation.length}`,
    ];
  };
  return dataTable({
    summary: t("table"),
    caption: t("table_caption", { asked: data.settings.asked, seeds: data.settings.seeds.length }),
    columns: ["model", "size", "share", "surprise", "here"].map((c) => t(`col_${c}`)),
    rows: [
      ...ladder(data).map((row) => line(t("bits_value", { n: row.bits }), [row])),
      ...others.map((w) => line(called(t, w), w.rows)),
    ],
  }).node;
}
