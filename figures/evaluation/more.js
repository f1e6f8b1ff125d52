// What comes after the table: fewer questions, another test, what its questions look like, and the numbers.
import { dataTable, el, more, put, select, slider } from "../core/index.js";
import { ALL, aboveChance, apartFrom, chance, league, nearestStop, questions, stops } from "./logic.js";
import { percent, points } from "./words.js";

/** `onn(n)` and `ontest(id)` hear the reader's choice. */
export function morePanel(fig, data, state, { onn, ontest }) {
  const { t } = fig;
  const test = select({
    label: t("test"),
    options: [...data.tests.map(({ id, name }) => [id, name]), [ALL, t("all_tests")]],
    value: state.test,
    onchange: ontest,
  });
  const asked = el("div", { class: "asked" });
  const told = el("p", { class: "told" });
  const dots = el("p", { class: "dots" });
  const table = numbersTable(t, data);
  const number = el("div");
  const node = more(t("more"), number, told, dots, el("div", { class: "gb-controls" }, test.node), asked, table.node);

  /** A slider for this test: tests differ in how many questions they have. */
  function renew() {
    const list = stops(questions(data, state.test));
    const input = slider({
      label: t("questions"),
      min: 0,
      max: list.length - 1,
      step: 1,
      value: nearestStop(list, state.n),
      format: (i) => t("questions_value", { n: list[i], of: list.at(-1) }),
      oninput: (i) => onn(list[i]),
    });
    put(number, input.node);
    put(asked, example(t, data, state.test));
  }
  function draw(best) {
    const { list, from, told: apart } = apartFrom(data, state.test, state.rule, best.first.model, best.second.model);
    const values = { first: best.first.model, second: best.second.model };
    told.textContent = [
      t(from < 0 ? "apart_never" : "apart_from", { ...values, n: list[Math.max(from, 0)], of: list.at(-1) }),
      t(best.clear ? "counted" : "counted_chance", { ...values, only: best.only, others: best.others }),
    ].join(" ");
    const now = nearestStop(list, state.n);
    put(
      dots,
      el(
        "span",
        { class: "gb-hidden-text" },
        t("dots_alt", { ...values, n: apart.filter(Boolean).length, of: list.length }),
      ),
      el(
        "span",
        { class: "stops", "aria-hidden": "true" },
        apart.map((yes, i) =>
          el("span", { class: `${yes ? "apart" : ""}${i === now ? " now" : ""}` }, String(list[i])),
        ),
      ),
    );
    table.draw(state);
  }
  renew();
  return { node, draw, renew };
}

function example(t, data, id) {
  if (id === ALL) return el("p", {}, t("all_asked", { tests: data.tests.length }));
  const { about, options, example: one } = data.tests.find((test) => test.id === id);
  return [
    el("p", {}, t("asked", { about, options })),
    el("p", { class: "question" }, one.question),
    el(
      "ul",
      {},
      one.options.map((text, i) =>
        el("li", { class: i === one.answer ? "right" : "" }, i === one.answer ? `${text} ✓` : text),
      ),
    ),
  ];
}

/** Every rule beside every other: right answers of all questions, with intervals. */
function numbersTable(t, data) {
  const columns = [t("col_model"), ...data.rules.map((rule) => t(`rule_${rule}`))];
  const table = dataTable({ summary: t("table"), caption: "", columns });
  const caption = table.node.querySelector("caption");
  function draw({ test, n }) {
    const guess = chance(data, test);
    caption.textContent = t("table_caption", { n: Math.min(n, questions(data, test)), chance: percent(guess) });
    const leagues = data.rules.map((rule) => league(data, test, rule, n));
    table.update(
      data.models.map((model) => [
        model,
        ...leagues.map((rows) => {
          const { share, low, high } = rows.find((row) => row.model === model);
          const above = aboveChance(share, guess);
          return `${percent(share)} (${percent(low)}–${percent(high)}); ${above < 0 ? "−" : ""}${points(above)}`;
        }),
      ]),
    );
  }
  return { node: table.node, draw };
}
