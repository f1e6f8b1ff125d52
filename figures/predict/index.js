// Commit to a prediction before reading on; see it later beside what was measured.
// State: { id, question, choices: [...] | number: { min, max, step, unit }, mode: "ask" | "reveal",
//          answer (the right choice or number), measured (a sentence),
//          label (what stands before the sentence in place of "Measured") }; `choice` is the reader's.
import { el, frame, MAIN, put, store } from "../core/index.js";
import { prepare, valid } from "./logic.js";
import { committed, form, revealed, words } from "./panels.js";
import strings from "./strings.json";
import css from "./style.css";

const CHANGED = "glassbox-predict"; // tells the other figure of the page, so that it need not be reloaded

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "predict", css, strings, title: false });
    try {
      const ask = prepare(
        Object.fromEntries(["id", "question", "choices", "number"].map((key) => [key, model.get(key)])),
      );
      return show(fig, model, ask);
    } catch (error) {
      fig.fail(error);
      return fig.destroy;
    }
  },
};

function show(fig, model, ask) {
  const { t } = fig;
  const reveal = model.get("mode") === "reveal";
  const told = Object.fromEntries(["answer", "measured", "label"].map((key) => [key, model.get(key)]));
  const kept = store("predict", ask.id);
  const current = () => valid(ask, kept.load()) ?? valid(ask, model.get("choice"));
  const focus = (selector) => fig.body.querySelector(selector)?.focus({ preventScroll: true });
  const main = el("div", MAIN.response);
  put(fig.body, main);
  let skipped = false;

  const openForm = (intro) => put(main, form(fig, ask, current(), intro, commit, reveal ? skip : null));
  function commit(value) {
    const answer = valid(ask, value);
    if (answer === null) {
      fig.say(t("choose_first"));
      focus("input");
      return;
    }
    kept.save(answer);
    fig.set("choice", answer);
    draw();
    fig.say(t("committed", { answer: words(ask, answer) }), { shown: false });
    window.dispatchEvent(new CustomEvent(CHANGED, { detail: ask.id }));
    focus("[data-focus]");
  }
  function skip() {
    skipped = true;
    draw();
    fig.say(told.label || t("measured"));
  }
  function change() {
    openForm();
    focus("input:checked, input");
  }

  function draw() {
    const answer = current();
    if (reveal && (answer !== null || skipped)) put(main, revealed(fig, ask, answer, told));
    else if (answer === null) openForm(reveal && t("ask_now"));
    else put(main, committed(fig, ask, answer, change));
  }

  const hear = (event) => {
    if (event.detail === ask.id && !fig.root.contains(document.activeElement)) draw();
  };
  window.addEventListener(CHANGED, hear);
  draw();
  return () => {
    window.removeEventListener(CHANGED, hear);
    fig.destroy();
  };
}
