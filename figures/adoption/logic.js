// What "draw your guess" computes: the reader's line, where it lies at a count that came later, how far off it and the
// curve were, and on which side of the band the counts came out. No page here.
import { scaleLinear } from "d3-scale";

/** The counts known before the cut, or those after it. */
export const known = (marks, cut) => marks.filter((m) => m.t < cut);
export const later = (marks, cut) => marks.filter((m) => m.t >= cut);

/** Years as places from 0 to 1. */
export const axis = ({ begin, end }) => scaleLinear([begin, end], [0, 1]);

/** The reader's line: [[year, value]], from the last known count through each year asked, and level to the end. */
export function guessLine(view, { cut, asked, end }, guess) {
  const from = known(view.main, cut).at(-1);
  const points = [[from.t, from.v], ...asked.map((t, k) => [t, guess[k]])];
  return [...points, [end, guess.at(-1)]];
}

/** The value at a year of a line of [year, value, …], straight between its points; `k` is the column. */
export function valueAt(line, t, k = 1) {
  if (t <= line[0][0]) return line[0][k];
  for (let i = 1; i < line.length; i++)
    if (t <= line[i][0]) {
      const [a, b] = [line[i - 1], line[i]];
      return a[k] + ((b[k] - a[k]) * (t - a[0])) / (b[0] - a[0]);
    }
  return line.at(-1)[k];
}

/** How far a line lies from later counts, on average. */
export const missed = (line, marks, k = 1) =>
  marks.reduce((sum, m) => sum + Math.abs(valueAt(line, m.t, k) - m.v), 0) / marks.length;

/** How many of the later counts lie above, inside and below the band. */
export function sides(band, marks) {
  const out = { above: 0, inside: 0, below: 0 };
  for (const m of marks) {
    const [low, high] = [valueAt(band, m.t, 1), valueAt(band, m.t, 3)];
    out[m.v > high ? "above" : m.v < low ? "below" : "inside"] += 1;
  }
  return out;
}

/** "400-500-650" as three numbers within the axis, or null. */
export function parseGuess(text, n, top) {
  const values = String(text ?? "")
    .split("-")
    .map(Number);
  return values.length === n && values.every((v) => v >= 0 && v <= top) && /^[\d.-]+$/.test(text) ? values : null;
}

/** Which of the years asked is nearest to a place on the axis; -1 before the cut. */
export function nearest(asked, year, cut) {
  if (year < cut - 0.05) return -1;
  return asked.reduce((best, t, k) => (Math.abs(t - year) < Math.abs(asked[best] - year) ? k : best), 0);
}

/** A value read off a place from 0 (top) to 1, in whole steps of the sliders. */
export const read = (place, top, step) => Math.round(((1 - Math.min(1, Math.max(0, place))) * top) / step) * step;

/** A slider's step: ten million people, or one percent. */
export const grain = (top) => (top > 100 ? 10 : 1);
