// What the figure shows in turn: the form, the prediction that was kept, and the prediction beside what was measured.
import { button, el, inline, MAIN, radios, slider } from "../core/index.js";
import { compare, manner, place, shown } from "./logic.js";

const question = (ask) => el("p", { class: "question" }, inline(ask.question));

/** An answer in words. */
export const words = (ask, answer) => (ask.number ? shown(ask.number, answer) : answer);

/** `oncommit(value)` hears what the reader chose (undefined: nothing yet); `onskip` null: the form cannot be skipped. */
export function form({ t, heading, status }, ask, current, intro, oncommit, onskip) {
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
    heading(t("title")),
    intro && el("p", { class: "gb-muted" }, intro),
    ask.number && question(ask),
    control.node,
    el(
      "div",
      { class: "row" },
      button(t("commit"), () => oncommit(control.value), { class: "primary", ...MAIN.control }),
      onskip && button(t("skip"), onskip, { class: "quiet" }),
      status,
    ),
  ];
}

export const committed = ({ t, heading, status }, ask, answer, onchange) => [
  heading(t("title")),
  question(ask),
  ask.number ? el("p", { class: "kept" }, t("kept", { answer: words(ask, answer) })) : compared(t, ask, answer),
  el("p", { class: "gb-muted" }, t("later")),
  el("div", { class: "row" }, button(t("change"), onchange, { "data-focus": "" }), status),
];

/** `right` is the answer, `measured` a sentence that says how it came out, `label` how one came to it. */
export const revealed = ({ t, heading, status }, ask, answer, { answer: right, measured, label }) => {
  const how = manner(label || t("measured"));
  return [
    heading(t("title_reveal", { how: how.inside })),
    question(ask),
    ask.number
      ? [numbers(t, ask, answer, right, how), scale(ask, answer, right)]
      : compared(t, ask, answer, right, how),
    !ask.number && answer === null && el("p", { class: "gb-muted" }, t("nothing")),
    answer !== null && el("p", { class: "verdict", tabindex: "-1", "data-focus": "" }, t(compare(ask, answer, right))),
    measured &&
      el("p", { class: "measured-how" }, el("b", {}, `${label ? how.first : t("how")}:`), " ", inline(measured)),
    status,
  ];
};

/** All choices, the reader's and the measured one marked. */
function compared(t, ask, answer, measured, how) {
  const row = (choice) => {
    const right = choice === measured;
    const yours = choice === answer;
    return el(
      "li",
      { class: `${right ? "is-measured" : ""} ${yours ? "is-yours" : ""}` },
      el("span", { class: "said" }, inline(choice)),
      yours && el("span", { class: "tag yours" }, t("you")),
      right && el("span", { class: "tag measured" }, `✓ ${how.inside}`),
    );
  };
  const other = measured === undefined || ask.choices.includes(measured) ? [] : [measured];
  return el("ul", { class: "compared" }, [...ask.choices, ...other].map(row));
}

const numbers = (t, ask, answer, measured, how) =>
  el(
    "dl",
    {},
    el(
      "div",
      { class: "yours" },
      el("dt", {}, t("you")),
      el("dd", {}, answer === null ? t("nothing") : words(ask, answer)),
    ),
    el("div", { class: "measured" }, el("dt", {}, how.first), el("dd", {}, words(ask, measured))),
  );

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
