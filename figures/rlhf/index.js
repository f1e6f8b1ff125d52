// The leash: training runs for reward, recorded under several KL coefficients. The reader drags the
// coefficient and reads what the score, the gold and the replies became. The computing is in logic.js.
// State: { beta: the coefficient (the nearest recorded one is shown), iteration: of training, seed: whose replies are read,
//          axis: "kl" | "iteration" }
// The recording comes from glassbox/recordings/rlhf.py, by way of models/rlhf.js.
import { arrive, el, frame, loadFile, put } from "../core/index.js";
import { chartsPanel } from "./charts.js";
import { controlsPanel } from "./controls.js";
import { byBeta, finding, MEASURES } from "./logic.js";
import { samplesPanel } from "./samples.js";
import strings from "./strings.json";
import css from "./style.css";
import { tablesPanel } from "./tables.js";
import { View } from "./view.js";
import { percent, WRITE } from "./words.js";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "rlhf", css, strings, permalink: ["beta", "iteration", "seed", "axis"] });
    const load = () => Promise.all([loadFile(model, "rlhf"), loadFile(model, "finetuning")]);
    return arrive(fig, load, ([recording, books]) => leashed(model, fig, new View(fig, recording), books));
  },
};

function leashed(model, fig, view, books) {
  const { t } = fig;
  const { leash, iterations, seeds } = view;
  const on = { leash: choose, iteration: moveTo, axis: () => draw(), touch: () => controls.focus() };
  const controls = controlsPanel(fig, view, on);
  const charts = chartsPanel(fig, view, on);
  const samples = samplesPanel(fig, view, books);
  const tables = tablesPanel(fig, view);
  put(
    fig.body,
    el(
      "p",
      { class: "lead" },
      t("lead", { n_runs: leash.length * seeds.length, n_betas: leash.length, seeds: seeds.length }),
    ),
    controls.node,
    fig.status,
    el("div", { class: "two" }, charts.node, samples.node),
    tables.node,
  );

  function choose(k) {
    if (k !== view.i) {
      view.i = k;
      fig.set("beta", leash[k].beta);
    }
    draw();
    saySoon();
  }
  function moveTo(k) {
    view.at = k;
    fig.set("iteration", iterations[k]);
    draw();
    saySoon();
  }
  function saySoon() {
    const { now, i } = view;
    const values = Object.fromEntries(MEASURES.map((key) => [key, WRITE[key](now[key].mean)]));
    fig.saySoon(() => t("say", { leash: view.withLeash(i), iteration: now.iteration, ...values }));
  }
  function draw() {
    for (const panel of [controls, charts, samples, tables]) panel.draw();
  }

  fig.aha(aha(t, view));
  fig.under(el("p", { class: "gb-muted small" }, t("simplified", { seeds: seeds.length })));
  fig.onChange("beta", () => {
    // from Python; fig.get would answer with the link's
    const k = byBeta(leash, Number(model.get("beta")) || 0);
    if (k !== view.i) choose(k);
  });
  fig.say("", { shown: false });
  draw();
}

/** The sentence under the figure: what the loosest leash came to, what the best one bought, and the inventions. */
function aha(t, view) {
  const { recording, before, ends } = view;
  const found = finding(recording);
  const invented = ends.map((end) => end.invented.mean);
  const values = {
    loosest: view.withLeash(0),
    best: view.withLeash(found.best),
    peak: found.peak.iteration,
    last: found.end.iteration,
    top_gold: WRITE.gold(found.top.gold.mean),
  };
  for (const key of MEASURES) {
    for (const stop of ["peak", "end"]) values[`${key}_${stop}`] = WRITE[key](found[stop][key].mean);
    values[`${key}_before`] = WRITE[key](before[key]);
  }
  return (
    [`aha_${found.key}`, "aha_bought"].map((key) => t(key, values)).join("") +
    t("aha_invented", {
      before: percent(before.invented),
      low: percent(Math.min(...invented)),
      high: percent(Math.max(...invented)),
    })
  );
}
