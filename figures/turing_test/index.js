// Turing's game with sentences: four endings of one beginning, one of them composed for this book. The reader picks, sees who
// wrote which, and what blind guessing would have got. Behind "More": whom the reader took for the writer.
// State: { item: which beginning, from 0 }. Guesses stay in this browser.
// The programs' endings come from glassbox/recordings/chinese_room.py, by way of models/turing_test.js.
import { arrive, button, dataTable, el, frame, loadFile, MAIN, more, put, store } from "../core/index.js";
import { byLuck, CHANCE, finding, firstOpen, laidOut, mended, numberOf, scoreOf, taken } from "./logic.js";
import { scorePanel } from "./score.js";
import strings from "./strings.json";
import css from "./style.css";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "turing_test", css, strings, permalink: ["item"] });
    return arrive(
      fig,
      () => loadFile(model, "turing_test"),
      (recorded) => game(fig, recorded),
    );
  },
};

function game(fig, { items }) {
  const { t } = fig;
  const kept = store("turing_test", "guesses");
  const guesses = mended(items, kept.load([]));
  const state = { item: numberOf(items, fig.get("item", firstOpen(guesses))), guesses };
  const prompt = el("p", { class: "prompt" });
  const choices = el("div", { class: "endings", role: "group", "aria-label": t("group"), ...MAIN.control });
  const meter = scorePanel(fig);
  const next = button(t("next"), () => turn(state.item + 1), { class: "primary" });
  const table = whoTable(t);

  function pick(by) {
    state.guesses[state.item] = by;
    kept.save(state.guesses);
    draw();
    fig.say(verdict(t, state));
    next.focus({ preventScroll: true });
  }
  function turn(to) {
    state.item = numberOf(items, to);
    fig.set("item", state.item);
    draw();
    fig.say(state.guesses[state.item] ? t("again", counted(state.guesses)) : t("ask"));
    choices.querySelector("button")?.focus({ preventScroll: true });
  }
  function forget() {
    state.guesses = mended(items, []);
    kept.clear();
    draw();
    fig.say(t("forgotten"));
  }
  function draw() {
    const { kind, prompt: text } = items[state.item];
    put(
      prompt,
      el("span", { class: "gb-muted" }, t("round", { i: state.item + 1, of: items.length })),
      el("q", { class: kind }, `${text} …`),
    );
    const guess = state.guesses[state.item];
    put(
      choices,
      laidOut(items, state.item).map((ending, i) => card(t, ending, i, guess, pick)),
    );
    meter.draw(state.guesses);
    table.update(taken(state.guesses).map(({ by, n }) => [t(`by_${by}`), n]));
    next.hidden = !guess;
    fig.aha(lesson(t, state.guesses));
  }
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead")),
    prompt,
    choices,
    el("div", { class: "answer", ...MAIN.response }, fig.status, el("div", { class: "row" }, meter.node, next)),
  );
  const who = ["written", "model", "dice", "book", "count"].map((by) => el("li", {}, t(`who_${by}`)));
  const rest = more(t("more"), el("ul", {}, who), table.node, button(t("forget"), forget, { class: "quiet" }));
  fig.under(rest, el("p", { class: "gb-muted small" }, t("note")));
  draw();
  fig.say(state.guesses[state.item] ? t("again", counted(state.guesses)) : t("ask"));
}

/** An ending to pick; once there is a guess, who wrote it. */
function card(t, { by, text }, i, guess, pick) {
  const letter = "ABCD"[i];
  const words = [el("b", {}, letter), el("span", {}, `… ${text}`)];
  if (!guess)
    return el(
      "div",
      { class: "ending" },
      button(words, () => pick(by), { class: "pick" }),
    );
  const is = ["ending", "known", by === "written" && "true", by === guess && "mine"].filter(Boolean).join(" ");
  const mark = by === "written" ? "✓ " : "";
  const mine = by === guess && el("span", { class: "tag" }, t("yours"));
  return el(
    "div",
    { class: is },
    el("p", {}, words),
    el("p", { class: "by" }, `${mark}${t(`by_${by}`)}`, mine && " ", mine),
  );
}

function counted(guesses) {
  const { n, right } = scoreOf(guesses);
  return { n, right, blind: (n * CHANCE).toLocaleString("en-US", { maximumFractionDigits: 2 }) };
}

function verdict(t, { item, guesses }) {
  const by = guesses[item];
  return by === "written" ? t("right", counted(guesses)) : t("wrong", { ...counted(guesses), by: t(`by_${by}`) });
}

function lesson(t, guesses) {
  const found = finding(guesses);
  if (found === "none") return "";
  const { n, right } = scoreOf(guesses);
  if (found === "few" && right === 0) return t("aha_start");
  return t(`aha_${found}`, { n, right, luck: Math.round(100 * byLuck(right, n)) });
}

const whoTable = (t) => dataTable({ summary: t("table"), caption: t("caption"), columns: [t("col_who"), t("col_n")] });
