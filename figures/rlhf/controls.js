// The leash, the iteration, and what is measured there.
import { button, el, put, slider } from "../core/index.js";
import { MEASURES } from "./logic.js";
import { WRITE } from "./words.js";

export function controlsPanel({ t }, view, on) {
  const { last, iterations } = view;
  const leash = slider({
    label: t("beta"),
    min: 0,
    max: last,
    step: 1,
    value: last - view.i,
    format: (x) => view.betaText(last - x),
    oninput: (x) => on.leash(last - x),
  });
  const clock = slider({
    label: t("iteration"),
    min: 0,
    max: iterations.length - 1,
    step: 1,
    value: view.at,
    format: (k) => t("iteration_value", { n: iterations[k], of: iterations.at(-1) }),
    oninput: on.iteration,
  });
  const looser = button(t("looser"), () => on.leash(Math.max(0, view.i - 1)));
  const tighter = button(t("tighter"), () => on.leash(Math.min(last, view.i + 1)));
  const stats = el("dl", { class: "stats" });

  function draw() {
    leash.value = last - view.i;
    if (clock.value !== view.at) clock.value = view.at;
    looser.disabled = view.i === 0;
    tighter.disabled = view.i === last;
    put(
      stats,
      MEASURES.map((key) => {
        const { mean, low, high } = view.now[key];
        return el(
          "div",
          { class: key },
          el("dd", {}, WRITE[key](mean)),
          el(
            "dt",
            {},
            t(`stat_${key}`),
            el("span", { class: "range" }, t("range", { low: WRITE[key](low), high: WRITE[key](high) })),
          ),
        );
      }),
    );
  }
  return {
    node: el(
      "div",
      { class: "gb-controls run" },
      leash.node,
      el("div", { class: "buttons" }, tighter, looser),
      clock.node,
      stats,
    ),
    draw,
    focus: () => (view.axis === "kl" ? leash : clock).input.focus({ preventScroll: true }),
  };
}
