// The search: the best of n replies under the fitted reward, and what it does to gold.
import { dataTable, el, put, select, slider } from "../core/index.js";
import { rewardChart } from "./chart.js";
import { curve, finding, ladder, scored } from "./logic.js";
import { marks, refold } from "./replies.js";
import { left, percent, two } from "./words.js";

const STATS = {
  own: two,
  gold: two,
  most: two,
  right: percent,
  invented: percent,
  courteous: percent,
  rude: percent,
  words: (x) => x.toFixed(1),
};

/** `onfound(sentence)` hears the sentence under the figure; "" while there are no labels. */
export function searchPanel(fig, office, onfound) {
  const { t } = fig;
  const { steps, pool, sizes } = office;
  const found = { scores: null, points: null }; // under the present weights
  const none = el("p", { class: "gb-muted" }, t("hack_none"));
  const n = slider({
    label: t("n"),
    min: 0,
    max: steps.length - 1,
    step: 1,
    value: office.step,
    format: (i) => String(steps[i]),
    oninput: moveTo,
  });
  const stats = el("dl", { class: "stats" });
  const charts = ["own", "gold"].map((key) =>
    rewardChart(t, office, found, key, moveTo, () => n.input.focus({ preventScroll: true })),
  );
  const xs = el(
    "div",
    { class: "x", "aria-hidden": "true" },
    steps.map((s, i) => el("span", { style: { "inset-inline-start": left(i / (steps.length - 1)) } }, String(s))),
  );
  const winners = ladderPanel(t, office, found);
  const tableBox = el("div");
  const body = el(
    "div",
    {},
    el("p", {}, t("hack_lead", sizes)),
    el("div", { class: "gb-controls" }, n.node),
    stats,
    el(
      "div",
      { class: "two" },
      el(
        "div",
        { class: "charts" },
        charts.map((c) => c.node),
        xs,
        el("p", { class: "x-name" }, t("x_n")),
        el("p", { class: "gb-muted small" }, t("hack_key")),
      ),
      winners.node,
    ),
    tableBox,
  );

  function draw({ names, rows, weights }) {
    none.hidden = rows.length > 0;
    body.hidden = rows.length === 0;
    if (!rows.length) {
      onfound("");
      return;
    }
    found.scores = scored(pool, weights, names);
    found.points = curve(pool, found.scores);
    drawPoints();
    refold(
      tableBox,
      dataTable({
        summary: t("hack_table"),
        caption: t("hack_caption", sizes),
        columns: [t("n"), ...Object.keys(STATS).map((key) => t(`stat_${key}`))],
        rows: found.points.map((p) => [String(p.n), ...Object.entries(STATS).map(([key, write]) => write(p[key]))]),
      }),
    );
    onfound(sentence(t, office, found.points));
  }

  function moveTo(i) {
    office.step = Math.min(steps.length - 1, Math.max(0, i));
    n.value = office.step;
    fig.set("n", steps[office.step]);
    drawPoints();
    const { own, gold } = found.points[office.step];
    fig.saySoon(() => t("say_n", { n: steps[office.step], own: two(own), gold: two(gold) }));
  }
  function drawPoints() {
    const { points } = found;
    put(stats, statNodes(t, points[office.step], points[0]));
    for (const c of charts) c.draw();
    winners.draw();
  }
  return { nodes: [none, body], draw };
}

/** What the winners are now, beside replies picked blindly. */
const statNodes = (t, now, blind) =>
  Object.entries(STATS).map(([key, write]) =>
    el(
      "div",
      {},
      el("dd", {}, write(now[key])),
      el("dt", {}, t(`stat_${key}`), el("span", { class: "blind" }, t("blind", { v: write(blind[key]) }))),
    ),
  );

/** The replies to one question that won as the search grew. */
function ladderPanel(t, office, found) {
  const { pool } = office;
  const rungs = el("div", { class: "rungs" });
  const menu = select({
    label: t("question"),
    value: String(office.question),
    onchange: (v) => {
      office.set("question", Number(v));
      draw();
    },
    options: pool.map((q, i) => [
      i,
      `${q.question} (${q.truth === null ? t("stranger") : t("true", { truth: q.truth })})`,
    ]),
  });
  function draw() {
    const n = office.steps[office.step];
    put(
      rungs,
      ladder(pool[office.question], found.scores[office.question]).map(({ from, to, reply, score }) =>
        el(
          "div",
          { class: n >= from && n <= to ? "rung now" : "rung" },
          el(
            "p",
            { class: "when" },
            from === to ? t("n_from", { from }) : t("n_from_to", { from, to }),
            " · ",
            t("scores", { own: two(score), gold: two(reply.gold) }),
          ),
          el("p", {}, el("q", {}, reply.text.trim())),
          marks(t, reply),
        ),
      ),
    );
  }
  return { node: el("div", {}, menu.node, el("p", { class: "sub" }, t("winners")), rungs), draw };
}

function sentence(t, { you, sizes }, points) {
  const found = finding(points);
  const values = {
    N: sizes.replies,
    whose: t(you ? "whose_you" : "whose_other"),
    n_peak: found.peak.n,
    gold_peak: two(found.peak.gold),
  };
  for (const stop of ["first", "last"])
    for (const [key, write] of Object.entries(STATS)) values[`${key}_${stop}`] = write(found[stop][key]);
  return t(`aha_${found.key}`, values) + (found.key === "none" ? "" : t("aha_right", values));
}
