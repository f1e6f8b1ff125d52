// The mixer: a slider for every source, a bar of their shares, and mixtures to begin with.

import grid from "../../glassbox/recordings/data_cleaning.json";
import { button, el, put, slider, uid } from "../core/index.js";
import { parseMix, SOURCES, shares } from "./logic.js";
import { percent } from "./words.js";

export const ALL = [1, 1, 1, 1, 1];
const PRESETS = { all: ALL, no_harbor: [1, 0, 1, 1, 1], clean: [1, 1, 1, 0, 0], registers: [1, 0, 0, 0, 0] };

export const sourceName = (t, s) => t(s, { n: grid.n_copied });

/** A mixture in words: "The registers 50%, ..." */
export function mixWords(t, mix) {
  const share = shares(mix);
  return (
    SOURCES.map((s, i) => share[i] && `${sourceName(t, s)} ${percent(share[i])}`)
      .filter(Boolean)
      .join(", ") || t("value_none")
  );
}

/** The mixture that a link, the page or Python asks for; of a broken link, the page's own; null for none. */
export const asked = (fig, model, key) =>
  parseMix(fig.get(key), grid.sources) ?? parseMix(model.get(key), grid.sources);

/** `onmix(mix)` hears every mixture that the reader sets. */
export function mixerPanel({ t }, desk, onmix) {
  const sliders = SOURCES.map((s, i) => sourceSlider(t, desk, s, i, onmix));
  const parts = SOURCES.map((s) => el("span", { class: s }));
  const bar = el("div", { class: "mixbar", role: "img" }, parts);

  function draw() {
    sliders.forEach((s, i) => {
      s.value = desk.mix[i];
    });
    shares(desk.mix).forEach((share, i) => {
      parts[i].style.setProperty("flex-grow", share);
      parts[i].hidden = !share;
    });
    bar.setAttribute("aria-label", t("share_bar", { parts: mixWords(t, desk.mix) }));
  }
  const node = el(
    "div",
    { class: "desk" },
    el(
      "fieldset",
      {},
      el("legend", { class: "gb-hidden-text" }, t("sliders")),
      el(
        "div",
        { class: "sliders" },
        sliders.map((s) => s.node),
      ),
    ),
    bar,
    el(
      "div",
      { class: "buttons", role: "group", "aria-label": t("presets") },
      Object.entries(PRESETS).map(([key, to]) => button(t(`preset_${key}`), () => onmix(to))),
    ),
  );
  return { node, draw, focus: () => sliders[0].input.focus({ preventScroll: true }) };
}

function sourceSlider(t, desk, source, i, onmix) {
  const stops = grid.sources[source];
  const s = slider({
    label: sourceName(t, source),
    min: stops[0],
    max: stops.at(-1),
    step: 1,
    value: desk.mix[i],
    format: (n) => (n ? t("value", { n, share: percent(shares(desk.mix)[i]) }) : t("value_none")),
    oninput: (n) => onmix(desk.mix.map((old, k) => (k === i ? n : old))),
  });
  const marks = uid("stops"); // marks at the stops
  s.node.classList.add(source);
  s.node.querySelector("output").setAttribute("aria-live", "off"); // one slider changes the shares of all
  s.input.setAttribute("list", marks);
  s.node.append(
    el(
      "datalist",
      { id: marks },
      stops.map((n) => el("option", { value: n })),
    ),
  );
  return s;
}

/** What the mixture is compared with, and the button that keeps another. */
export function comparedPanel({ t }, desk, onkeep) {
  const line = el("p", { class: "compared" });
  const keep = button(t("keep"), onkeep);
  return {
    nodes: [line, keep],
    draw(same, nothing) {
      put(line, same ? t("same") : t("compared", { mix: mixWords(t, desk.kept) }));
      keep.hidden = same || nothing;
    },
  };
}
