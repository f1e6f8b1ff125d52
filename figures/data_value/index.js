// The dividend desk: a hundred dollars are shared among five poets by a rule; some may leave. Behind "More" are the other
// towns and all rules side by side.
// State: { rule: length, equal, missing, shapley; out: places of those who left, "04", or "none"; town: its number }
// The worths of all groups come from glassbox/recordings/data_value.py, by way of models/data_value.js.
import { arrive, el, frame, loadFile, MAIN, put, radios } from "../core/index.js";
import { deskPanel } from "./desk.js";
import { dollars, gainer, leaving, POT, paid, percent, pot, RULES, ruleOf, staying, who } from "./logic.js";
import { morePanel } from "./more.js";
import strings from "./strings.json";
import css from "./style.css";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "data_value", css, strings, permalink: ["rule", "out", "town"] });
    return arrive(
      fig,
      () => loadFile(model, "data_value"),
      (data) => desk(fig, data),
    );
  },
};

function desk(fig, data) {
  const { t } = fig;
  const number = Math.trunc(Number(fig.get("town", 0)));
  const state = { town: data.towns[number] ? number : 0, rule: ruleOf(fig.get("rule", RULES[0])) };
  const town = () => data.towns[state.town];
  state.inside = staying(town(), fig.get("out", "none"));
  const poets = deskPanel(fig, leave);
  const rest = morePanel(fig, data, state, move);
  const rules = radios({
    legend: t("rule"),
    options: RULES.map((rule) => [rule, t(`rule_${rule}`)]),
    value: state.rule,
    inline: true,
    onchange: (rule) => {
      state.rule = rule;
      fig.set("rule", rule);
      draw();
    },
  });
  const total = el("p", { class: "total" });
  function leave(place, stays) {
    state.inside = stays ? [...state.inside, place].sort((a, b) => a - b) : state.inside.filter((i) => i !== place);
    fig.set("out", leaving(town(), state.inside));
    draw();
  }
  function move(to) {
    Object.assign(state, { town: to, inside: data.towns[to].poets.map((_, i) => i) });
    fig.set("town", to);
    fig.set("out", "none");
    poets.lay(town());
    draw();
  }
  function draw() {
    const pay = paid(town(), state.rule, state.inside);
    poets.draw(pay, state.inside);
    rest.draw();
    const left = pot(town(), state.inside) / POT;
    const key = state.inside.length < town().poets.length ? "total" : "total_all";
    put(total, t(key, { worth: percent(left), sum: dollars(POT * left) }));
    fig.aha(lesson(t, town(), state));
    fig.saySoon(() => spoken(t, town(), pay));
  }
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead")),
    el("div", { class: "choose", ...MAIN.control }, rules.node),
    el("div", { class: "sheet", ...MAIN.response }, poets.node, total),
    fig.status,
  );
  fig.under(rest.node, el("p", { class: "gb-muted small" }, t("simplified")));
  fig.say("", { shown: false });
  poets.lay(town());
  draw();
}

const spoken = (t, town, pay) =>
  town.poets.map((poet, i) => `${poet.name}: ${pay[i] === null ? t("out") : dollars(pay[i])}`).join(", ");

/** The sentence for what is in view: what the rule does, or who gains when somebody left. */
function lesson(t, town, { rule, inside }) {
  const name = (i) => town.poets[i].name;
  if (inside.length < town.poets.length) {
    const best = gainer(town, rule, inside);
    const gone = town.poets.filter((_, i) => !inside.includes(i)).map((poet) => poet.name);
    const values = { gone: gone.join(t("and")), worth: percent(pot(town, inside) / POT) };
    return best
      ? t("aha_left", { ...values, name: name(best.place), gain: dollars(best.gain) })
      : t("aha_none", values);
  }
  const pay = paid(town, rule, inside);
  const [writes, some, few, repeats, copies] = ["writes", "some", "few", "repeats", "copies"].map((h) => who(town, h));
  const sums = { writes, some, few, repeats, copies };
  const values = Object.fromEntries(
    Object.entries(sums).flatMap(([habit, i]) => [
      [habit, name(i)],
      [`${habit}_sum`, dollars(pay[i])],
    ]),
  );
  const fair = paid(town, "shapley", inside);
  return t(`aha_${rule}`, { ...values, few_fair: dollars(fair[few]) });
}
