// What the leash figure computes from the recording: where each training run ended and how it went there,
// means and ranges over seeds, axes, and which sentence the recording bears out. No page here.

export const MEASURES = ["kl", "proxy", "gold", "invented", "right", "polite", "words"];

/** Mean and range of some numbers. */
export function spread(values) {
  return { mean: values.reduce((a, b) => a + b, 0) / values.length, low: Math.min(...values), high: Math.max(...values) };
}

/** One leash's runs as a path: at every recorded iteration each measure's mean and range over the seeds. */
export function path({ runs }) {
  const stops = Math.min(...runs.map(({ curve }) => curve.length));
  return Array.from({ length: stops }, (_, i) => ({
    iteration: runs[0].curve[i].iteration,
    ...Object.fromEntries(MEASURES.map((key) => [key, spread(runs.map(({ curve }) => curve[i][key]))])),
  }));
}

/** Where the runs of every leash ended, in the recording's order, loosest first. */
export const frontier = ({ leash }) => leash.map((entry) => ({ beta: entry.beta, ...path(entry).at(-1) }));

/** KL from 0 to `most` as places from 0 to 1, by square roots: so the first nats, where most happens, have room. */
export const place = (kl, most) => Math.sqrt(Math.max(0, kl) / most);

/** Round numbers for an axis from `low` to `high`, few, at least one. */
export function ticks(low, high, about = 4) {
  const rough = Math.max((high - low) / about, 1e-9);
  const ten = 10 ** Math.floor(Math.log10(rough));
  const width = [1, 2, 5, 10].map((k) => k * ten).find((w) => w >= rough * 0.999);
  const out = [];
  for (let k = Math.ceil(low / width - 1e-9); k * width <= high + 1e-9 * width; k += 1) out.push(+(k * width).toPrecision(12));
  return out;
}

/** Ticks that are apart on an axis of square roots: 0, then about doubling. */
export function klTicks(most) {
  const out = [0];
  for (const ten of [0.1, 1, 10, 100]) for (const k of [1, 2, 5]) {
    const t = +(k * ten).toPrecision(3);
    if (t <= most && (place(t, most) - place(out.at(-1), most) > 0.12)) out.push(t);
  }
  return out;
}

/** The range that a measure's axis must cover, zero included, with a little room. */
export function domain(paths, key, before) {
  const values = paths.flat().flatMap((stop) => [stop[key].low, stop[key].high]);
  if (Number.isFinite(before)) values.push(before);
  const low = Math.min(0, ...values), high = Math.max(0, ...values);
  const room = 0.04 * (high - low || 1);
  return [low < 0 ? low - room : 0, high + room];
}

/** The leash whose end lies nearest to a place on the axis; of two as near, the looser. */
export function nearest(ends, at, most) {
  let best = 0;
  ends.forEach((end, i) => {
    if (Math.abs(place(end.kl.mean, most) - at) < Math.abs(place(ends[best].kl.mean, most) - at) - 1e-12) best = i;
  });
  return best;
}

/** The leash whose coefficient is nearest to one that a link or a page names. */
export function byBeta(leash, beta) {
  const off = (x) => Math.abs(Math.log10(x + 1e-4) - Math.log10(Math.max(0, beta) + 1e-4));
  return leash.reduce((best, entry, i) => (off(entry.beta) < off(leash[best].beta) ? i : best), 0);
}

/**
 * What the recording bears out. Along the runs with the loosest leash, from the stop with the most gold to the end:
 *   "turned"  the score rises and gold falls, in every seed
 *   "less"    so on average, but not in every seed
 *   "rose"    gold is at its best at the end
 *   "none"    none of these
 * `best` is the leash whose runs ended with the most gold.
 */
export function finding(recording) {
  const ends = frontier(recording);
  const best = ends.reduce((b, end, i) => (end.gold.mean > ends[b].gold.mean ? i : b), 0);
  const loose = path(recording.leash[0]);
  const peak = loose.reduce((b, stop, i) => (stop.gold.mean > loose[b].gold.mean ? i : b), 0);
  const last = loose.length - 1;
  const each = recording.leash[0].runs.every(({ curve }) => curve[last].gold < curve[peak].gold && curve[last].proxy > curve[peak].proxy);
  const mean = loose[last].gold.mean < loose[peak].gold.mean && loose[last].proxy.mean > loose[peak].proxy.mean;
  return { key: peak === last ? "rose" : each ? "turned" : mean ? "less" : "none", best, top: ends[best], peak: loose[peak], end: loose[last] };
}
