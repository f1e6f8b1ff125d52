// The shrink-ray: one conversation, while each of the assistant's numbers is kept with fewer and fewer bits. Behind
// "More" are the rest of the conversation, other ways to shrink, and all of it as a chart and a table.
// It opens on the fewest bits that still answer as well as the whole assistant, a step or two above the cliff.
// State: { bits: bits a number (the nearest recorded), way: number of another way to shrink }
// The recording comes from glassbox/recordings/shrinking.py, by way of models/shrinking.js.
import { arrive, el, frame, loadFile, MAIN, put, slider } from "../core/index.js";
import { conversation, countRight, finding, ladder, nearest, percent, SHOWN, share, size } from "./logic.js";
import { morePanel } from "./more.js";
import { scalePanel } from "./scale.js";
import strings from "./strings.json";
import css from "./style.css";
import { talkPanel } from "./talk.js";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "shrinking", css, strings, permalink: ["bits", "way"] });
    return arrive(
      fig,
      () => loadFile(model, "shrinking"),
      (recording) => ray(fig, recording),
    );
  },
};

function ray(fig, data) {
  const { t } = fig;
  const rungs = ladder(data);
  const last = rungs.length - 1; // the slider counts from the fewest bits, on its left
  const state = { rung: nearest(rungs, fig.get("bits", rungs[Math.max(finding(data).free, 0)].bits)) };
  const seen = new Set();
  const [talk, scale, rest] = [talkPanel(fig, 0, SHOWN), scalePanel(fig, rungs[0]), morePanel(fig, data)];
  const bits = slider({
    label: t("bits"),
    min: 0,
    max: last,
    step: 1,
    value: last - state.rung,
    format: (i) => t("bits_value", { n: rungs[last - i].bits }),
    oninput: (i) => {
      state.rung = last - i;
      fig.set("bits", rungs[state.rung].bits);
      draw();
      fig.saySoon(said);
    },
  });
  function said() {
    const now = rungs[state.rung];
    const turns = conversation(data, now).slice(0, SHOWN);
    return t("say", { n: now.bits, size: size(now.bytes), right: countRight(turns), of: turns.length });
  }
  function draw() {
    seen.add(state.rung);
    const [now, whole] = [rungs[state.rung], rungs[0]].map((row) => conversation(data, row));
    scale.draw(rungs[state.rung]);
    talk.draw(now, whole);
    rest.draw(now, whole);
    fig.aha(lesson(t, data, rungs, seen));
  }
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead", { n: data.parameters.toLocaleString("en-US") })),
    el("div", { class: "choose", ...MAIN.control }, bits.node, ends(t)),
    el("div", { class: "two", ...MAIN.response }, scale.node, talk.node),
    fig.status,
  );
  fig.under(rest.node);
  fig.say("", { shown: false });
  draw();
}

/** Below the slider: which way is which. */
const ends = (t) =>
  el("div", { class: "ends", "aria-hidden": "true" }, el("span", {}, t("fewer")), el("span", {}, t("whole")));

/** Once the reader has seen one that answers as the whole does and one that does not answer half as often. */
function lesson(t, data, rungs, seen) {
  const { free, broken, cliff } = finding(data);
  const fine = [...seen].filter((i) => i <= free);
  const bad = [...seen].filter((i) => broken >= 0 && i >= broken);
  if (!fine.length || !bad.length) return "";
  const [a, b] = [rungs[Math.max(...fine)], rungs[Math.min(...bad)]];
  const values = { a: a.bits, b: b.bits, pa: percent(share(a)), pb: percent(share(b)), size: size(b.bytes) };
  return t("aha", values) + (cliff ? t("aha_cliff") : "");
}
