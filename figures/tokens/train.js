// View "train": merges learned one by one from a corpus, and what they make of the reader's text.
import { checkbox, clean, dataTable, el, later, put, textField } from "../core/index.js";
import { chip, chips, count, perToken } from "./chips.js";
import { contestPanel } from "./contest.js";
import { corpusPanel, remark } from "./corpus.js";
import { drawCurve } from "./curve.js";
import { after, chunkCounts, curve, label, learn } from "./logic.js";
import { MAX_MERGES, playerPanel } from "./player.js";

export function trainView(ctx) {
  const { t, state, set, fig, say, tell, stops, main } = ctx;
  const learnt = { steps: [], counts: new Map(), bpe: null, text: "" };
  let wanted = state.merges; // kept when a short text has fewer merges to learn
  let plotted = null; // the curve, until the text or the steps change

  const corpus = corpusPanel(ctx, relearn);
  const note = el("p", { class: "gb-muted small" });
  const field = textField({
    label: t("text"),
    value: state.text,
    rows: 2,
    dir: "auto",
    oninput: (v) => {
      set("text", v);
      retext();
      drawSoon();
      if (!learnt.text) unsay();
    },
  });
  const player = playerPanel(ctx, { steps: () => learnt.steps, go });
  const result = resultPanel(ctx, () => draw());
  const contest = contestPanel(ctx, learnt);
  const node = el(
    "div",
    {},
    el("div", { class: "gb-controls wide" }, field.node),
    note,
    el("div", main.control, player.node),
    el("div", main.response, result.main),
  );
  const rest = el(
    "div",
    {},
    corpus.nodes,
    result.rest,
    el("div", { class: "two" }, contest.node, result.learned),
    el("div", { class: "tables" }, result.table, contest.table),
  );

  /** An emptied box is said at once: the old count is wrong now. */
  function unsay() {
    say.cancel();
    tell(t("text_empty"));
  }
  function retext() {
    const cleaned = clean(field.value);
    learnt.text = cleaned.text;
    remark(t, note, cleaned);
    plotted = null;
  }
  function relearn(source) {
    player.pause();
    learnt.counts = chunkCounts(source);
    learnt.steps = learn(source, MAX_MERGES);
    plotted = null;
    player.lengthen(learnt.steps.length);
    result.list(learnt.steps);
    show(wanted);
  }
  function go(k) {
    wanted = k;
    show(k);
    if (ctx.home === "train") fig.aha(t("aha"));
  }
  function show(k) {
    set("merges", Math.max(0, Math.min(Math.round(k) || 0, learnt.steps.length)));
    player.update();
    draw();
  }
  function draw() {
    const { steps, text } = learnt;
    learnt.bpe = after(steps, state.merges);
    const encoded = learnt.bpe.encode(text);
    plotted ??= curve(steps, text, text.length > 2000 ? 16 : 48);
    result.draw(learnt, encoded, plotted);
    contest.drawSoon(encoded, perToken(text, encoded), plotted);
  }
  const drawSoon = later(draw, 120);
  stops.push(drawSoon.cancel);

  retext();
  corpus.begin();
  return { node, rest, draw, go, pause: player.pause, bpe: () => learnt.bpe };
}

/** What k merges make of the text: the curve, the numbers, the tokens, the merges learned last. */
function resultPanel({ t, state, set }, redraw) {
  const ids = checkbox({
    label: t("ids"),
    value: state.ids,
    onchange: (v) => {
      set("ids", v);
      redraw();
    },
  });
  const tokens = el("div", {
    class: "toks",
    dir: "auto",
    tabindex: "0",
    "data-lm-suppress-shortcuts": "true",
    role: "group",
    "aria-label": t("pieces"),
  });
  const stats = el("dl", { class: "stats" });
  const plot = el("div", { class: "curve" });
  const learned = el("div", { class: "learned" });
  const note = el("p", { class: "gb-muted small" });
  const table = dataTable({
    summary: t("train_table"),
    caption: t("train_caption"),
    columns: ["merge", "left", "right", "token", "count", "id"].map((c) => t(`column_${c}`)),
  });

  function draw({ steps, text, bpe }, encoded, points) {
    const k = state.merges;
    const vocabulary = 256 + new Set(steps.slice(0, k).map((s) => s.id)).size;
    chips(tokens, bpe, encoded, t, { ids: state.ids, freshId: steps[k - 1]?.id });
    put(
      stats,
      [
        [count(encoded.length), "n_tokens"],
        [perToken(text, encoded), "per_token"],
        [count(vocabulary), "n_vocabulary"],
      ].map(([n, key]) => el("div", {}, el("dd", {}, n), el("dt", {}, t(key)))),
    );
    put(
      learned,
      steps
        .slice(Math.max(0, k - 12), k)
        .reverse()
        .map((s, i) => chip(bpe, s.id, { ids: state.ids, fresh: i === 0 })),
    );
    note.textContent = k ? t("learned_sentence", { n: count(k) }) : t("learned_none");
    drawCurve(plot, points, k, encoded.length, t);
  }
  return {
    main: [stats, tokens],
    rest: [plot, ids.node],
    learned: el("div", {}, el("p", { class: "sub" }, t("learned")), learned, note),
    table: table.node,
    draw,
    list: (steps) =>
      table.update(
        steps.map((s, i) => [count(i + 1), label(s.left), label(s.right), label(s.token), count(s.count), s.id]),
      ),
  };
}
