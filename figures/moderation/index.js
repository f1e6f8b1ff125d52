// The moderation desk: a filter has scored messages, and the reader sets the score from which it stops them. Four groups
// answer, fine and rude messages in the town's two dialects. The computing is in logic.js.
// State: { threshold: the score, 0 to 100, from which a message is stopped, filter: one of the recorded }
// The recording comes from glassbox/recordings/moderation_desk.py, by way of models/moderation.js.
import { arrive, el, frame, loadFile, MAIN, put, slider } from "../core/index.js";
import { Desk } from "./desk.js";
import { groupsPanel } from "./groups.js";
import { parseStep, STEPS } from "./logic.js";
import { morePanel, whatFilter } from "./more.js";
import strings from "./strings.json";
import css from "./style.css";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "moderation", css, strings, permalink: ["threshold", "filter"] });
    return arrive(
      fig,
      () => loadFile(model, "moderation"),
      (recording) => show(model, fig, recording),
    );
  },
};

function show(model, fig, recording) {
  const { t } = fig;
  const desk = new Desk(fig, recording);
  const threshold = slider({
    label: t("threshold"),
    min: 0,
    max: STEPS,
    step: 1,
    value: desk.step,
    format: (step) => t("threshold_value", { n: step }),
    oninput: moveTo,
  });
  const groups = groupsPanel(fig, desk);
  const sentence = el("p", { class: "sentence" });
  const rest = morePanel(fig, desk, choose, draw);
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead")),
    el("div", { class: "setting", ...MAIN.control }, threshold.node, ends(t)),
    el("div", MAIN.response, sentence, groups.node),
    el("p", { class: "gb-muted small legend" }, t("legend")),
    fig.status,
  );
  fig.under(rest.node, el("p", { class: "gb-muted small" }, simplified(t, recording)));

  function moveTo(step) {
    if (step === desk.step) return;
    desk.step = step;
    fig.set("threshold", step);
    draw();
    fig.saySoon(() => said(t, desk));
  }
  function choose(filter) {
    desk.filter = filter;
    fig.set("filter", filter);
    draw();
    fig.say(said(t, desk), { shown: false });
  }
  function draw() {
    sentence.textContent = said(t, desk);
    groups.draw();
    rest.draw();
    // what all settings come to, once both mistakes were seen; beside the recorded curves it can be read off anyway
    fig.aha(desk.look() || rest.node.open ? whatFilter(t, desk) : "");
  }
  fig.onChange("threshold", () => {
    const step = parseStep(model.get("threshold"), desk.step); // from Python; fig.get would answer with the link's
    threshold.value = step;
    moveTo(step);
  });
  fig.say("", { shown: false });
  draw();
}

const ends = (t) =>
  el(
    "p",
    { class: "ends gb-muted small", "aria-hidden": "true" },
    el("span", {}, t("end_strict")),
    el("span", {}, t("end_lenient")),
  );

/** Who is silenced by mistake, and what gets through, in a sentence. */
function said(t, desk) {
  const { silenced, through, all } = desk.mistakes;
  const first =
    all.silenced === 0
      ? t("silenced_none")
      : t(all.silenced === 1 ? "silenced_one" : "silenced_some", {
          n: all.silenced,
          harbor: silenced[0],
          uptown: silenced[1],
          who: t(silenced[0] ? "in_harbor" : "in_uptown"),
        });
  const second =
    all.through === 0
      ? t("through_none")
      : t(all.through === 1 ? "through_one" : "through_some", {
          n: all.through,
          harbor: through[0],
          uptown: through[1],
        });
  return `${first} ${second}`;
}

const simplified = (t, { messages, seeds, each }) =>
  t("simplified", { shown: messages.length, seeds: seeds.length, each });
