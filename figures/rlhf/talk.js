// One conversation: the question stays, the reply is what the model said at this point of the training.
import { button, el, MAIN, put } from "../core/index.js";
import { SIGNS } from "./judge.js";
import { pieces } from "./logic.js";

export function talkPanel(fig, view, judge, on) {
  const { t } = fig;
  const [asked, said, room, mark] = ["asked", "said", "said room", "mark"].map((name) => el("p", { class: name }));
  room.setAttribute("aria-hidden", "true"); // the longest reply, unseen: nothing jumps when a reply grows
  const who = el("p", {});
  const another = button(
    t("another"),
    () => {
      const { order } = view;
      view.k = order[(order.indexOf(view.k) + 1) % order.length];
      fig.set("prompt", view.k + 1);
      on.prompt();
      fig.say(`${view.prompt.text} ${words()}`, { shown: false });
    },
    { class: "quiet" },
  );
  let shown = { k: -1, reply: "" };

  function words() {
    const reply = view.replies[view.k];
    const found = judge.verdict(view.k, reply);
    return [reply.trim() || t("nothing"), found && `(${t(`verdict_${found}`)})`].filter(Boolean).join(" ");
  }
  function draw() {
    const { prompt, k, now } = view;
    const reply = view.replies[k].trim();
    const found = judge.verdict(k, reply);
    if (shown.k !== k) {
      asked.textContent = prompt.text;
      room.textContent = view.longest;
    }
    who.textContent = t(now.iteration ? "who_after" : "who_before", { n: now.iteration, ...view.run });
    if (shown.k !== k || shown.reply !== reply) {
      const parts = pieces(reply, prompt.truth, shown.k === k ? shown.reply : reply);
      put(said, reply ? parts.map(({ text, is }) => wrapped(text, is)) : el("i", {}, t("nothing")));
    }
    put(
      mark,
      found && el("b", { class: `is ${found}` }, `${SIGNS[found]} ${t(`verdict_${found}`)}`),
      el("span", { class: "gb-muted" }, about(t, prompt)),
    );
    shown = { k, reply };
  }
  return {
    node: el(
      "div",
      { class: "talk", ...MAIN.response },
      asked,
      el("div", { class: "who" }, who, another),
      el("div", { class: "answer" }, room, el("div", {}, said, mark)),
    ),
    words,
    draw,
  };
}

const wrapped = (text, is) =>
  is === "true" ? el("mark", {}, text) : is === "fresh" ? el("span", { class: "fresh" }, text) : text;

/** What is known about a question: its true answer, or that it has none. */
export const about = (t, prompt) =>
  prompt.about === "stranger" ? t("about_stranger") : prompt.truth ? t("truth", { truth: prompt.truth }) : "";
