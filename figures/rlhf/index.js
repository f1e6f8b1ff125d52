// One conversation while a chat model is trained for reward: the reader drags the training and watches the
// reply turn, then ties it to a leash (a KL coefficient) and drags again. Charts, all eight conversations and
// tables come after. The computing is in logic.js.
// State: { beta: the coefficient (the nearest recorded one is shown), iteration: of training, seed: whose replies are read,
//          prompt: which of the questions, axis: "kl" | "iteration" }
// The recordings come from glassbox/recordings/rlhf_replies.py, by way of models/rlhf.js.
import { arrive, cardPanel, el, frame, loadFile, more, put } from "../core/index.js";
import { chartsPanel } from "./charts.js";
import { clockPanel, leashPanel } from "./controls.js";
import { Judge } from "./judge.js";
import { byBeta, MEASURES } from "./logic.js";
import { metersPanel } from "./meters.js";
import { samplesPanel } from "./samples.js";
import { statsPanel } from "./stats.js";
import strings from "./strings.json";
import css from "./style.css";
import { tablesPanel } from "./tables.js";
import { talkPanel } from "./talk.js";
import { View } from "./view.js";
import { percent, WRITE } from "./words.js";

const KEYS = ["beta", "iteration", "seed", "prompt", "axis"];

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "rlhf", css, strings, permalink: KEYS });
    const load = () => Promise.all([loadFile(model, "rlhf"), loadFile(model, "finetuning")]);
    return arrive(fig, load, ([recording, books], stops) => {
      const judge = new Judge(recording, books);
      leashed(model, fig, new View(fig, recording, judge), judge, stops);
    });
  },
};

function leashed(model, fig, view, judge, stops) {
  const { t } = fig;
  const { leash, iterations } = view;
  const on = {
    leash: choose,
    iteration: moveTo,
    axis: draw,
    seed: draw,
    prompt: draw,
    touch: () => (view.axis === "kl" ? tie : clock).focus(),
  };
  const clock = clockPanel(fig, view, on);
  const talk = talkPanel(fig, view, judge, on);
  const meters = metersPanel(fig, view);
  const tie = leashPanel(fig, view, on);
  const first = [clock, talk, meters, tie];
  const card = cardPanel(fig, "rlhf", () => leashCard(t, view, meters.bars()));
  stops.push(card.stop);
  const later = laterPanel(fig, view, judge, on, card.node);
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead")),
    el("div", { class: "stage" }, el("div", {}, clock.node, talk.node), el("div", {}, meters.node, tie.node)),
    fig.status,
    later.node,
  );

  function choose(k) {
    if (k !== view.i) {
      view.i = k;
      fig.set("beta", leash[k].beta);
    }
    moved();
  }
  function moveTo(k) {
    view.at = k;
    fig.set("iteration", iterations[k]);
    moved();
  }
  function moved() {
    draw();
    fig.saySoon(() => spoken(t, view, talk.words()));
  }
  function draw() {
    view.look();
    for (const panel of first) panel.draw();
    later.draw();
    fig.aha(aha(t, view));
  }

  fig.under(el("p", { class: "gb-muted small" }, t("simplified", { seeds: view.seeds.length })));
  fig.onChange("beta", () => {
    // from Python; fig.get would answer with the link's
    const k = byBeta(leash, Number(model.get("beta")) || 0);
    if (k !== view.i) choose(k);
  });
  fig.say("", { shown: false });
  draw();
}

/** What comes after the conversation, drawn while it is open: numbers, charts, all conversations, tables. */
function laterPanel(fig, view, judge, on, card) {
  const { t } = fig;
  const panels = [
    statsPanel(fig, view),
    chartsPanel(fig, view, on),
    samplesPanel(fig, view, judge, on),
    tablesPanel(fig, view),
  ];
  const [stats, charts, samples, tables] = panels;
  const counts = { n_runs: view.leash.length * view.seeds.length, n_betas: view.leash.length };
  const node = more(
    t("more"),
    el("p", {}, t("runs", { ...counts, seeds: view.seeds.length })),
    stats.node,
    el("div", { class: "two" }, charts.node, samples.node),
    el("p", { class: "gb-muted small" }, invented(t, view)),
    card,
    tables.node,
  );
  node.open = view.detailed;
  const draw = () => node.open && panels.forEach((panel) => panel.draw());
  node.addEventListener("toggle", draw);
  return { node, draw };
}

function spoken(t, view, reply) {
  const { now, i } = view;
  const values = Object.fromEntries(["proxy", "gold"].map((key) => [key, WRITE[key](view.own(key))]));
  return t("say", { leash: view.withLeash(i), iteration: now.iteration, reply, ...values });
}

/** The reply that the reader sees now beside the one before the training, as a picture; null before the training. */
function leashCard(t, view, bars) {
  const { now, i, k, before, prompt } = view;
  if (!now.iteration) return null;
  const where = { leash: view.withLeash(i), iteration: now.iteration };
  const said = (name, reply) => ({ name, text: reply.trim() || t("nothing") });
  return {
    headline: t("card", where),
    texts: [
      said(t("card_asked"), prompt.text),
      said(t("who_before"), before.samples[k]),
      said(t("who_after", { n: now.iteration, ...view.run }), view.replies[k]),
    ],
    bars,
    notes: [t("card_note")],
  };
}

/** What the reader has seen: nothing before the end of the free training, then that, then what a leash changed. */
function aha(t, view) {
  const { found, before, seen } = view;
  if (!seen.free) return "";
  const { peak, end, top } = found;
  const values = {
    seeds: view.seeds.length,
    loosest: view.withLeash(0),
    best: view.withLeash(found.best),
    when: t(peak.iteration ? "when_after" : "when_before", { peak: peak.iteration, last: end.iteration }),
    top_gold: WRITE.gold(top.gold.mean),
    top_right: WRITE.right(top.right.mean),
  };
  for (const key of MEASURES) {
    for (const stop of ["peak", "end"]) values[`${key}_${stop}`] = WRITE[key](found[stop][key].mean);
    values[`${key}_before`] = WRITE[key](before[key]);
  }
  return t(`aha_${found.key}`, values) + t("aha_right", values) + (seen.held ? t("aha_held", values) : "");
}

/** Of replies about strangers, how many are made up, before and after training. */
function invented(t, { before, ends }) {
  const after = ends.map((end) => end.invented.mean);
  return t("invented", {
    before: percent(before.invented),
    low: percent(Math.min(...after)),
    high: percent(Math.max(...after)),
  });
}
