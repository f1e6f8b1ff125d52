// The training scrubber: a reader guesses when the facts come, then moves through a recorded run.
// State: { step: training step, axis: "log" | "linear", guess: "5-30-80", or "none" to look without one }
// The recording comes from glassbox/recordings/pretraining.py, by way of models/pretraining.js.
import { arrive, dataTable, el, frame, loadFile, MAIN, more, put, radios } from "../core/index.js";
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
  const found = finding(recording);
  const per = Math.min(...groups.map((g) => g.n));
  const simplified = el("p", { class: "gb-muted small" }, t("simplified", { per, noise: number(noise(per)) }));
  const rest = more(t("more"), stats, samples.others, kinds.node, heads.node, table.node, simplified);
  rest.open = run.kind === "linear"; // a link that sets what stands in here

  const question = el(
    "p",
    { class: "lead" },
    t("guess_lead", { params: number(recording.parameters), steps: number(steps) }),
    " ",
    el("b", {}, t("guess_ask", { n: number(recording.n_questions), question: recording.question.text })),
  );

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
    run.seen = Math.max(run.seen, run.i);
    fig.aha(run.seen >= Math.max(found.facts, 0) ? aha(t, recording, found) : ""); // not before the reader was there
  }

  function opened() {
    layout();
    player.focus();
    fig.say(run.guess ? guess.words() : player.words(), QUIET);
  }

  function layout() {
    if (run.open) {
      put(
        fig.body,
        el(
          "div",
          { class: "two" },
          el("div", {}, charts.node, fig.status, guess.verdict()),
          el(
            "div",
            {},
            el("div", { ...MAIN.control, class: "run" }, player.nodes),
            el("div", MAIN.response, samples.node),
          ),
        ),
        rest,
      );
      draw();
    } else {
      put(
        fig.body,
        question,
        el("div", { class: "two" }, el("div", MAIN.response, charts.node), el("div", {}, guess.nodes, fig.status)),
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
function aha(t, recording, found) {
  const { frames } = recording;
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
