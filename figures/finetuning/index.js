// One question to the base, the chat and the aligned model, side by side, all three run in the page when the reader
// asks. Then two more steps: the base model asked as the town's papers ask, and a stranger. The rest is folded.
// The computing is in logic.js, the models come one after the other, the first as soon as it is there.
// State: { question: text, form: "bare" | "paper" | "chat", temperature: number, seed: number }
import { arrive, button, el, frame, loadFile, loadModel, more, put } from "../core/index.js";
import { benchPanel } from "./bench.js";
import { layOut } from "./desk.js";
import { panesPanel } from "./panes.js";
import { questionPanel } from "./question.js";
import strings from "./strings.json";
import css from "./style.css";
import { number, percent } from "./words.js";

const KEYS = ["question", "form", "temperature", "seed"];

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "finetuning", css, strings, permalink: KEYS });
    const load = () => Promise.all([loadFile(model, "finetuning"), loadModel(model, "base")]);
    return arrive(fig, load, ([data, base], stops) => show(model, fig, layOut(fig, data, base), stops));
  },
};

function show(model, fig, desk, stops) {
  const { t } = fig;
  let asked = false;
  const ask = async () => {
    asked = true;
    if (!(await panes.ask(question.take()))) return;
    steps.look();
    fig.aha(aha(t, desk));
  };
  const question = questionPanel(fig, desk, ask);
  const panes = panesPanel(fig, desk);
  const steps = stepsPanel(fig, desk, question, ask);
  const bench = benchPanel(fig, desk);
  stops.push(question.stop, panes.stop, bench.stop, () => {
    desk.alive = false;
  });
  const folded = more(
    t("more"),
    question.more,
    panes.more,
    bench.nodes,
    el("div", { class: "tables" }, panes.table, bench.table),
  );
  put(fig.body, el("p", { class: "lead" }, t("lead")), question.nodes, panes.nodes, steps.node, fig.status, folded);
  const named = KEYS.filter((key) => fig.get(key) !== undefined);
  folded.open = named.some((key) => key !== "question");
  fig.under(el("p", { class: "gb-muted small" }, t("measured", sizes(desk)), " ", t("simplified", sizes(desk))));
  fig.say("", { shown: false });
  panes.wait();
  if (named.length) ask();
  fetchOthers(model, desk, panes, () => asked && ask());
}

/** How many questions were counted, and how large the models are. */
function sizes({ models, data }) {
  const { gpt } = models.base;
  const parameters = gpt.blocks
    .flatMap((block) => Object.values(block))
    .reduce((n, w) => n + w.length, gpt.embed.length + gpt.head.length);
  const { n, n_strangers } = data.measured;
  return { n: number(n), m: number(n_strangers), params: number(Math.round(parameters / 1e4) * 1e4) };
}

/** What to try after the first reply: the base model asked as the papers ask, and somebody whom no text names. */
function stepsPanel(fig, desk, question, ask) {
  const { t } = fig;
  const strangers = desk.data.menu.filter((m) => m.group === "never");
  let nth = -1;
  const form = button(t("step_paper"), () => {
    question.setForm(desk.form === "paper" ? "bare" : "paper");
    ask();
  });
  const stranger = button(t("step_stranger"), () => {
    nth = (nth + 1) % strangers.length;
    question.choose(strangers[nth]);
    ask();
  });
  const node = el("div", { class: "steps" }, form, stranger);
  const look = () => {
    const who = desk.asked?.who;
    node.hidden = false;
    desk.seen.plain ||= desk.form !== "paper" && who === "resident";
    desk.seen.paper ||= desk.form === "paper" && who === "resident";
    desk.seen.stranger ||= who === "stranger";
    put(form, t(desk.form === "paper" ? "step_bare" : "step_paper"));
    put(stranger, t(desk.seen.stranger ? "step_other" : "step_stranger"));
  };
  node.hidden = true;
  return { node, look };
}

/** The first model is there, the others come; a question that waits for them is put again. */
async function fetchOthers(model, desk, panes, again) {
  for (const name of desk.data.models.filter((n) => !desk.arrived(n))) {
    try {
      desk.models[name] = await loadModel(model, name);
    } catch (error) {
      panes.fail(name, error.message);
    }
    if (!desk.alive) return;
    again();
  }
}

/** The sentence under the figure, from what was measured: as much of it as the reader has come to. */
function aha(t, { data, seen }) {
  const { measured: m } = data;
  const [bare, paper] = [m.base_bare, m.base_paper];
  const also = (key) => (m.aligned ? t("aha_aligned", { share: percent(m.aligned[key]) }) : "");
  const formOnly =
    paper.right - bare.right > 0.3 && m.chat.right - bare.right > 0.3 && m.chat.right <= paper.right + 0.02;
  const values = { n: number(m.n), bare: percent(bare.right), chat: percent(m.chat.right), aligned: also("right") };
  return [
    seen.plain && t("aha_plain", values),
    seen.paper && t(formOnly ? "aha_form" : "aha_paper", { paper: percent(paper.right), n: number(m.n) }),
    seen.stranger && t("aha_strangers", { share: percent(m.chat.invented), aligned: also("invented") }),
  ]
    .filter(Boolean)
    .join(" ");
}
