// Forward and back through the merges, by hand or playing.
import { button, el, reducedMotion, slider } from "../core/index.js";
import { count } from "./chips.js";

export const MAX_MERGES = 500;
const PAUSE = 220; // milliseconds between merges

/** `steps()` are the merges that there are, `go(k)` shows the first k of them. */
export function playerPanel({ t, state, stops }, { steps, go }) {
  let timer = 0;
  const merges = slider({
    label: t("merges"),
    min: 0,
    max: MAX_MERGES,
    step: 1,
    value: state.merges,
    format: (k) => t("of", { k: count(k), n: count(Math.min(MAX_MERGES, steps().length || MAX_MERGES)) }),
    oninput: (k) => {
      pause();
      go(k);
    },
  });
  const back = button(t("back"), () => {
    pause();
    go(state.merges - 1);
  });
  const forward = button(
    t("step"),
    () => {
      pause();
      go(state.merges + 1);
    },
    { class: "primary" },
  );
  const play = button(t("play"), () => (timer ? pause() : start()));
  play.hidden = reducedMotion();

  function pause() {
    if (!timer) return;
    clearInterval(timer);
    timer = 0;
    play.textContent = t("play");
  }
  function start() {
    if (state.merges >= steps().length) go(0);
    play.textContent = t("pause");
    timer = setInterval(() => (state.merges < steps().length ? go(state.merges + 1) : pause()), PAUSE);
  }
  stops.push(pause);
  return {
    node: el("div", { class: "gb-controls" }, merges.node, el("div", { class: "buttons" }, back, forward, play)),
    pause,
    lengthen(n) {
      merges.input.max = n;
    },
    update() {
      merges.value = state.merges;
      back.disabled = state.merges === 0;
      forward.disabled = state.merges === steps().length;
    },
  };
}
