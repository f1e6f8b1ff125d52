// The sampling bench. It opens on one question and one slider: the answers of the trained model, and the chance that
// a sampled one is right. Behind "More": the next-token distribution under every setting, and dice to throw with it.
// The computing is in logic.js.
import { arrive, el, frame, loadFile, loadModel, more, put } from "../core/index.js";
import { Answers } from "./answers.js";
import { layOut, START } from "./bench.js";
import { number } from "./format.js";
import { labPanel } from "./lab.js";
import { scenePanel } from "./scene.js";
import strings from "./strings.json";
import css from "./style.css";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "softmax_sampling", css, strings, permalink: Object.keys(START) });
    const load = () => Promise.all([loadModel(model, "base"), loadFile(model, "softmax_sampling")]);
    return arrive(fig, load, ([trained, facts], stops) => show(fig, layOut(fig, trained, facts), stops));
  },
};

function show(fig, bench, stops) {
  const { t } = fig;
  const answers = new Answers(bench);
  const { facts, state } = bench;
  const asked = facts.find((f) => f.prompt === state.fact) ?? facts.find((f) => f.prompt === state.prompt);
  const scene = scenePanel(fig, bench, answers, {
    move() {
      lab.changed();
      if (!lab.awake) fig.saySoon(scene.words);
    },
    ask: (fact) => {
      scene.heat.value = 1;
      bench.set("temperature", 1);
      lab.changed();
      ask(fact);
    },
  });
  const lab = labPanel(fig, bench, answers, {
    heat: scene.heat,
    ask,
    changed: scene.again,
  });

  async function ask(fact, { mine = true } = {}) {
    if (mine) bench.set("fact", fact.prompt);
    scene.begin(fact);
    const done = answers.ask(fact);
    lab.asked();
    if (!(await done)) return;
    scene.arrived();
    lab.asked();
    if (mine && !lab.awake) fig.say(scene.words(), { shown: false });
  }

  const fold = more(t("more"), lab.nodes, el("div", { class: "tables" }, scene.tables, lab.tables));
  fold.addEventListener("toggle", () => fold.open && lab.wake());
  put(fig.body, scene.node, fold);
  fig.under(el("p", { class: "gb-muted small" }, simplified(t, bench)));
  stops.push(lab.stop, () => answers.stop());
  ask(asked ?? facts[0], { mine: false });
  const inside = ["prompt", "top_k", "top_p", "min_p", "penalty", "seed"];
  if (inside.some((key) => fig.get(key, START[key]) !== START[key])) {
    fold.open = true;
    lab.wake();
  }
}

function simplified(t, { gpt, vocab }) {
  const parameters = [gpt.embed, gpt.head, ...gpt.blocks.flatMap((b) => Object.values(b))].reduce(
    (n, w) => n + (w?.length ?? 0),
    0,
  );
  return t("simplified", { params: number(Math.round(parameters / 1e4) * 1e4), vocab: number(vocab) });
}
