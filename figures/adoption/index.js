// Draw your guess: how many will use it, seen from the end of 2024; then what surveys, estimates and companies counted
// since, and the band of curves that knew no more than the reader.
// State: { what: "users" | "adults" | "firms", guess: "400-500-600" at the three times asked, or "none" to look at once }
// The numbers come from glassbox/society/adoption.json, by way of models/adoption.js.
import {
  arrive,
  button,
  dataTable,
  el,
  frame,
  loadFile,
  MAIN,
  more,
  put,
  select,
  slider,
  store,
} from "../core/index.js";
import { chartPanel } from "./chart.js";
import { grain, guessLine, known, later, missed, parseGuess, sides } from "./logic.js";
import strings from "./strings.json";
import css from "./style.css";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "adoption", css, strings, permalink: ["what", "guess"] });
    return arrive(
      fig,
      () => loadFile(model, "adoption"),
      (data) => drawing(fig, data),
    );
  },
};

function drawing(fig, data) {
  const { t } = fig;
  const kept = (view) => store("adoption", `guess-${view.id}`);
  const state = begin(fig, data, kept);
  const chart = chartPanel(fig, data, state, {
    draft,
    touch: (k) => handles()[k].input.focus({ preventScroll: true }),
  });
  const rows = el("div", { class: "guesses", ...MAIN.control });
  const [lead, key, bar, table] = [
    el("p", { class: "lead" }),
    el("ul", { class: "key" }),
    el("div", { class: "bar" }),
    el("div"),
  ];
  let sliders = [];
  const handles = () => sliders;
  const what = select({
    label: t("what"),
    options: data.views.map((v) => [v.id, t(`view_${v.id}`)]),
    value: state.view.id,
    onchange: (id) => {
      take(state, data, id, kept);
      fig.set("what", id);
      fig.set("guess", state.open ? state.guess.join("-") : null);
      layout();
    },
  });

  function draft(k, value) {
    state.guess[k] = value;
    state.drawn = true;
    if (sliders[k].value !== value) sliders[k].value = value;
    if (state.open) fig.set("guess", state.guess.join("-"));
    draw();
  }

  function reveal(open) {
    state.open = open;
    state.drawn = true;
    if (open) kept(state.view).save(state.guess.join("-"));
    else kept(state.view).clear();
    fig.set("guess", open ? state.guess.join("-") : null);
    draw();
    fig.say(open ? verdict(t, state.view, data, state.guess) : t("say_again"));
  }

  function layout() {
    const { view } = state;
    sliders = data.asked.map((_, k) =>
      slider({
        label: t(`at_${k}`),
        min: 0,
        max: view.top,
        step: grain(view.top),
        value: state.guess[k],
        format: (v) => t(`value_${view.id}`, { v }),
        oninput: (v) => draft(k, v),
      }),
    );
    put(lead, t(`ask_${view.id}`, { last: known(view.main, data.cut).at(-1).v }));
    put(
      rows,
      sliders.map((s) => s.node),
    );
    fig.say("", { shown: false });
    draw();
  }

  function draw() {
    const { view, open, guess } = state;
    chart.draw();
    put(key, keyOf(t, view, open));
    put(
      bar,
      button(t(open ? "again" : "show"), () => reveal(!open), { class: open ? "quiet" : "primary" }),
    );
    put(table, open && tableOf(t, view, data));
    fig.aha(open ? lesson(t, view, data) : "");
    if (open && state.drawn) fig.saySoon(() => verdict(t, view, data, guess));
  }

  put(
    fig.body,
    what.node,
    lead,
    el("div", { class: "two" }, el("div", MAIN.response, chart.node, key), el("div", {}, rows, bar, fig.status)),
  );
  fig.under(more(t("more"), table, el("p", { class: "gb-muted small" }, t("simplified"))));
  layout();
}

/** The view that is shown, the reader's guess there, whether the reader drew it, and whether it is open. */
function begin(fig, data, kept) {
  const state = {};
  take(state, data, fig.get("what", "users"), kept);
  const given = fig.get("guess", "");
  const linked = parseGuess(given, data.asked.length, state.view.top);
  if (linked) state.guess = linked;
  state.drawn ||= linked !== null;
  state.open ||= linked !== null || given === "none";
  return state;
}

function take(state, data, id, kept) {
  state.view = data.views.find((v) => v.id === id) ?? data.views[0];
  const found = parseGuess(kept(state.view).load(""), data.asked.length, state.view.top);
  const last = known(state.view.main, data.cut).at(-1).v;
  const level = Math.round(last / grain(state.view.top)) * grain(state.view.top);
  state.guess = found ?? data.asked.map(() => level);
  state.open = found !== null;
  state.drawn = state.open;
}

function verdict(t, view, data, guess) {
  const came = later(view.main, data.cut);
  const off = Math.round(missed(guessLine(view, data, guess), came));
  const curve = Math.round(missed(view.band, came, 2));
  return t("say", { off: t(`off_${view.id}`, { v: off }), curve: t(`off_${view.id}`, { v: curve }) });
}

/** Which side of the band the counts came out on, in one sentence. */
function lesson(t, view, data) {
  const { above, inside, below } = sides(view.band, later(view.main, data.cut));
  const of = above + inside + below;
  return t(above === of ? "aha_above" : inside === of ? "aha_inside" : "aha_mixed", { above, inside, below, of });
}

/** The marks that this view has, by shape: hollow where only others counted so. */
function keyOf(t, view, open) {
  const has = (rows, kind) => rows.some((m) => m.kind === kind);
  const kinds = ["survey", "estimate", "claim"].filter((kind) => has([...view.main, ...view.others], kind));
  const item = (is, text) => el("li", {}, is && el("span", { class: is }), text);
  return [
    ...kinds.map((kind) => item(`sign mark ${kind} ${has(view.main, kind) ? "" : "other"}`, t(`kind_${kind}`))),
    item("", t(`other_${view.id}`)),
    item("sign dash", t("yours")),
    ...(open ? [item("sign patch", t("fitted"))] : []),
  ];
}

function tableOf(t, view, data) {
  const rows = [...view.main, ...view.others].sort((a, b) => a.t - b.t);
  return dataTable({
    summary: t("table"),
    caption: t("table_caption", { low: Math.round(view.band.at(-1)[1]), high: Math.round(view.band.at(-1)[3]) }),
    columns: [t("col_date"), t(`view_${view.id}`), t("col_kind"), t("col_who"), t("col_fitted")],
    rows: rows.map((m) => [
      m.date,
      t(`value_${view.id}`, { v: m.v }),
      t(`kind_${m.kind}`),
      m.who,
      t(view.main.includes(m) && m.t < data.cut ? "yes" : "no"),
    ]),
  }).node;
}
