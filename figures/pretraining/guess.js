// The guess: how many facts will be right at three steps of the run, before the run is shown.
import { button, el, MAIN, put, slider } from "../core/index.js";
import { verdict } from "./logic.js";
import { number, percent } from "./words.js";

/** `on.draft()` hears every move, `on.commit()` that the run may be shown, `on.again()` that it is hidden anew. */
export function guessPanel(fig, run, on) {
  const { t } = fig;
  const { frames, questions } = run;
  const sliders = questions.map((q, k) =>
    slider({
      label: t(q === frames.length - 1 ? "guess_end" : "guess_at", { step: number(frames[q].step) }),
      min: 0,
      max: 100,
      step: 1,
      value: run.draft[k],
      format: (x) => `${x}%`,
      oninput: (x) => setDraft(k, x),
    }),
  );

  function setDraft(k, value) {
    run.draft = run.draft.map((x, n) => (n === k ? value : x));
    if (sliders[k].value !== value) sliders[k].value = value;
    on.draft();
  }

  function commit(draft) {
    run.guess = draft;
    if (draft) run.kept.save(draft.join("-"));
    fig.set("guess", draft ? draft.join("-") : "none");
    run.open = true;
    on.commit();
  }

  function again() {
    run.kept.clear();
    run.open = false;
    fig.set("guess", null);
    on.again();
    sliders[0].input.focus({ preventScroll: true });
    fig.say(t("say_again"), { shown: false });
  }

  const words = () => {
    const { mean, worst } = verdict(frames, questions, run.guess);
    return t("say_guess", {
      mean: number(mean),
      step: number(worst.step),
      guess: `${worst.guess}%`,
      real: percent(worst.real / 100),
    });
  };
  const line = el("p", { class: "guess-verdict" });
  return {
    nodes: [
      el(
        "div",
        { ...MAIN.control, class: "guesses" },
        sliders.map((s) => s.node),
      ),
      el(
        "div",
        { class: "buttons" },
        button(t("commit"), () => commit(run.draft), { class: "primary" }),
        button(t("skip"), () => commit(null), { class: "quiet" }),
      ),
    ],
    setDraft,
    words,
    focus: (k) => sliders[k].input.focus({ preventScroll: true }),
    /** What became of the guess, and the way back to it. */
    verdict: () => put(line, run.guess && [words(), " "], button(t("again"), again, { class: "quiet" })),
  };
}
