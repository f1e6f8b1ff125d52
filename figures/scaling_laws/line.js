// The reader lays a line through the runs and commits to it; then the fit shows, and then the larger run that both foretell.
// Folded away: which runs are in the fit, the axis, the floor, the numbers of both lines.
import { el, more, put } from "../core/index.js";
import { exponent, loss, percent, QUIET } from "./chart.js";
import { LaidLine } from "./laid.js";
import { lineChart } from "./line_chart.js";
import { endControls, lineControls } from "./line_controls.js";
import { lawAt, misfit } from "./logic.js";
import { runName, runsTable } from "./runs_table.js";
import { scorePanel } from "./score.js";
import { ranged, statRows } from "./stats.js";

export function lineView(ctx, facts) {
  const { fig, t, count } = ctx;
  const laid = new LaidLine(fig, ctx);
  const saySoon = () => fig.saySoon(() => said(t, laid));
  const changed = () => {
    draw();
    saySoon();
  };
  const ends = endControls(ctx, laid, changed, () => {
    draw();
    if (laid.shown) fig.say(t("say_reveal", heard(laid)), QUIET);
  });
  const controls = lineControls(ctx, laid, changed);
  const chart = lineChart(ctx, laid, { move: draw, grab: ends.focus, drop: saySoon, toggle });
  const score = scorePanel(ctx, laid);
  const table = runsTable(ctx, laid, toggle);
  const stats = el("dl", { class: "stats" });
  const few = el("p", { class: "gb-failed", hidden: true }, t("few"));
  const note = el("p", { class: "gb-muted small" });
  const simplified = el("p", { class: "gb-muted small" }, t("simplified_line"));
  const lead = el("p", { class: "lead" });
  const fold = more(t("more_line"), facts, controls.node, chart.key, few, stats, note, table.node, simplified);
  fold.open = laid.tuned;
  fold.addEventListener("toggle", draw);
  const node = el(
    "div",
    { class: "view" },
    lead,
    el("div", { class: "two first" }, chart.node, el("div", {}, ends.node, score.node)),
  );

  function toggle(r) {
    laid.toggle(r);
    draw();
    fig.say(
      t("say_toggle", {
        id: runName(count, r),
        state: t(laid.chosen.has(r.id) ? "key_in" : "key_out"),
        n: laid.chosen.size,
        fit: laid.law ? exponent(laid.law.b) : "–",
      }),
      QUIET,
    );
  }

  function draw() {
    laid.all = fold.open; // runs that are not in the fit are for those who choose among them
    laid.fit();
    put(lead, t(laid.ahead.length ? `lead_${laid.axis}` : "lead_all", laid.ahead.length && { x: count(laid.heldX) }));
    chart.draw(chartWords(ctx, laid));
    ends.draw();
    score.draw();
    few.hidden = !!laid.law;
    fig.aha(aha(t, laid));
    if (!fold.open) return; // drawn when it is opened
    controls.draw();
    table.draw();
    note.textContent = (laid.more.length && !laid.ahead.length ? `${t("not_larger")} ` : "") + t("hint");
    put(stats, statRows(t, laid));
  }
  return { node, fold, draw };
}

/** The larger run as the reader's line, the fit and the measurement have it. */
const heard = ({ law, mine, heldX, heldLoss }) => ({
  measured: loss(heldLoss),
  mine: loss(lawAt(mine, heldX)),
  fit: law ? loss(lawAt(law, heldX)) : "–",
});

/** The line in words, for those who do not see it; of the fit nothing before the reader commits. */
function said(t, laid) {
  const { law, mine, points, committed, ahead, heldX } = laid;
  if (!law) return t("few");
  if (!committed)
    return ahead.length
      ? t("say_mine", { mine: loss(lawAt(mine, heldX)) })
      : t("say_exponent", { mine: exponent(mine.b) });
  return t("say_line", {
    mine: exponent(mine.b),
    fit: exponent(law.b),
    misfit: percent(misfit(points, mine)),
    best: percent(law.rms),
  });
}

function chartWords({ t, unit, count }, laid) {
  const { axis, grid, chosen, law, mine, ahead, committed, shown, slopes } = laid;
  const losses = grid.map((r) => r.loss);
  return t(committed ? "line_alt" : "line_alt_before", {
    axis: t(`axis_${axis}`),
    n: laid.all ? grid.length : chosen.size,
    used: chosen.size,
    unit,
    mine: exponent(mine.b),
    fit: law ? exponent(law.b) : "–",
    high: loss(Math.max(...losses)),
    low: loss(Math.min(...losses)),
    band: ranged(t, slopes, exponent),
    held: ahead.length ? t(shown ? "held_alt" : "held_alt_hidden", { x: count(laid.heldX), ...heard(laid) }) : "",
  });
}

/** The sentence under the figure: once the reader has committed what the law says, and then how it did. */
function aha(t, { law, committed, shown, heldLoss, heldX, points, foretold }) {
  if (!law || !committed) return "";
  if (!(shown && foretold)) return t("aha_line_before", { factor: (10 ** -law.b).toFixed(2) });
  const is = heldLoss > foretold.high ? "above" : heldLoss < foretold.low ? "below" : "in";
  const largest = Math.max(...points.map(([a]) => a));
  return t(`aha_line_${is}`, {
    measured: loss(heldLoss),
    low: loss(foretold.low),
    high: loss(foretold.high),
    times: +(heldX / largest).toPrecision(2),
  });
}
