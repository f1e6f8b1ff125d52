// The chat window as it stands before the next token: the question, the answer so far, and a gap.
import { el, put, visible } from "../core/index.js";
import { now, signOf, written } from "./logic.js";

/** A token as a word that can be shown: signs by their name, blanks as a sign. */
export function wordOf(t, data, id) {
  const sign = signOf(data.texts[id]);
  return sign ? t(`sign_${sign}`) : visible(data.texts[id]);
}

export function talkPanel({ t }, data) {
  const answer = el("p", { class: "bubble ellery" });
  const node = el(
    "div",
    { class: "talk" },
    el("p", { class: "bubble you" }, el("b", {}, `${t("you")}: `), data.question),
    answer,
  );
  function draw(state) {
    const text = written(data, state)
      .map((id) => data.texts[id])
      .join("");
    const { chosen } = now(data, state);
    const gap = el("mark", {}, signOf(data.texts[chosen]) ? wordOf(t, data, chosen) : data.texts[chosen].trim());
    put(answer, el("b", {}, `${t("ellery")}: `), text, data.texts[chosen].startsWith(" ") ? " " : "", gap);
  }
  return { node, draw };
}
