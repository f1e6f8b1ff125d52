// One poem that stays: the reader sets in how many copies it stood in the papers, and reads how the model goes on.
import { button, el, MAIN, slider } from "../core/index.js";
import { textsPanel } from "./sheets.js";
import { trailPanel } from "./trail.js";
import { number, percent } from "./words.js";

/** `ondraw(lesson)` hears after every change what has been shown by now. */
export function poemPanel(fig, reader, ondraw) {
  const { t } = fig;
  const { one } = reader;
  const trail = trailPanel(fig, reader);
  const texts = textsPanel(fig);
  const times = slider({
    label: t("times"),
    min: 0,
    max: one.copies.length - 1,
    step: 1,
    value: reader.at,
    format: (i) => number(one.copies[i]),
    oninput(i) {
      reader.go(i);
      fig.set("times", reader.copies);
      draw();
      fig.saySoon(said);
    },
  });
  const another = button(
    t("another"),
    () => {
      reader.another();
      fig.set("verse", reader.which + 1);
      draw();
      fig.say(said(), { shown: false });
    },
    { class: "quiet" },
  );

  function said() {
    const { hit, overlap, of } = reader.look();
    const verdict = t(hit ? "said_extracted" : "said_other");
    return t("say_one", { copies: reader.times(), verdict, run: overlap, of });
  }
  function draw() {
    trail.draw();
    texts.draw(reader.look());
    ondraw(lesson(t, reader));
  }
  const head = el("div", { class: "axis" }, el("p", { class: "gb-muted small" }, t("trail_head")), another);
  const nodes = [
    el("p", { class: "lead" }, t("one_lead", { size: number(one.parameters) })),
    el("div", { class: "choose", ...MAIN.control }, times.node),
    el("div", MAIN.response, head, trail.node, texts.node),
    el("p", { class: "gb-muted small" }, t("key", { n: one.asked_at })),
  ];
  return { nodes, draw };
}

/** Once copies that leave no trace and copies that leave the poem were both seen: these two, and all poems read as often. */
function lesson(t, reader) {
  const { one, seen } = reader;
  const stops = [...seen].sort((a, b) => a - b);
  const lost = stops.findLast((i) => !reader.look(i).hit);
  const known = stops.find((i) => reader.look(i).hit);
  if (lost === undefined || known === undefined) return "";
  const share = (i) => percent(one.extracted[i] / one.of);
  return t("aha", {
    lost: reader.times(lost),
    known: reader.times(known),
    target: one.target,
    of: one.of,
    share_lost: share(lost),
    share_known: share(known),
  });
}
