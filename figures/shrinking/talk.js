// One conversation as a model has it: the reader's questions, its replies, and a sign and words for what they are worth.
import { el, put } from "../core/index.js";
import { changed, countRight, isRight, SIGNS } from "./logic.js";

/** `from`, `to`: the lines of the conversation that it shows. */
export function talkPanel({ t }, from = 0, to = undefined) {
  const list = el("ol", { class: "talk" });
  const sum = el("p", { class: "sum" });
  const node = el("section", { class: "sheet" }, list, sum);

  /** `whole`: the lines of the whole assistant, against which changed words are marked. */
  function draw(all, wholly) {
    const [turns, whole] = [all.slice(from, to), wholly.slice(from, to)];
    put(
      list,
      turns.map((turn, i) => one(t, turn, whole[i].reply)),
    );
    const key = turns.every((turn, i) => turn.reply === whole[i].reply) ? "sum_whole" : "sum";
    put(sum, t(countRight(turns) ? key : "sum_none", { right: countRight(turns), of: turns.length }));
  }
  return { node, draw };
}

const one = (t, turn, whole) =>
  el(
    "li",
    { class: turn.verdict },
    el("p", { class: "asked" }, turn.question),
    el("p", { class: "reply" }, spoken(t, turn.reply, whole)),
    el("p", { class: "worth" }, el("b", { "aria-hidden": "true" }, SIGNS[turn.verdict]), ` ${worth(t, turn)}`),
  );

/** The reply, with a mark under every run of words that the whole assistant does not say. */
function spoken(t, reply, whole) {
  const parts = changed(reply, whole);
  if (!parts.length) return t("nothing");
  const runs = [];
  for (const { word, same } of parts) {
    if (runs.length && runs.at(-1).same === same) runs.at(-1).text += ` ${word}`;
    else runs.push({ same, text: word });
  }
  return runs.flatMap(({ same, text }, i) => [i ? " " : "", same ? text : el("mark", {}, text)]);
}

const worth = (t, turn) => (isRight(turn) ? t(turn.verdict) : t(turn.verdict, { truth: turn.answer ?? "" }));
