// Take a passage away: four passages that a search found, and the reply that a model gave with exactly those that
// are on the desk. Behind "More" are other questions, among them one with a planted passage, and all replies.
// State: { question: the kind of a desk, kept: the letters of the passages on it, or "none" }
// The recording comes from glassbox/recordings/retrieval.py, by way of models/retrieval.js.
import { arrive, el, frame, loadFile, MAIN, more, put, radios } from "../core/index.js";
import { cardsPanel } from "./cards.js";
import { compared, keptFrom, keptText, LETTERS, leaning, replyTo } from "./logic.js";
import { replyPanel } from "./reply.js";
import strings from "./strings.json";
import css from "./style.css";
import { tablePanel } from "./table.js";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "retrieval", css, strings, permalink: ["question", "kept"] });
    return arrive(
      fig,
      () => loadFile(model, "retrieval"),
      (recording) => library(fig, recording),
    );
  },
};

function library(fig, { desks }) {
  const { t } = fig;
  const asked = fig.get("question", null);
  const desk = desks.find((d) => d.kind === asked) ?? desks[0];
  const state = { desk, kept: keptFrom(fig.get("kept", "")), before: null, leaned: "" };
  const cards = cardsPanel(fig, state, toggle);
  const reply = replyPanel(fig, state);
  const table = tablePanel(fig, state);
  const question = el("p", { class: "asked" });
  const rest = more(t("more"), questionsPanel(fig, desks, state, turnTo), table.node);
  rest.open = desks.some((d) => d.kind === asked);

  function toggle(i, on) {
    state.before = replyTo(state.desk, state.kept);
    state.kept = state.kept.map((was, k) => (k === i ? on : was));
    const changes = compared(replyTo(state.desk, state.kept), state.before);
    if (!on && changes.some((c) => c.changed && c.before.letter === LETTERS[i])) state.leaned = LETTERS[i];
    fig.set("kept", keptText(state.kept));
    draw();
  }
  function turnTo(next) {
    Object.assign(state, { desk: next, kept: keptFrom(""), before: null, leaned: "" });
    fig.set("question", next.kind);
    fig.set("kept", keptText(state.kept));
    draw();
  }
  function draw() {
    put(question, el("span", { class: "gb-muted" }, `${t("question")}: `), state.desk.question);
    cards.draw();
    reply.draw();
    table.draw();
    fig.saySoon(() => said(t, state));
    fig.aha(state.leaned ? lesson(t, desks, state.leaned) : "");
  }
  put(
    fig.body,
    question,
    el("div", { class: "desk", ...MAIN.control }, cards.node),
    el("div", MAIN.response, reply.node),
    fig.status,
  );
  fig.under(rest, el("p", { class: "gb-muted small" }, t("simplified")));
  draw();
}

/** The reply as it is read aloud. */
function said(t, { desk, kept }) {
  const letters = keptText(kept);
  const words = letters === "none" ? t("say_none") : t("say_some", { letters: [...letters].join(", ") });
  const reply = replyTo(desk, kept).map((s) => s.text + (s.letter ? ` [${s.letter}]` : ""));
  return t("say", { kept: words, reply: reply.join(" ") });
}

/** Once a sentence was seen to fall with the passage that it cites: how often that is so. */
function lesson(t, desks, letter) {
  const { cited, other } = leaning(desks);
  return t("aha", {
    letter,
    desks: desks.length,
    cited_changed: cited.changed,
    cited_of: cited.of,
    other_changed: other.changed,
    other_of: other.of,
  });
}

function questionsPanel({ t }, desks, state, onchange) {
  return radios({
    legend: t("choose"),
    value: state.desk.kind,
    options: desks.map((d) => [d.kind, t("choose_value", { question: d.question, kind: t(`kind_${d.kind}`) })]),
    onchange: (kind) => onchange(desks.find((d) => d.kind === kind)),
  }).node;
}
