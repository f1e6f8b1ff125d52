// The model of the labels: a weight for every mark with its uncertainty, and how often it would have guessed them.

import { scaleLinear } from "d3-scale";
import { dataTable, el, put, radios } from "../core/index.js";
import { agreement, clock, earned, foretold, guessed, range } from "./logic.js";
import { NAIROBI } from "./pay.js";
import { refold } from "./replies.js";
import { left, percent, signed, whole } from "./words.js";

const place = scaleLinear([-4, 4], [0, 1]).clamp(true); // log-odds on the weights' axis

/** `onsee()` hears that the model sees other marks. */
export function weightsPanel(fig, office, onsee) {
  const { t } = fig;
  const head = el("p", { class: "head" });
  const sees = radios({
    legend: t("see"),
    value: office.see,
    options: ["register", "page"].map((s) => [s, t(`see_${s}`)]),
    onchange: (s) => {
      office.set("see", s);
      onsee();
    },
  });
  const rows = el("div", { class: "weights" });
  const said = el("p", { class: "feedback" });
  const guesses = el("p", { class: "guesses" });
  const agrees = el("p");
  const tableBox = el("div");

  function draw(fitted) {
    const { you } = office;
    const list = weightsOf(fitted);
    head.textContent = t(you ? "model" : "model_other");
    said.textContent = saidWords(t, office);
    said.hidden = !you;
    put(
      rows,
      list.map((w) => weightRow(t, w)),
      el(
        "div",
        { class: "weight-axis", "aria-hidden": "true" },
        el("span", {}, el("span", {}, t("axis_less")), el("span", {}, t("axis_more"))),
      ),
    );
    const told = guessed(foretold(fitted.rows, fitted.names.length));
    guesses.textContent = told.of ? t(you ? "guessed_you" : "guessed_other", told) : t("guessed_none");
    const share = agreement(office.labels);
    agrees.textContent = share === null ? "" : t("agrees", { share: percent(share) });
    refold(tableBox, weightsTable(t, list, fitted.rows.length));
  }
  return {
    node: el("div", {}, head, said, rows, guesses),
    rest: [el("p", { class: "gb-muted small" }, t("model_lead"), " ", t("model_key")), sees.node, agrees, tableBox],
    draw,
  };
}

/** What the model of the reader had expected, and before that what there is to do. */
function saidWords(t, { feedback, phase, left: more }) {
  const before = t(phase === "on" ? "said_first" : "said_idle");
  return [feedback || before, phase === "over" && more && t("over")].filter(Boolean).join(" ");
}

const weightsTable = (t, list, n) =>
  dataTable({
    summary: t("weights_table"),
    caption: t("weights_caption", { n }),
    columns: ["mark", "weight", "interval", "odds"].map((c) => t(`col_${c}`)),
    rows: list.map((w) => [
      t(`mark_${w.name}`),
      signed(w.w),
      `${signed(w.low)} … ${signed(w.high)}`,
      percent(1 / (1 + Math.exp(-w.w))),
    ]),
  });

/** Weights with their 95% intervals: [{ name of the mark, w, low, high }]. */
const weightsOf = ({ names, weights, sd }) =>
  names.map((name, i) => ({ name, w: weights[i], low: weights[i] - 1.96 * sd[i], high: weights[i] + 1.96 * sd[i] }));

function weightRow(t, { name, w, low, high }) {
  const mark = t(`mark_${name}`);
  const sure = low > 0 || high < 0;
  return el(
    "div",
    { class: "weight" },
    el("span", {}, mark),
    el(
      "div",
      {
        class: "track",
        role: "img",
        "aria-label": t("weight_alt", { mark, w: signed(w), low: signed(low), high: signed(high) }),
      },
      el("span", {
        class: "bar",
        style: { "inset-inline-start": left(place(low)), "inset-inline-end": left(1 - place(high)) },
      }),
      el("span", { class: sure ? "dot sure" : "dot", style: { "inset-inline-start": left(place(w)) } }),
    ),
    el("span", { class: "w", "aria-hidden": "true" }, signed(w)),
  );
}

/** What the labels taught the model, as a picture; null before the first label. */
export function shiftCard(t, office) {
  const fitted = office.fitted();
  const n = fitted.rows.length;
  if (!n) return null;
  const told = guessed(foretold(fitted.rows, fitted.names.length));
  const { you, who, rate, worked } = office;
  const time = clock(worked.ms);
  return {
    headline: you ? t("card_you", { n }) : t("card_other", { n, who: t(`who_${who}`) }),
    bars: weightsOf(fitted).map(({ name, w }) => ({
      name: t(`mark_${name}`),
      value: signed(w),
      from: 0.5,
      to: place(w),
      tone: w < 0 ? "second" : "first",
    })),
    notes: [
      told.of ? t(you ? "card_guessed" : "guessed_other", told) : "",
      you && rate !== null
        ? t("card_time", { time, rate: whole(rate), worth: range(earned(NAIROBI, worked.ms, null).shift) })
        : "",
      t("card_note"),
    ],
  };
}

/** The weights in a sentence. */
export function weightWords(t, { sizes }, { names, rows, weights }) {
  return `${t("given_value", { n: rows.length, of: sizes.of })}. ${names.map((name, i) => `${t(`mark_${name}`)} ${signed(weights[i])}`).join(", ")}.`;
}
