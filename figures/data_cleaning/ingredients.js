// The five sources to tap, each with a bar for how much it surprises the model: the bars of those that are in make
// the average, the others are not counted.

import { scaleLinear } from "d3-scale";
import grid from "../../glassbox/recordings/data_cleaning.json";
import { el, MAIN, uid } from "../core/index.js";
import { middle, SOURCES, shares, TERMS, termEnd } from "./logic.js";
import { mixWords, sourceName } from "./mixer.js";
import { bits, number } from "./words.js";

const place = scaleLinear([0, termEnd(grid)], [0, 100]).clamp(true);
const wide = (x) => `${place(x).toFixed(2)}%`;

/** `onmix(mix, at)` hears every mixture that the reader taps, and which source was tapped. */
export function ingredientsPanel({ t }, desk, onmix) {
  const rows = SOURCES.map((source, i) =>
    ingredient(t, source, () =>
      onmix(
        desk.mix.map((n, k) => (k === i ? +!n : n)),
        i,
      ),
    ),
  );
  const parts = SOURCES.map((s) => el("span", { class: s }));
  const bar = el("div", { class: "mixbar", role: "img" }, parts);
  const node = el(
    "fieldset",
    { ...MAIN.control, class: "ingredients" },
    el("legend", { class: "gb-hidden-text" }, t("sources")),
    el("p", { class: "reads" }, t("reads", { tokens: number(grid.tokens) })),
    bar,
    el("p", { class: "axis", "aria-hidden": "true" }, t("axis")),
    rows.map((row) => row.node),
  );

  /** The bars of a mixture, with marks at what they were with another, if there is one. */
  function draw(now, was) {
    rows.forEach((row, i) => row.draw(!!desk.mix[i], now && middle(now[TERMS[i]]), was && middle(was[TERMS[i]])));
    shares(desk.mix).forEach((share, i) => parts[i].style.setProperty("flex-grow", share));
    bar.setAttribute("aria-label", t("share_bar", { parts: mixWords(t, desk.mix) }));
  }
  return { node, draw, focus: () => rows[0].focus() };
}

function ingredient(t, source, ontap) {
  const [name, value] = [uid("source"), uid("surprise")];
  const input = el("input", {
    type: "checkbox",
    "aria-labelledby": name,
    "aria-describedby": value,
    "data-lm-suppress-shortcuts": "true",
    onchange: ontap,
  });
  const fill = el("span", { class: "fill" });
  const old = el("span", { class: "old" });
  const shown = el("b");
  const state = el("span", { class: "gb-hidden-text" });
  const node = el(
    "label",
    { class: `ingredient ${source}` },
    input,
    el("span", { class: "name", id: name }, sourceName(t, source)),
    el("span", { class: "long", "aria-hidden": "true" }, fill, old),
    el("span", { class: "value", id: value }, shown, state),
  );
  return {
    node,
    focus: () => input.focus({ preventScroll: true }),
    draw(inside, now, was) {
      input.checked = inside;
      node.classList.toggle("out", !inside);
      shown.textContent = now === null ? "" : bits(now);
      state.textContent = ` ${t(inside ? "counted" : "not_counted")}`;
      fill.style.setProperty("inline-size", wide(now ?? 0));
      old.hidden = was === null;
      if (was !== null) old.style.setProperty("inset-inline-start", wide(was));
    },
  };
}
