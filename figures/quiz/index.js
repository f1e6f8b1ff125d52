// Check yourself: three to six questions, one right answer each, a reason for every option.
// State: { id, questions: [{ q, options: [{ text, right, why }] }], keepOrder }
import { button, el, frame, put, store } from "../core/index.js";
import { prepare, score, valid } from "./logic.js";
import { question } from "./question.js";
import strings from "./strings.json";
import css from "./style.css";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "quiz", css, strings });
    try {
      show(fig, prepare({ id: model.get("id"), questions: model.get("questions"), keepOrder: model.get("keepOrder") }));
    } catch (error) {
      fig.fail(error);
    }
    return fig.destroy;
  },
};

function show(fig, quiz) {
  const { t } = fig;
  const kept = store("quiz", quiz.id);
  let answers = valid(quiz, kept.load({}));
  const list = el("div", { class: "questions" });
  const tally = el("strong", { class: "tally" });
  const reset = button(
    t("reset"),
    () => {
      answers = {};
      kept.clear();
      draw();
      fig.say(t("was_reset"));
      list.querySelector("input")?.focus();
    },
    { class: "quiet" },
  );
  put(fig.body, list, el("div", { class: "foot" }, tally, reset, el("span", { class: "note" }, t("privacy"))));

  const nodeOf = (n) =>
    question(t, quiz.questions[n], n, quiz.questions.length, answers[n], (chosen) => check(n, chosen));
  function check(n, chosen) {
    if (chosen === undefined) {
      fig.say(t("choose_first"));
      return;
    }
    answers[n] = chosen;
    kept.save(answers);
    list.children[n].replaceWith(nodeOf(n));
    foot();
    const option = quiz.questions[n].options.find((o) => o.index === chosen);
    fig.say(t(option.right ? "right" : "wrong", { why: option.why.replaceAll("`", "") }), { shown: false });
    list.children[n].querySelector("input:checked").focus({ preventScroll: true });
  }

  function foot() {
    const { answered, right, total } = score(quiz, answers);
    tally.textContent = answered === total ? t("score", { right, total }) : t("progress", { answered, total });
    reset.hidden = answered === 0;
  }
  function draw() {
    put(
      list,
      quiz.questions.map((_, n) => nodeOf(n)),
    );
    foot();
  }
  draw();
}
