// What the figure opens with: a question, the model's answers to it, the chance that the answer is right,
// and one slider. The chance draws its own curve above the slider, as far as the reader has been.
import { button, dataTable, el, later, MAIN, put, slider } from "../core/index.js";
import { TEMPERATURES } from "./answers.js";
import { curvePlot } from "./curve.js";
import { percent, trim, whole } from "./format.js";

const SHOWN = 4; // answers; then all the others of the kind, and what is no answer at all
const [COLD, HOT] = [0.05, 2.5]; // the reader has been at an end of the slider

/** `on.move()` hears that the temperature is another, `on.ask(fact)` that the reader wants another question. */
export function scenePanel(fig, bench, answers, on) {
  const { t } = fig;
  const { state } = bench;
  const question = el("p", { class: "ask" });
  const rows = answerRows(t);
  const chance = el("b", { class: "chance" });
  const plot = curvePlot(t);
  const heat = heatSlider(t, bench, () => {
    on.move();
    draw();
  });
  const next = nextPanel(t, bench, on.ask);
  const tables = sceneTables(t, answers);
  let been = null; // the coldest and the hottest setting that the reader has seen

  /** Another question, or the model is still at it. */
  function begin(fact) {
    put(question, `${fact.prompt} `, el("span", { class: "gap" }, "…"));
    rows.wait();
    plot.line([]);
    chance.textContent = "…";
    been = null;
    next.hint(null);
    fig.aha("");
  }

  /** All answers are read: what the rows are stays, however their shares change. */
  function arrived() {
    rows.choose(answers);
    been = [state.temperature, state.temperature];
    draw();
    filled();
  }
  function filled() {
    answers.fill(() => {
      trail();
      if (done()) find();
    });
  }

  /** The curve through every stop that has been computed. */
  function trail() {
    const stops = [...answers.known.keys()].sort((a, b) => a - b);
    plot.line(stops.map((at) => [at, answers.right(at)]));
  }
  const done = () => been !== null && been[0] <= COLD && been[1] >= HOT;
  function find() {
    const favorite = answers.sorted(0)[0];
    const numbers = {
      favorite: favorite.p > 0.5 ? favorite.text.trim() : t("none"),
      at1: whole(answers.right(1)),
      at3: whole(answers.right(3)),
    };
    fig.aha(t(answers.right(0) > 0.5 ? "aha_right" : "aha_wrong", numbers));
  }

  function draw() {
    if (!answers.read) return;
    const now = state.temperature;
    been = [Math.min(been[0], now), Math.max(been[1], now)];
    rows.draw(answers);
    chance.textContent = whole(answers.right());
    trail();
    plot.stand(now, answers.right(), been);
    next.hint(been, answers.fact);
    tables.updateSoon();
    if (done()) find();
  }

  const words = () =>
    answers.read && // another question may have been asked meanwhile
    t("say_scene", {
      temperature: trim(state.temperature, 2),
      favorite: answers.sorted()[0].text.trim(),
      share: whole(answers.sorted()[0].p),
      right: whole(answers.right()),
    });
  const node = el(
    "div",
    { class: "scene" },
    question,
    el("div", { ...MAIN.response }, rows.node, el("p", { class: "right-now" }, t("chance"), " ", chance), plot.node),
    el("div", { ...MAIN.control, class: "heat" }, heat.node, heatScale(t)),
    next.node,
  );
  /** The cuts or the penalty have changed: the curve is another. */
  function again() {
    answers.forget();
    if (!answers.read) return;
    been = [state.temperature, state.temperature];
    plot.line([]);
    draw();
    filled();
  }
  return { node, heat, tables: tables.nodes, begin, arrived, draw, again, words };
}

/** The likeliest answers, a bar each; the rows stay where they are while their shares change. */
function answerRows(t) {
  const rows = Array.from({ length: SHOWN + 2 }, () => {
    const r = { name: el("span", { class: "name" }), fill: el("span", { class: "gb-fill" }), value: el("span") };
    r.value.className = "value";
    r.node = el("li", {}, r.name, el("span", { class: "track", "aria-hidden": "true" }, r.fill), r.value);
    return r;
  });
  let shown = [];
  const write = (r, p) => {
    r.fill.style.inlineSize = `${(100 * p).toFixed(2)}%`;
    r.value.textContent = whole(p);
  };
  return {
    node: el(
      "ol",
      { class: "replies", "aria-label": t("replies") },
      rows.map((r) => r.node),
    ),
    wait() {
      rows.forEach((r, i) => {
        put(r.name, i ? "" : t("computing"));
        r.node.className = i ? "" : "waits";
        r.fill.style.inlineSize = 0;
        r.value.textContent = "";
      });
    },
    choose(answers) {
      const sorted = answers.sorted(1);
      shown = sorted.slice(0, SHOWN);
      const right = sorted.find((s) => s.right);
      if (!shown.includes(right)) shown[SHOWN - 1] = right;
      shown.forEach((s, i) => {
        rows[i].node.className = s.right ? "right" : "";
        put(rows[i].name, s.text.trim(), s.right && el("span", { class: "tick" }, ` ✓ ${t("right")}`));
      });
      put(rows[SHOWN].name, t(`wrong_${answers.fact.attribute}`));
      put(rows[SHOWN + 1].name, t("none"));
      rows.slice(SHOWN).forEach((r) => {
        r.node.className = "rest";
      });
    },
    draw(answers) {
      const all = answers.shares(answers.bench.state.temperature);
      const sum = all.reduce((a, b) => a + b, 0);
      const listed = shown.reduce((a, s) => a + all[s.i], 0);
      shown.forEach((s, i) => {
        write(rows[i], all[s.i]);
      });
      write(rows[SHOWN], Math.max(0, sum - listed));
      write(rows[SHOWN + 1], Math.max(0, 1 - sum));
    },
  };
}

function heatSlider(t, { state, set }, moved) {
  return slider({
    label: t("temperature"),
    value: state.temperature,
    min: 0,
    max: 3,
    step: 0.05,
    format: (x) => trim(x, 2),
    oninput: (x) => {
      set("temperature", x);
      moved();
    },
  });
}

/** What the slider's numbers mean, under their places. */
const heatScale = (t) =>
  el(
    "div",
    { class: "scale", "aria-hidden": "true" },
    [0, 1, 3].map((at) => el("span", { style: { "--at": at / 3 } }, el("b", {}, String(at)), " ", t(`scale_${at}`))),
  );

/** What to do next: both ends of the slider, then the other question that the model is torn over. */
function nextPanel(t, { facts }, ask) {
  const words = el("span");
  const go = button("", () => ask(go.fact), { class: "primary" });
  const torn = facts.filter((f) => f.group === "product");
  return {
    node: el("div", { class: "next" }, words, go),
    hint(been, fact) {
      const [cold, hot] = been ? [been[0] <= COLD, been[1] >= HOT] : [false, false];
      words.textContent = t(cold && hot ? "hint_more" : cold ? "hint_hot" : hot ? "hint_cold" : "hint");
      go.fact = torn.find((f) => f !== fact);
      go.hidden = !(cold && hot && go.fact);
      words.hidden = !go.hidden;
      go.textContent = go.fact ? t("ask_next", { question: go.fact.prompt }) : "";
    },
  };
}

/** The numbers behind the answers and the curve, written where somebody looks. */
function sceneTables(t, answers) {
  const shares = dataTable({
    summary: t("answers_table"),
    caption: t("answers_caption"),
    columns: ["answer", "share"].map((c) => t(`column_${c}`)),
  });
  const curve = dataTable({
    summary: t("curve_table"),
    caption: t("curve_title"),
    columns: [t("temperature"), t("right")],
  });
  function update() {
    if (!answers.read) return;
    if (shares.node.open)
      shares.update(answers.sorted().map((s) => [`${s.right ? "✓ " : ""}${s.text.trim()}`, percent(s.p)]));
    if (curve.node.open)
      curve.update(TEMPERATURES.filter((_, i) => i % 2 === 0).map((at) => [trim(at, 2), percent(answers.right(at))]));
  }
  const nodes = [shares.node, curve.node];
  for (const node of nodes) node.addEventListener("toggle", update);
  return { nodes, updateSoon: later(update, 200) };
}
