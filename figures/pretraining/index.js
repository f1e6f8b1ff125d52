// The training scrubber: a reader guesses when the facts come, then moves through a recorded run.
// State: { step: training step, axis: "log" | "linear", guess: "5-30-80", or "none" to look without one }
// The recording comes from glassbox/recordings/pretraining.py, by way of models/pretraining.js.
import { arrive, dataTable, el, frame, loadFile, put, radios } from "../core/index.js";
import { chartsPanel } from "./charts.js";
import { guessPanel } from "./guess.js";
import { headsPanel } from "./heads.js";
import { axis, finding, nearest, noise, REAL, tally } from "./logic.js";
import { inPages, playerPanel } from "./player.js";
import { begin } from "./run.js";
import { samplesPanel } from "./samples.js";
import strings from "./strings.json";
import css from "./style.css";
import { bits, number, percent, short } from "./words.js";

const QUIET = { shown: false }; // what is announced is in view already

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "pretraining", css, strings, permalink: ["step", "axis", "guess"] });
    return arrive(
      fig,
      () => loadFile(model, "pretraining"),
      (recording, stops) => scrubber(model, fig, begin(fig, recording), stops),
    );
  },
};

function scrubber(model, fig, run, stops) {
  const { t } = fig;
  const charts = chartsPanel(fig, run, {
    step: (i) => player.go(i),
    draft: (k, value) => guess.setDraft(k, value),
    halt: () => player.halt(),
    touch: (k) => (run.open ? player.focus() : guess.focus(k)),
  });
  const guess = guessPanel(fig, run, {
    draft: charts.draw,
    commit: opened,
    again: () => {
      player.halt();
      layout();
    },
  });
  const player = playerPanel(fig, run, draw, stops);
  const kinds = kindRadios(fig, run, charts.draw);
  const stats = el("dl", { class: "stats" });
  const samples = samplesPanel(fig, run);
  const heads = headsPanel(fig, run);
  const table = runTable(t, run);
  const { recording, frames, groups, steps } = run;
  const per = Math.min(...groups.map((g) => g.n));
  const simplified = el("p", { class: "gb-muted small" }, t("simplified", { per, noise: number(noise(per)) }));
  fig.under(simplified);

  function draw() {
    charts.draw();
    player.label();
    put(
      stats,
      [
        [short(run.now.tokens), t("read_tokens")],
        [inPages(run), t("read_pages")],
      ].map(([n, words]) => el("div", {}, el("dd", {}, n), el("dt", {}, words))),
    );
    samples.draw();
    heads.draw();
  }

  function opened() {
    layout();
    player.focus();
    fig.say(run.guess ? guess.words() : player.words(), QUIET);
  }

  function layout() {
    stats.hidden = simplified.hidden = !run.open;
    if (run.open) {
      put(
        fig.body,
        el("p", { class: "lead" }, t("run_lead")),
        el("div", { class: "gb-controls run" }, player.nodes, stats),
        fig.status,
        guess.verdict(),
        el("div", { class: "two" }, el("div", {}, charts.node, kinds.node), samples.node),
        el("div", { class: "tables" }, heads.node, table.node),
      );
      fig.aha(aha(t, recording));
      draw();
    } else {
      put(
        fig.body,
        el(
          "p",
          { class: "lead" },
          t("guess_lead", { params: number(recording.parameters), steps: number(steps), frames: frames.length }),
        ),
        el("p", {}, t("guess_ask", { n: number(recording.n_questions), question: recording.question.text })),
        charts.node,
        guess.nodes,
        fig.status,
      );
      fig.aha("");
      charts.draw();
    }
  }

  fig.onChange("step", () => {
    // from Python; fig.get would answer with the link's step
    const k = nearest(frames, Number(model.get("step")) || 0);
    if (run.open && k !== run.i) player.go(k);
  });
  fig.say("", QUIET);
  player.label();
  layout();
}

/** Steps of the axis in even parts, or by ratios. */
const kindRadios = (fig, run, draw) =>
  radios({
    legend: fig.t("axis"),
    inline: true,
    value: run.kind,
    options: ["log", "linear"].map((kind) => [kind, fig.t(`axis_${kind}`)]),
    onchange: (kind) => {
      run.kind = kind;
      run.where = axis(run.steps, kind);
      fig.set("axis", kind);
      draw();
    },
  });

/** The sentence under the figure: when the words had come, when the facts. */
function aha(t, recording) {
  const { frames } = recording;
  const found = finding(recording);
  return t(`aha_${found.key}`, {
    words: number(frames[Math.max(found.words, 0)].step),
    facts: number(frames[Math.max(found.facts, 0)].step),
    real: percent(REAL),
    covered: percent(found.covered),
    known: percent(found.known),
    times: found.times < 10 ? found.times?.toFixed(1) : number(found.times ?? 0),
  });
}

function runTable(t, { frames, groups, vocabulary }) {
  const named = groups.map((g) => `${t("named", { from: number(g.from), to: number(g.to) })}: ${g.n}`).join("; ");
  return dataTable({
    summary: t("table"),
    caption: t("table_caption", { groups: named }),
    columns: [
      ...["step", "tokens", "train", "held", "right"].map((c) => t(`col_${c}`)),
      ...groups.map((g) => t("col_group", { from: number(g.from), to: number(g.to) })),
      t("col_invented"),
    ],
    rows: frames.map((f) => {
      const { n, invented } = tally(f.samples, vocabulary);
      return [
        number(f.step),
        number(f.tokens),
        bits(f.train),
        bits(f.held_out),
        percent(f.right),
        ...f.right_by_group.map(percent),
        `${invented} / ${n}`,
      ];
    }),
  });
}
