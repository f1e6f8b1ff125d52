// View "line": the reader lays a line through the runs, chooses which of them are in the fit, and foretells a larger one.
import { el, put } from "../core/index.js";
import { exponent, loss, percent, QUIET, stat } from "./chart.js";
import { LaidLine } from "./laid.js";
import { lineChart } from "./line_chart.js";
import { lineControls } from "./line_controls.js";
import { interval, lawAt, misfit } from "./logic.js";
import { runName, runsTable } from "./runs_table.js";

export function lineView(ctx) {
  const { fig, t, count } = ctx;
  const laid = new LaidLine(fig, ctx);
  const changed = () => {
    draw();
    saySoon();
  };
  const controls = lineControls(ctx, laid, changed, () => {
    draw();
    if (laid.shown) fig.say(t("say_reveal", heard(laid)), QUIET);
  });
  const chart = lineChart(ctx, laid, { move: draw, grab: controls.focus, drop: saySoon, toggle });
  const table = runsTable(ctx, laid, toggle);
  const stats = el("dl", { class: "stats" });
  const few = el("p", { class: "gb-failed", hidden: true }, t("few"));
  const note = el("p", { class: "gb-muted small" });
  const node = el(
    "div",
    { class: "view" },
    controls.fit,
    few,
    el("div", { class: "two" }, chart.node, el("div", {}, controls.ends, stats, note)),
    table.node,
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
  function saySoon() {
    fig.saySoon(() => {
      const { law, mine, points } = laid;
      return law
        ? t("say_line", {
            mine: exponent(mine.b),
            fit: exponent(law.b),
            misfit: percent(misfit(points, mine)),
            best: percent(law.rms),
          })
        : t("few");
    });
  }

  function draw() {
    laid.fit();
    const { law, laws, ahead, more } = laid;
    const enough = laws.length > 20;
    const slopes = enough ? interval(laws.map((l) => l.b)) : null;
    const foretold = ahead.length && enough ? interval(laws.map((l) => lawAt(l, laid.heldX))) : null;
    few.hidden = !!law;
    chart.draw(chartWords(ctx, laid, slopes));
    controls.draw();
    table.draw();
    note.textContent = (more.length && !ahead.length ? `${t("not_larger")} ` : "") + t("hint");
    put(stats, statRows(t, laid, slopes, foretold));
    fig.aha(aha(t, laid, foretold));
  }
  return { node, draw };
}

/** The larger run as the reader's line, the fit and the measurement have it. */
const heard = ({ law, mine, heldX, heldLoss }) => ({
  measured: loss(heldLoss),
  mine: loss(lawAt(mine, heldX)),
  fit: law ? loss(lawAt(law, heldX)) : "–",
});
const ranged = (t, i, write) => (i ? t("range", { low: write(i.low), high: write(i.high) }) : t("no_band"));

function statRows(t, laid, slopes, foretold) {
  const { law, mine, points, ahead, shown, heldX } = laid;
  const losses = ahead.map((r) => r.loss);
  const measured = !shown
    ? t("not_yet")
    : ahead.length > 1
      ? t("range_seeds", { n: ahead.length, low: loss(Math.min(...losses)), high: loss(Math.max(...losses)) })
      : t("one_seed");
  return [
    stat(exponent(mine.b), t("stat_exponent")),
    law && stat(exponent(law.b), t("stat_fit"), ranged(t, slopes, exponent)),
    law && stat(percent(misfit(points, mine)), t("stat_misfit")),
    law && stat(percent(law.rms), t("stat_misfit_fit")),
    ahead.length > 0 && [
      stat(loss(lawAt(mine, heldX)), t("stat_yours")),
      law && stat(loss(lawAt(law, heldX)), t("stat_foretold"), ranged(t, foretold, loss)),
      stat(shown ? loss(laid.heldLoss) : "?", t("stat_measured"), measured),
    ],
  ];
}

function chartWords({ t, unit, count }, laid, slopes) {
  const { axis, grid, chosen, law, mine, ahead, shown } = laid;
  const losses = grid.map((r) => r.loss);
  return t("line_alt", {
    axis: t(`axis_${axis}`),
    n: grid.length,
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

/** The sentence under the figure: before the larger run is shown what the law says, and then how it did. */
function aha(t, { law, shown, heldLoss, heldX, points }, foretold) {
  if (!law) return "";
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
