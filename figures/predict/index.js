// Commit to a prediction before reading on; see it later beside what was measured.
// State: { id, question, choices: [...] | number: { min, max, step, unit }, mode: "ask" | "reveal",
//          answer (the right choice or number), measured (a sentence) }; `choice` is the reader's.
import { button, el, frame, inline, put, radios, slider, store } from "../core/index.js";
import { compare, place, prepare, shown, valid } from "./logic.js";
import strings from "./strings.json";
import css from "./style.css";

const CHANGED = "glassbox-predict"; // tells the other figure of the page, so that it need not be reloaded

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "predict", css, strings, title: false });
    const { t } = fig;
    const reveal = model.get("mode") === "reveal";
    let ask;
    try {
      ask = prepare(Object.fromEntries(["id", "question", "choices", "number"].map((key) => [key, model.get(key)])));
    } catch (error) {
      fig.fail(error);
      return fig.destroy;
    }
    const kept = store("predict", ask.id);
    let skipped = false;
    const words = (answer) => (ask.number ? shown(ask.number, answer) : answer);
    const current = () => valid(ask, kept.load()) ?? valid(ask, model.get("choice"));
    const title = (key) => el("p", { class: "gb-title" }, t(key));

    function form(intro) {
      const control = ask.number
        ? slider({
            label: t("your_estimate"),
            ...ask.number,
            value: current() ?? ask.number.start,
            format: (x) => shown(ask.number, x),
          })
        : radios({
            legend: inline(ask.question),
            options: ask.choices.map((c) => [c, inline(c)]),
            value: current() ?? undefined,
          });
      const commit = button(
        t("commit"),
        () => {
          const answer = valid(ask, control.value);
          if (answer === null) {
            fig.say(t("choose_first"));
            return;
          }
          kept.save(answer);
          fig.set("choice", answer);
          draw();
          fig.say(t("committed", { answer: words(answer) }), { shown: false });
          window.dispatchEvent(new CustomEvent(CHANGED, { detail: ask.id }));
          fig.body.querySelector("[data-focus]")?.focus({ preventScroll: true });
        },
        { class: "primary" },
      );
      const skip =
        reveal &&
        button(
          t("skip"),
          () => {
            skipped = true;
            draw();
            fig.say(t("measured"));
          },
          { class: "quiet" },
        );
      put(
        fig.body,
        title("title"),
        intro && el("p", { class: "gb-muted" }, intro),
        ask.number && el("p", { class: "question" }, inline(ask.question)),
        control.node,
        el("div", { class: "row" }, commit, skip),
      );
    }

    function committed(answer) {
      const change = button(
        t("change"),
        () => {
          form();
          fig.body.querySelector("input:checked, input")?.focus({ preventScroll: true });
        },
        { class: "quiet", "data-focus": "" },
      );
      put(
        fig.body,
        title("title"),
        el("p", { class: "question" }, inline(ask.question)),
        el("p", { class: "kept" }, inline(t("kept", { answer: words(answer) }))),
        el("div", { class: "row" }, el("span", { class: "gb-muted" }, t("later")), change),
      );
    }

    function scale(answer, measured) {
      const at = (x) => ({ "inset-inline-start": `${place(ask.number, x)}%` });
      const mark = (kind, x) => [
        el("span", { class: `dot ${kind}`, style: at(x) }),
        el("span", { class: `name ${kind}`, style: at(x) }, shown(ask.number, x)),
      ];
      return el(
        "div",
        { class: "scale", "aria-hidden": "true" },
        el("span", { class: "line" }),
        answer !== null && mark("yours", answer),
        mark("measured", measured),
      );
    }

    function revealed(answer) {
      const measured = model.get("answer");
      const sentence = model.get("measured");
      put(
        fig.body,
        title("title_reveal"),
        el("p", { class: "question" }, inline(ask.question)),
        el(
          "dl",
          {},
          el(
            "div",
            { class: "yours" },
            el("dt", {}, t("you")),
            el("dd", {}, answer === null ? t("nothing") : inline(words(answer))),
          ),
          el(
            "div",
            { class: "measured" },
            el("dt", {}, t("measured")),
            el("dd", {}, inline(words(measured)), sentence && el("span", { class: "detail" }, inline(sentence))),
          ),
        ),
        ask.number && scale(answer, measured),
        answer !== null &&
          el("p", { class: "verdict", tabindex: "-1", "data-focus": "" }, t(compare(ask, answer, measured))),
      );
    }

    function draw() {
      const answer = current();
      if (!reveal) {
        if (answer === null) form();
        else committed(answer);
        return;
      }
      if (answer === null && !skipped) form(t("ask_now"));
      else revealed(answer);
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
  },
};
