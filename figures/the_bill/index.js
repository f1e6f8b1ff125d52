// The bill calculator: what a training run costs in dollars, energy, carbon and water, and which of the things that
// nobody outside knows moves the answer most. The computing is in logic.js, the runs and ranges in runs.json.
// State: { count: cost, energy, carbon or water; behind "More" run: one of runs.json, and a value for each unknown }
import { el, frame, MAIN, put, radios } from "../core/index.js";
import { answerPanel } from "./answer.js";
import { Desk } from "./desk.js";
import { COUNTS, UNKNOWNS } from "./logic.js";
import { morePanel } from "./more.js";
import strings from "./strings.json";
import css from "./style.css";

const AHA = ["cost", "carbon"]; // the two whose widest unknowns are set against each other

export default {
  render({ model, el: host }) {
    const permalink = ["count", "run", ...UNKNOWNS];
    const fig = frame({ model, host, name: "the_bill", css, strings, permalink });
    show(model, fig);
    return () => fig.destroy();
  },
};

function show(model, fig) {
  const { t } = fig;
  const desk = new Desk(fig);
  const choice = radios({
    legend: t("count"),
    value: desk.count,
    inline: true,
    options: COUNTS.map((count) => [count, t(`count_${count}`)]),
    onchange: countIn,
  });
  const answer = answerPanel(fig, desk);
  const rest = morePanel(fig, desk, { onrun: take, onmove: move, onreset: reset, ontoggle: draw });
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead")),
    el("div", { class: "setting", ...MAIN.control }, choice.node),
    el("div", MAIN.response, answer.node),
    el("p", { class: "gb-muted small legend" }, t("legend")),
    fig.status,
  );
  fig.under(rest.node, el("p", { class: "gb-muted small" }, t("simplified")));

  function countIn(count) {
    desk.count = count;
    desk.seen.add(count);
    fig.set("count", count);
    draw();
    fig.say(answer.said(), { shown: false });
  }
  function take(run) {
    desk.run = run;
    fig.set("run", run);
    reset();
  }
  function move(name, place) {
    desk.place[name] = place;
    fig.set(name, Number(desk.value(name).toPrecision(4)));
    draw();
    fig.saySoon(answer.said);
  }
  function reset() {
    desk.toMiddle();
    for (const name of UNKNOWNS) fig.set(name, null);
    draw();
    fig.say(answer.said(), { shown: false });
  }
  function draw() {
    answer.draw();
    rest.draw();
    fig.aha(AHA.every((count) => desk.seen.has(count)) || rest.node.open ? widest(t, desk) : "");
  }
  fig.onChange("count", () => {
    const count = model.get("count");
    if (!COUNTS.includes(count) || count === desk.count) return;
    choice.value = count;
    countIn(count);
  });
  fig.say("", { shown: false });
  draw();
}

/** What moves the bill most, in money and in carbon. */
function widest(t, desk) {
  const [first, second] = AHA.map((count) => t(`count_${count}`));
  const [a, b] = AHA.map((count) => desk.widest(count));
  const names = { first, second, first_name: t(`short_${a}`), second_name: t(`short_${b}`) };
  return t(a === b ? "aha_same" : "aha", names);
}
