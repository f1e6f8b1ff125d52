// What the figure shows in turn: the form, the prediction that was kept, and the prediction beside what was measured.
import { button, el, inline, radios, slider } from "../core/index.js";
import { compare, place, shown } from "./logic.js";

const title = (t, key) => el("p", { class: "gb-title" }, t(key));
const question = (ask) => el("p", { class: "question" }, inline(ask.question));

/** An answer in words. */
export const words = (ask, answer) => (ask.number ? shown(ask.number, answer) : answer);

/** `oncommit(value)` hears what the reader chose (undefined: nothing yet); `onskip` null: the form cannot be skipped. */
export function form(t, ask, current, intro, oncommit, onskip) {
  const control = ask.number
    ? slider({
        label: t("your_estimate"),
        ...ask.number,
        value: current ?? ask.number.start,
        format: (x) => shown(ask.number, x),
      })
    : radios({
        legend: inline(ask.question),
        options: ask.choices.map((c) => [c, inline(c)]),
        value: current ?? undefined,
      });
  return [
    title(t, "title"),
    intro && el("p", { class: "gb-muted" }, intro),
    ask.number && question(ask),
    control.node,
    el(
      "div",
      { class: "row" },
      button(t("commit"), () => oncommit(control.value), { class: "primary" }),
      onskip && button(t("skip"), onskip, { class: "quiet" }),
    ),
  ];
}

export const committed = (t, ask, answer, onchange) => [
  title(t, "title"),
  question(ask),
  el("p", { class: "kept" }, inline(t("kept", { answer: words(ask, answer) }))),
  el(
    "div",
    { class: "row" },
    el("span", { class: "gb-muted" }, t("later")),
    button(t("change"), onchange, { class: "quiet", "data-focus": "" }),
  ),
];

/** `measured` is the right answer, `sentence` says how it came out. */
export const revealed = (t, ask, answer, measured, sentence) => [
  title(t, "title_reveal"),
  question(ask),
  el(
    "dl",
    {},
    el(
      "div",
      { class: "yours" },
      el("dt", {}, t("you")),
      el("dd", {}, answer === null ? t("nothing") : inline(words(ask, answer))),
    ),
    el(
      "div",
      { class: "measured" },
      el("dt", {}, t("measured")),
      el("dd", {}, inline(words(ask, measured)), sentence && el("span", { class: "detail" }, inline(sentence))),
    ),
  ),
  ask.number && scale(ask, answer, measured),
  answer !== null && el("p", { class: "verdict", tabindex: "-1", "data-focus": "" }, t(compare(ask, answer, measured))),
];

function scale(ask, answer, measured) {
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
