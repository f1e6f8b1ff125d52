// Guesses against blind guessing: what a die with four sides would get, and how far a score can be told from that.
import { random, shuffle } from "../core/random.js";

/** Endings to choose among: a blind guess is right once in four. */
export const CHANCE = 1 / 4;
/** From how many guesses on something is said about skill. */
export const ENOUGH = 8;

/** The endings of item number `i` in an order that is always the same, so that a link shows what was seen. */
export const laidOut = (items, i) => shuffle(items[i].endings, random(i + 21));

/** A number that was typed into a link, as the number of an item. */
export const numberOf = (items, asked) => {
  const n = Math.trunc(Number(asked));
  return Number.isFinite(n) ? ((n % items.length) + items.length) % items.length : 0;
};

/** How often a blind guesser has `right` or more of `n`: the upper tail of a binomial distribution. */
export function byLuck(right, n) {
  let term = (1 - CHANCE) ** n;
  let below = 0;
  for (let k = 0; k < right; k += 1) {
    below += term;
    term *= ((n - k) / (k + 1)) * (CHANCE / (1 - CHANCE));
  }
  return Math.min(1, Math.max(0, 1 - below));
}

/** Wilson's interval of 95% around a share; of no guesses at all it is everything. */
export function interval(right, n) {
  if (!n) return [0, 1];
  const z = 1.959963984540054;
  const p = right / n;
  const mid = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const all = 1 + (z * z) / n;
  return [Math.max(0, (mid - half) / all), Math.min(1, (mid + half) / all)];
}

/** `guesses[i]` is whom the reader took for the writer of item i, or null: how many were made, and how many were right. */
export function scoreOf(guesses) {
  const made = guesses.filter(Boolean);
  return { n: made.length, right: made.filter((by) => by === "written").length };
}

/** How often each was picked, with the one that was right first. */
export function taken(guesses) {
  const who = ["written", "model", "dice", "book", "count"];
  return who.map((by) => ({ by, n: guesses.filter((g) => g === by).length }));
}

/** What may be said: "none" before a guess, "few" before ENOUGH, then "better", "worse" or "same" as blind guessing. */
export function finding(guesses) {
  const { n, right } = scoreOf(guesses);
  if (n === 0) return "none";
  if (n < ENOUGH) return "few";
  const [low, high] = interval(right, n);
  return low > CHANCE ? "better" : high < CHANCE ? "worse" : "same";
}

/** What was kept in this browser, mended: one entry an item, only names that the item has. */
export function mended(items, kept) {
  const list = Array.isArray(kept) ? kept : [];
  return items.map((item, i) => (item.endings.some((e) => e.by === list[i]) ? list[i] : null));
}

/** The first item without a guess; the very first once all have one. */
export const firstOpen = (guesses) =>
  Math.max(
    0,
    guesses.findIndex((g) => !g),
  );
