// How the training scrubber writes its numbers.
import { visible } from "../core/index.js";

export const number = (n) => n.toLocaleString("en-US", { maximumFractionDigits: 0 });
export const percent = (p) => (p > 0.995 && p < 1 ? ">99%" : p > 0 && p < 0.005 ? "<1%" : `${Math.round(100 * p)}%`);
export const bits = (x) => x.toFixed(x < 1 ? 3 : 2);
export const short = (n) =>
  n < 1e4 ? number(n) : n < 1e6 ? `${number(Math.round(n / 1e3))} thousand` : `${(n / 1e6).toFixed(1)} million`;
export const shownText = (text) =>
  text
    .split("\n")
    .map((line) => visible(line, { spaces: "none" }))
    .join("\n");
