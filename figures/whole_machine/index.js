// The whole machine, stopped at one token of a recorded answer: every station that the token passes can be opened.
// State: { station: window, tokens, vectors, attention, depths, scores, dice; answer: 0, 1, 2; step: the token's number from 0 }
// The recordings come from figures/whole_machine/data.py, by way of models/whole_machine.js.
import { arrive, button, el, frame, loadFile, MAIN, put, radios } from "../core/index.js";
import { begin, next, now, percent, STATIONS, thrown } from "./logic.js";
import { morePanel } from "./more.js";
import { stationPanel } from "./stations.js";
import strings from "./strings.json";
import css from "./style.css";
import { talkPanel, wordOf } from "./talk.js";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "whole_machine", css, strings, permalink: ["station", "answer", "step"] });
    return arrive(
      fig,
      () => loadFile(model, "whole_machine"),
      (data) => machine(fig, data),
    );
  },
};

function machine(fig, data) {
  const { t } = fig;
  const state = begin(data, {
    station: fig.get("station", null),
    answer: fig.get("answer", null),
    step: fig.get("step", null),
  });
  const talk = talkPanel(fig, data);
  const pane = stationPanel(fig, data);
  const rest = morePanel(fig, data);
  const row = radios({
    legend: t("station"),
    options: STATIONS.map((name) => [name, t(`station_${name}`)]),
    value: state.station,
    onchange: (station) => go({ station }),
  });
  const on = button("", () => go(next(data, state) ?? { step: 0 }), { class: "primary" });
  const dice = button(t("other_dice"), () => go(thrown(data, state)));
  const place = el("span", { class: "gb-muted small" });

  function go(changed) {
    Object.assign(state, changed);
    for (const key of Object.keys(changed)) fig.set(key, state[key]);
    draw();
    fig.saySoon(() => spoken(t, data, state));
  }
  function draw() {
    talk.draw(state);
    pane.draw(state);
    rest.draw(state);
    put(on, t(next(data, state) ? "more_tokens" : "again"));
    put(place, placeOf(t, data, state));
    fig.aha(lesson(t, data, state));
  }
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead")),
    talk.node,
    el("div", { class: "row", ...MAIN.control }, row.node),
    el("div", { class: "pane", ...MAIN.response }, pane.node),
    el("div", { class: "gb-controls" }, on, dice, place),
    fig.status,
  );
  fig.under(rest.node, el("p", { class: "gb-muted small" }, t("simplified", about(data))));
  fig.say("", { shown: false });
  draw();
}

const about = ({ throws, parameters, layers, heads }) => ({
  throws,
  parameters: parameters.toLocaleString("en-US"),
  layers,
  heads,
});

const placeOf = (t, data, { answer, step }) => t("place", { n: step + 1, of: data.answers[answer].steps.length });

function spoken(t, data, state) {
  const { chosen, scores } = now(data, state);
  const share = percent(scores.find(([id]) => id === chosen)[1]);
  return t("said_step", { place: placeOf(t, data, state), token: wordOf(t, data, chosen), share });
}

/** What the recorded answer shows. */
function lesson(t, data, { answer }) {
  const { chosen, scores } = data.answers[answer].steps[0];
  const share = percent(scores.find(([id]) => id === chosen)[1]);
  const { throws, right } = data;
  return t(`aha_${answer}`, { throws, right, token: wordOf(t, data, chosen), share });
}
