// Check yourself: three to six questions, one right answer each, a reason for every option; one question at a time.
// State: { id, questions: [{ q, options: [{ text, right, why }] }], keepOrder }
import { button, el, frame, MAIN, put, store } from "../core/index.js";
import { next, prepare, score, valid } from "./logic.js";
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
  const total = quiz.questions.length;
  const kept = store("quiz", quiz.id);
  let answers = valid(quiz, kept.load({}));
  let now = next(quiz, answers, -1) ?? 0;
  const list = el("div", { class: "questions" });
  const check = button(t("check"), take, { class: "primary", ...MAIN.control });
  const onward = button(t("next"), () => go(next(quiz, answers, now), true), { class: "primary" });
  const foot = footPanel(fig, quiz, { go: (n) => go(n, true), reset });
  put(
    fig.body,
    el("div", { ...MAIN.response }, list, el("div", { class: "row" }, check, onward, fig.status)),
    foot.node,
  );

  function take() {
    const chosen = list.children[now].querySelector("input:checked");
    if (!chosen) {
      fig.say(t("choose_first"));
      list.children[now].querySelector("input").focus({ preventScroll: true });
      return;
    }
    answers[now] = Number(chosen.value);
    kept.save(answers);
    list.children[now].replaceWith(nodeOf(now));
    draw();
    const option = quiz.questions[now].options.find((o) => o.index === answers[now]);
    fig.say(t(option.right ? "right" : "wrong", { why: option.why.replaceAll("`", "") }), { shown: false });
    list.children[now].querySelector("input:checked").focus({ preventScroll: true });
  }

  /** Show question `n`; `moved` when the reader asked for it. */
  function go(n, moved) {
    now = n;
    draw();
    fig.say("");
    if (moved) list.children[now].querySelector("input:checked, input")?.focus({ preventScroll: true });
  }

  function reset() {
    answers = {};
    kept.clear();
    fill();
    go(0, true);
    fig.say(t("was_reset"));
  }

  const nodeOf = (n) => question(t, quiz.questions[n], n, total, answers[n]);
  const fill = () =>
    put(
      list,
      quiz.questions.map((_, n) => nodeOf(n)),
    );

  function draw() {
    [...list.children].forEach((node, n) => node.classList.toggle("away", n !== now)); // those are only printed
    check.hidden = answers[now] !== undefined;
    onward.hidden = !check.hidden || next(quiz, answers, now) === null;
    foot.draw(answers, now);
  }
  fill();
  draw();
}

/** A numbered button for each question, how many were right, and the way to begin anew. */
function footPanel({ t }, quiz, { go, reset }) {
  const tally = el("strong", { class: "tally" });
  const again = button(t("reset"), reset, { class: "quiet" });
  const places = quiz.questions.map((_, n) => button(String(n + 1), () => go(n), { class: "place" }));
  const node = el(
    "div",
    { class: "foot" },
    el("div", { class: "places", role: "group", "aria-label": t("places") }, places),
    tally,
    again,
    el("span", { class: "note" }, t("privacy")),
  );
  function draw(answers, now) {
    const { answered, right, total } = score(quiz, answers);
    tally.textContent = answered === total ? t("score", { right, total }) : t("progress", { answered, total });
    again.hidden = answered === 0;
    places.forEach((place, n) => {
      const option = quiz.questions[n].options.find((o) => o.index === answers[n]);
      const is = option ? (option.right ? "right" : "wrong") : "open";
      put(place, String(n + 1), option && el("span", { "aria-hidden": "true" }, option.right ? " ✓" : " ✗"));
      place.setAttribute("aria-label", t(`place_${is}`, { n: n + 1 }));
      if (n === now) place.setAttribute("aria-current", "step");
      else place.removeAttribute("aria-current");
      place.className = `gb-button place is-${is}`;
    });
  }
  return { node, draw };
}
