// The settings: a slider each, and buttons that put them all at once.
import { button, el, slider } from "../core/index.js";
import { KS } from "./bench.js";
import { number, trim } from "./format.js";
import { distribution } from "./logic.js";

const OPEN = { temperature: 1, top_k: 0, top_p: 1, min_p: 0, penalty: 1 };

/** `heat` is the slider of the temperature, which stands elsewhere; `changed()` hears of every other setting, or of all. */
export function knobsPanel({ t }, bench, heat, changed) {
  const { state, set } = bench;
  const off = (x, none) => (x === none ? t("off") : trim(x, 2));
  const knob = (key, options) =>
    slider({
      label: t(key),
      value: state[key],
      oninput: (x) => {
        set(key, x);
        changed();
      },
      ...options,
    });
  const knobs = {
    top_k: knob("top_k", {
      min: 0,
      max: KS.length - 1,
      step: 1,
      value: KS.indexOf(state.top_k),
      format: (i) => (KS[i] ? number(KS[i]) : t("off")),
      oninput: (i) => {
        set("top_k", KS[i]);
        changed();
      },
    }),
    top_p: knob("top_p", { min: 0.01, max: 1, step: 0.01, format: (x) => off(x, 1) }),
    min_p: knob("min_p", { min: 0, max: 0.5, step: 0.01, format: (x) => off(x, 0) }),
    penalty: knob("penalty", { min: 1, max: 2, step: 0.05, format: (x) => off(x, 1) }),
  };
  const setAll = (values) => {
    for (const [key, value] of Object.entries(values)) {
      set(key, value);
      const knob = key === "temperature" ? heat : knobs[key];
      knob.value = key === "top_k" ? KS.indexOf(value) : value;
    }
    changed();
  };
  const nucleusNote = el("span", {});

  /** With top-k and top-p both on, say what each would keep: the second sees only what the first left. */
  function update() {
    const kept = (changes) =>
      number(distribution(bench.logits, { ...bench.settings(), minP: 0, ...changes }, bench.context).kept);
    nucleusNote.textContent =
      state.top_k && state.top_p < 1
        ? t("nucleus_after_k", { k: number(state.top_k), both: kept({}), alone: kept({ topK: 0 }) })
        : "";
  }

  const node = el(
    "fieldset",
    { class: "knobs" },
    el("legend", { class: "gb-hidden-text" }, t("settings")),
    Object.values(knobs).map((k) => k.node),
    el(
      "div",
      { class: "buttons" },
      button(t("greedy"), () => setAll({ ...OPEN, temperature: 0 })),
      button(t("open"), () => setAll(OPEN)),
    ),
    el("p", { class: "gb-muted small" }, t("order", { n: number(bench.vocab) }), " ", nucleusNote),
  );
  return { node, update };
}
