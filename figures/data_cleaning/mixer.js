// Mixtures: in words, from a link, ready-made ones, and the one that others are compared with.

import grid from "../../glassbox/recordings/data_cleaning.json";
import { button, el, put } from "../core/index.js";
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

/** Mixtures to jump to: `onmix(mix)` hears which. */
export const presetButtons = (t, onmix) =>
  el(
    "div",
    { class: "buttons", role: "group", "aria-label": t("presets") },
    Object.entries(PRESETS).map(([key, to]) => button(t(`preset_${key}`), () => onmix(to))),
  );

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
