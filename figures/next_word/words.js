// How this figure writes shares and what a reader typed.
import { clean, el, visible } from "../core/index.js";

export const percent = (p) =>
  p >= 0.995 ? ">99%" : p >= 0.1 ? `${Math.round(100 * p)}%` : p >= 0.001 ? `${(100 * p).toFixed(1)}%` : "<0.1%";
export const inWords = (t, p) => (p >= 0.995 ? t("nearly_all") : p < 0.001 ? t("nearly_none") : percent(p));

/** What a reader typed, short, and held together where it is written from right to left. */
export function quoted(typed) {
  const { text, cropped } = clean(typed.trim(), 40);
  return `\u2068${visible(text)}${cropped ? "…" : ""}\u2069`;
}

/** A bar over the share `p` of its track. */
export const bar = (p, is = "") =>
  el(
    "span",
    { class: "track" },
    el("span", { class: `bar${is}`, style: { "inline-size": `${(100 * p).toFixed(1)}%` } }),
  );
