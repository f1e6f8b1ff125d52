// Check yourself: three to six questions, one right answer each, a reason for every option.
// State: { id, questions: [{ q, options: [{ text, right, why }] }], keepOrder }
import { button, el, frame, inline, put, store, uid } from "../core/index.js";
import { prepare, score, valid } from "./logic.js";
import strings from "./strings.json";
import css from "./style.css";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "quiz", css, strings });
    const { t } = fig;
    let quiz;
    try {
      quiz = prepare({ id: model.get("id"), questions: model.get("questions"), keepOrder: model.get("keepOrder") });
    } catch (error) {
      fig.fail(error);
      return fig.destroy;
    }
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

    function question({ q, options }, n) {
      const done = n in answers;
      const group = uid("quiz");
      const node = el("fieldset", { class: `question ${done ? "answered" : ""}` });
      const choice = (option) => {
        const id = uid("choice");
        const why = uid("why");
        const yours = answers[n] === option.index;
        const mark = [
          option.right && `✓ ${t("mark_right")}`,
          yours && `${option.right ? "· " : "✗ "}${t("mark_yours")}`,
        ].filter(Boolean);
        const input = el("input", {
          type: "radio",
          id,
          name: group,
          value: option.index,
          checked: yours,
          disabled: done && !yours,
          "data-lm-suppress-shortcuts": "true",
          "aria-describedby": done ? why : null,
        });
        return el(
          "div",
          { class: `choice ${done ? (option.right ? "is-right" : "is-wrong") : ""} ${yours ? "is-yours" : ""}` },
          input,
          el(
            "label",
            { for: id },
            inline(option.text),
            done && mark.length ? el("span", { class: "mark" }, mark.join(" ")) : null,
          ),
          done ? el("p", { class: "why", id: why }, inline(option.why)) : null,
        );
      };
      const check = button(t("check"), () => {
        const chosen = node.querySelector("input:checked");
        if (!chosen) {
          fig.say(t("choose_first"));
          return;
        }
        answers[n] = Number(chosen.value);
        kept.save(answers);
        const option = options.find((o) => o.index === answers[n]);
        node.replaceWith(question({ q, options }, n));
        foot();
        fig.say(t(option.right ? "right" : "wrong", { why: option.why.replaceAll("`", "") }), { shown: false });
        const next = list.querySelectorAll("fieldset")[n];
        next.querySelector("input:checked").focus({ preventScroll: true });
      });
      return put(
        node,
        el(
          "legend",
          {},
          el("span", { class: "count" }, t("number", { n: n + 1, total: quiz.questions.length })),
          inline(q),
        ),
        el("div", { class: "choices" }, options.map(choice)),
        done ? null : check,
      );
    }

    function foot() {
      const { answered, right, total } = score(quiz, answers);
      tally.textContent = answered === total ? t("score", { right, total }) : t("progress", { answered, total });
      reset.hidden = answered === 0;
    }

    function draw() {
      put(list, quiz.questions.map(question));
      foot();
    }
    draw();
    return fig.destroy;
  },
};
