// One question to the base, the chat and the aligned model, side by side, all three run in the page.
// The computing is in logic.js, the models come one after the other, the first as soon as it is there.
// State: { question: text, form: "bare" | "paper" | "chat", temperature: number, seed: number }
import { arrive, el, frame, loadFile, loadModel, put } from "../core/index.js";
import { benchPanel } from "./bench.js";
import { layOut } from "./desk.js";
import { panesPanel } from "./panes.js";
import { questionPanel } from "./question.js";
import strings from "./strings.json";
import css from "./style.css";
import { number, percent } from "./words.js";

export default {
  render({ model, el: host }) {
    const fig = frame({
      model,
      host,
      name: "finetuning",
      css,
      strings,
      permalink: ["question", "form", "temperature", "seed"],
    });
    const load = () => Promise.all([loadFile(model, "finetuning"), loadModel(model, "base")]);
    return arrive(fig, load, ([data, base], stops) => show(model, fig, layOut(fig, data, base), stops));
  },
};

function show(model, fig, desk, stops) {
  const { t } = fig;
  const ask = () => panes.ask(question.take());
  const question = questionPanel(fig, desk, ask);
  const panes = panesPanel(fig, desk);
  const bench = benchPanel(fig, desk);
  stops.push(question.stop, panes.stop, bench.stop, () => {
    desk.alive = false;
  });
  put(
    fig.body,
    question.nodes,
    panes.nodes,
    fig.status,
    bench.nodes,
    el("div", { class: "tables" }, panes.table, bench.table),
  );
  fig.aha(aha(t, desk.data.measured));
  const { gpt } = desk.models.base;
  const parameters = gpt.blocks
    .flatMap((block) => Object.values(block))
    .reduce((n, w) => n + w.length, gpt.embed.length + gpt.head.length);
  const { n, n_strangers } = desk.data.measured;
  fig.under(
    el(
      "p",
      { class: "gb-muted small" },
      t("measured", { n: number(n), m: number(n_strangers) }),
      " ",
      t("simplified", { params: number(Math.round(parameters / 1e4) * 1e4) }),
    ),
  );
  fig.say("", { shown: false });
  ask();
  fetchOthers(model, desk, panes, ask);
}

/** The first model answers at once, the others as they come. */
async function fetchOthers(model, desk, panes, ask) {
  for (const name of desk.data.models.filter((n) => !desk.arrived(n))) {
    try {
      desk.models[name] = await loadModel(model, name);
    } catch (error) {
      panes.fail(name, error.message);
    }
    if (!desk.alive) return;
    ask();
  }
}

/** The sentence under the figure, from what was measured. */
function aha(t, m) {
  const [bare, paper] = [m.base_bare, m.base_paper];
  const aligned = (key) => (m.aligned ? t("aha_aligned", { share: percent(m.aligned[key]) }) : "");
  const formOnly =
    paper.right - bare.right > 0.3 && m.chat.right - bare.right > 0.3 && m.chat.right <= paper.right + 0.02;
  return t(formOnly ? "aha" : "aha_plain", {
    n: number(m.n),
    bare: percent(bare.right),
    paper: percent(paper.right),
    chat: percent(m.chat.right),
    aligned: aligned("right"),
    strangers: t("aha_strangers", { share: percent(m.chat.invented), aligned: aligned("invented") }),
  });
}
