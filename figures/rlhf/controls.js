// The two controls: how far the training has come, and the leash.
import { el, MAIN, slider } from "../core/index.js";
import { left } from "./words.js";

export function clockPanel({ t }, view, on) {
  const { iterations } = view;
  const clock = slider({
    label: t("iteration"),
    min: 0,
    max: iterations.length - 1,
    step: 1,
    value: view.at,
    format: (k) => t("iteration_value", { n: iterations[k], of: iterations.at(-1) }),
    oninput: on.iteration,
  });
  return {
    node: el("div", { class: "clock", ...MAIN.control }, clock.node),
    draw() {
      if (clock.value !== view.at) clock.value = view.at;
      clock.input.style.setProperty("--at", left(view.at / (iterations.length - 1)));
    },
    focus: () => clock.input.focus({ preventScroll: true }),
  };
}

export function leashPanel({ t }, view, on) {
  const { last } = view;
  const leash = slider({
    label: t("beta"),
    min: 0,
    max: last,
    step: 1,
    value: last - view.i,
    format: (x) => view.betaText(last - x),
    oninput: (x) => on.leash(last - x),
  });
  const note = el("p", { class: "small" });
  return {
    node: el("div", { class: "tie" }, leash.node, note),
    draw() {
      leash.value = last - view.i;
      const { free, held } = view.seen;
      note.textContent = t(held ? "next_more" : free ? "next_leash" : "next_drag");
      note.classList.toggle("now", free && !held);
    },
    focus: () => leash.input.focus({ preventScroll: true }),
  };
}
