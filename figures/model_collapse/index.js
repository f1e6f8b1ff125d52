// The copying game: a model writes, the next one reads that and writes; drag through ten generations. A board of lamps for each
// of four diets (which facts are still told), and a page of the town as the chosen one fills it in. Behind "More" a chart and
// all diets in a table.
// State: { generation: from 0, diet: "own" | "cautious" | "mixed" | "accumulated", measure: what the chart shows (opens "More") }
// The recording comes from glassbox/recordings/model_collapse.py, by way of models/model_collapse.js.
import { arrive, el, frame, loadFile, MAIN, put, slider } from "../core/index.js";
import { boardsPanel } from "./boards.js";
import { countLit, countRight, dietOf, finding, generations, last, nearest, pageOf, percent } from "./logic.js";
import { morePanel } from "./more.js";
import { pagePanel } from "./page.js";
import strings from "./strings.json";
import css from "./style.css";

export default {
  render({ model, el: host }) {
    const permalink = ["generation", "diet", "measure"];
    const fig = frame({ model, host, name: "model_collapse", css, strings, permalink });
    return arrive(
      fig,
      () => loadFile(model, "model_collapse"),
      (recording) => game(fig, recording),
    );
  },
};

function game(fig, data) {
  const { t } = fig;
  const state = { generation: nearest(data, fig.get("generation", 0)), diet: dietOf(fig.get("diet", "own")) };
  const boards = boardsPanel(fig, data, state, (diet) => {
    state.diet = diet;
    fig.set("diet", diet);
    draw();
    fig.say(said(), { shown: false });
  });
  const page = pagePanel(fig);
  const generation = slider({
    label: t("generation"),
    min: 0,
    max: last(data),
    step: 1,
    value: state.generation,
    format: (i) => t(i ? "generation_value" : "generation_first", { n: i }),
    oninput: (i) => {
      state.generation = i;
      fig.set("generation", i);
      draw();
      fig.saySoon(said());
    },
  });
  const row = () => generations(data, state.diet)[state.generation];
  function said() {
    const lines = pageOf(data, row());
    const values = { diet: t(`diet_${state.diet}`), n: state.generation, lit: countLit(row()), of: data.times.length };
    return t("say", { ...values, right: countRight(lines), lines: lines.length });
  }
  function draw() {
    boards.draw();
    page.draw(pageOf(data, row()), state);
    const found = state.generation === last(data) && finding(data);
    fig.aha(found ? t("aha", { n: last(data), own: percent(found.own), kept: percent(found.kept) }) : "");
  }
  const { residents, sentences } = data.settings;
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead", { residents, sentences: sentences.toLocaleString("en-US") })),
    el("div", { class: "choose", ...MAIN.control }, generation.node),
    el("div", { class: "two", ...MAIN.response }, boards.node, page.node),
    boards.choice,
    fig.status,
  );
  const note = t("simplified", { seeds: data.settings.seeds.length, steps: data.settings.steps });
  fig.under(morePanel(fig, data), el("p", { class: "gb-muted small" }, note));
  fig.say("", { shown: false });
  draw();
}
