// The league table that tumbles: models sat a test once, and the reader chooses by which rule their answers are marked.
// The rows go to their new places, and a sentence says who is first and whether that is more than chance.
// State: { rule: how answers are marked, test: which test, n: the questions that count }
// The marks come from glassbox/recordings/evaluation.py, by way of models/evaluation.js.
import { arrive, el, frame, loadFile, MAIN, put, radios } from "../core/index.js";
import { leaguePanel } from "./league.js";
import { ALL, chance, league, moves, questions, reversals, telling, top, upset } from "./logic.js";
import { morePanel } from "./more.js";
import strings from "./strings.json";
import css from "./style.css";
import { points } from "./words.js";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "evaluation", css, strings, permalink: ["rule", "test", "n"] });
    return arrive(
      fig,
      () => loadFile(model, "evaluation"),
      (recording) => show(fig, recording),
    );
  },
};

function show(fig, data) {
  const { t } = fig;
  const state = start(fig, data);
  const rules = radios({
    legend: t("rule"),
    value: state.rule,
    inline: true,
    options: data.rules.map((rule) => [rule, t(`rule_${rule}`)]),
    onchange: (rule) => change("rule", rule),
  });
  const explained = el("p", { class: "explained gb-muted small" });
  const title = el("p", { class: "sub" });
  const turned = el("p", { class: "sentence" });
  const first = el("p", { class: "said" });
  const table = leaguePanel(fig, data);
  const rest = morePanel(fig, data, state, { onn: (n) => change("n", n), ontest: (id) => change("test", id) });

  function change(key, value) {
    state[key] = value;
    fig.set(key, value);
    if (key === "test") {
      state.n = questions(data, value);
      rest.renew();
    }
    draw(key !== "test");
    fig.saySoon(() => `${turned.textContent} ${first.textContent}`);
  }
  function draw(moving) {
    const rows = league(data, state.test, state.rule, state.n);
    const best = top(data, state.test, state.rule, state.n);
    explained.textContent = t(`about_${state.rule}`);
    title.textContent = t("title_of", { test: nameOf(t, data, state.test), n: rows[0].of });
    turned.textContent = lesson(t, data, state);
    first.textContent = said(t, best);
    table.draw(rows, moves(league(data, state.test, data.rules[0], state.n), rows), chance(data, state.test), moving);
    rest.draw(best);
  }
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead", { models: data.models.length })),
    el("div", { class: "choose", ...MAIN.control }, rules.node, explained),
    el("div", { class: "answer", ...MAIN.response }, turned, first, title, table.node),
    el("p", { class: "gb-muted small legend" }, t("legend", { first: t(`rule_${data.rules[0]}`) })),
    fig.status,
  );
  rest.node.open = fig.get("n", null) !== null || fig.get("test", null) !== null;
  fig.under(rest.node, el("p", { class: "gb-muted small" }, t("simplified", { models: data.models.length })));
  fig.say("", { shown: false });
  draw(false);
}

/** The rule that turns most around on the most telling test, with all its questions, unless a link says otherwise. */
function start(fig, data) {
  const test = fig.get("test", telling(data));
  const known = test === ALL || data.tests.some(({ id }) => id === test);
  const state = { test: known ? test : telling(data) };
  const rule = fig.get("rule", null);
  state.rule = data.rules.includes(rule) ? rule : upset(data, state.test);
  const all = questions(data, state.test);
  const n = Math.trunc(Number(fig.get("n", all)));
  return { ...state, n: n >= 1 && n <= all ? n : all };
}

const nameOf = (t, data, id) => (id === ALL ? t("all_tests") : data.tests.find((test) => test.id === id).name);

/** Who is first, by how much, and whether that is more than chance. */
function said(t, { first, second, tied, lead, clear }) {
  const values = { first: first.model, second: second.model, lead: points(lead) };
  if (tied) return t("said_tied", values);
  return t(clear ? "said_clear" : "said_chance", values);
}

/** The pair of models that this rule turns around against the first rule, beyond chance; or that there is none. */
function lesson(t, data, { test, rule, n }) {
  const [a, b] = [t(`rule_${data.rules[0]}`), t(`rule_${rule}`)];
  if (rule === data.rules[0]) return t("compare");
  const pair = reversals(data, test, data.rules[0], rule, n)[0];
  return pair ? t("upset", { ...pair, a, b }) : t("no_upset", { a });
}
