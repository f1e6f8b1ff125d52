// What the mixing desk reads from the grid of trained models. No page here, no interpolation: a mixture
// that was not trained has no numbers.
import { scaleLog } from "d3-scale";

export const SOURCES = ["registers", "harbor", "uptown", "tavern", "copies"];

const gcd = (a, b) => (b ? gcd(b, a % b) : a);
const mean = (xs) => xs.reduce((a, b) => a + b, 0) / xs.length;

/** Shovels in lowest terms, since only shares count: [0, 2, 0, 0, 0] -> [0, 1, 0, 0, 0]. */
export function reduced(mix) {
  const by = mix.reduce(gcd, 0) || 1;
  return mix.map((n) => n / by);
}

/** The share of each source; all 0 when nothing was put in. */
export function shares(mix) {
  const all = mix.reduce((a, b) => a + b, 0);
  return mix.map((n) => (all ? n / all : 0));
}

/** "1-2-0-0-1" -> [1, 2, 0, 0, 1]; null for anything that the sliders cannot show. */
export function parseMix(text, sources) {
  const levels = SOURCES.map((name) => sources[name]);
  const parts = String(text).split("-");
  const mix = parts.map(Number);
  const good = parts.length === levels.length && parts.every((p, i) => /^\d$/.test(p) && levels[i].includes(mix[i]));
  return good ? mix : null;
}

function byMixture(models) {
  const groups = new Map();
  for (const m of models) groups.set(m.mixture.join(), [...(groups.get(m.mixture.join()) ?? []), m]);
  return groups;
}
const sorted = new WeakMap(); // of each grid its models, by mixture: looked up at every tap

/** The models of one mixture, one a town; an empty list when nothing was put in. */
export function models(grid, mix) {
  if (!sorted.has(grid)) sorted.set(grid, byMixture(grid.models));
  return sorted.get(grid).get(reduced(mix).join()) ?? [];
}

/** The losses that the average is made of: new text of every source, but of the copied stories those copied. */
const terms = (model) => [...model.bits.slice(0, 4), model.bits_copied];

/**
 * The loss on text drawn from the mixture itself: what its maker would see. The copied pages come again
 * in it as they do in training; of every other source it is new text.
 */
export function ownLoss(model, mix) {
  const each = terms(model);
  return shares(mix).reduce((sum, share, i) => sum + share * each[i], 0);
}

/**
 * Everything that the charts show of a mixture: { id: [one value a town] }, shares from 0 to 1, losses
 * in bits per byte, rude words in 100 texts. null when nothing was put in.
 */
export function measures(grid, mix) {
  const found = models(grid, mix);
  if (!found.length) return null;
  const each = (of) => found.map(of);
  return {
    own: each((m) => ownLoss(m, mix)),
    ...Object.fromEntries(SOURCES.map((name, i) => [name, each((m) => m.bits[i])])),
    copied: each((m) => m.bits_copied),
    harbor_own: each((m) => m.facts[0][1]),
    harbor_register: each((m) => m.facts[0][0]),
    uptown_own: each((m) => m.facts[1][1]),
    uptown_register: each((m) => m.facts[1][0]),
    recited: each((m) => m.recited),
    rude: each((m) => 100 * m.rude),
    perplexity_harbor: each((m) => m.perplexity[0]),
    perplexity_uptown: each((m) => m.perplexity[1]),
  };
}

/** The measure of each source that counts in the average while the source is in. */
export const TERMS = ["registers", "harbor", "uptown", "tavern", "copied"];
export const LOSSES = ["own", ...SOURCES];
export const ABILITIES = ["harbor_own", "harbor_register", "uptown_own", "uptown_register", "recited"];
export const middle = (values) => (values ? mean(values) : null);

/** The highest mean of the sources' losses: where a scale from 0 must end. */
export const termEnd = (grid) =>
  Math.max(...trained(grid).flatMap((mix) => TERMS.map((id) => middle(measures(grid, mix)[id]))));

/** The averages of all trained mixtures, lowest first. */
export const standing = (grid) =>
  trained(grid)
    .map((mix) => middle(measures(grid, mix).own))
    .sort((a, b) => a - b);

/** The place of an average among all of them, 1 for the lowest. */
export const rank = (standing, average) => 1 + standing.filter((x) => x < average).length;

/**
 * What the average does not count: the sources left out, their mean loss `now` and what it `was` with another
 * mixture's measures (null without one). null when all are in.
 */
export function leftOut(mix, now, was) {
  const out = SOURCES.map((_, i) => i).filter((i) => !mix[i]);
  if (!out.length) return null;
  const of = (m) => m && mean(out.map((i) => middle(m[TERMS[i]])));
  return { sources: out.map((i) => SOURCES[i]), now: of(now), was: of(was) };
}

/** The source that was taken out of `from` to come to `mix`, harbor talk first; null when none was. */
export function takenOut(mix, from) {
  const out = SOURCES.filter((_, i) => !mix[i] && from[i]);
  return out.includes("harbor") ? "harbor" : (out[0] ?? null);
}

/** A scale by ratios from `ends` to places from 0 to 1; outside them, the nearer end. */
export const ratioScale = (ends) => scaleLog(ends, [0, 1]).clamp(true);

/** Round numbers that a scale by ratios marks: 1, 2 and 5 times the powers of ten between its ends. */
export const ratioTicks = (ends) =>
  scaleLog(ends, [0, 1])
    .ticks()
    .filter((x) => /^[125]e/.test(x.toExponential()));

/** The ends of a scale by ratios that holds every loss of the grid. */
export function lossEnds(grid) {
  const all = grid.models.flatMap((m) => [...m.bits, m.bits_copied]);
  const down = [0.01, 0.02, 0.05, 0.1, 0.2].filter((x) => x <= Math.min(...all)).at(-1) ?? 0.005;
  return [down, Math.max(5, Math.ceil(Math.max(...all)))];
}

/** Every mixture that was trained, once, in the grid's order. */
export function trained(grid) {
  return grid.models.filter((m) => m.seed === grid.seeds[0]).map((m) => m.mixture);
}

/** All pairs of mixtures that differ in one source alone: [measures without it, measures with one shovel]. */
export function pairs(grid, source) {
  const at = SOURCES.indexOf(source);
  const without = trained(grid).filter((mix) => mix[at] === 0 && mix.every((n) => n < 2));
  return without.map((mix) => [mix, mix.map((n, i) => (i === at ? 1 : n))].map((m) => measures(grid, m)));
}

/** In how many of the pairs the average over the mixture itself is lower without the source: [k, of n]. */
export function betterWithout(grid, source) {
  const all = pairs(grid, source);
  return [all.filter(([out, in_]) => middle(out.own) < middle(in_.own)).length, all.length];
}

/** Facts about the people of a part of town, asked in their own words: of the sources that tell of them alone. */
const KNOWN = { harbor: "harbor_own", uptown: "uptown_own" };

/** What the figure states of leaving out one source. `key` says which sentence holds for this grid. */
export function finding(grid, source) {
  const all = pairs(grid, source);
  const [better, n] = betterWithout(grid, source);
  const term = TERMS[SOURCES.indexOf(source)];
  const ratios = all.map(([out, in_]) => middle(out[term]) / middle(in_[term]));
  const known = (side) => KNOWN[source] && mean(all.map((pair) => middle(pair[side][KNOWN[source]])));
  return {
    n,
    better,
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    without: known(0),
    with: known(1),
    key: better === n ? "all" : 2 * better > n ? "most" : "few",
  };
}

/** A text in parts, each rude or not: [{ text, rude }], which join to the text. */
export function rudeParts(text, words) {
  const rude = new Set(words);
  return text
    .split(/([\p{L}\d_-]+)/u)
    .filter(Boolean)
    .map((part) => ({ text: part, rude: rude.has(part.toLowerCase()) }));
}
