// What the leash figure computes from the recording: where each training run ended and how it went there,
// means and ranges over seeds, axes, how replies turn, and which sentence the recording bears out. No page here.
import { scaleLinear, scaleLog, scaleSqrt } from "d3-scale";

export const MEASURES = ["kl", "proxy", "gold", "invented", "right", "polite", "words"];

/** What the page shows of a measure: distances are recorded in nats and shown in bits. */
const inBits = (key, value) => (key === "kl" ? value / Math.LN2 : value);

/** Mean and range of some numbers. */
export function spread(values) {
  return {
    mean: values.reduce((a, b) => a + b, 0) / values.length,
    low: Math.min(...values),
    high: Math.max(...values),
  };
}

/** One leash's runs as a path: at every recorded iteration each measure's mean and range over the seeds. */
export function path({ runs }) {
  const stops = Math.min(...runs.map(({ curve }) => curve.length));
  return Array.from({ length: stops }, (_, i) => ({
    iteration: runs[0].curve[i].iteration,
    ...Object.fromEntries(MEASURES.map((key) => [key, spread(runs.map(({ curve }) => inBits(key, curve[i][key])))])),
  }));
}

/** Where the runs of every leash ended, in the recording's order, loosest first. */
export const frontier = ({ leash }) => leash.map((entry) => ({ beta: entry.beta, ...path(entry).at(-1) }));

/** KL from 0 to `most` as places from 0 to 1, by square roots: so the first bits, where most happens, have room. */
export const klScale = (most) => scaleSqrt([0, most], [0, 1]).clamp(true);

/** Ticks that are apart on an axis of square roots: 0, then about doubling. */
export function klTicks(kl) {
  const round = scaleLog([0.1, 100], [0, 1]).ticks();
  const out = [0];
  for (const x of round.filter((v) => v <= kl.domain()[1] && /^[125]/.test(v.toExponential()))) {
    if (kl(x) - kl(out.at(-1)) > 0.12) out.push(x);
  }
  return out;
}

/** Round iterations from 0 to the last, few. */
export const iterationTicks = (last) => scaleLinear([0, last], [0, 1]).ticks(3);

/** The range that a measure's axis must cover, zero included, with a little room. */
export function domain(paths, key, before) {
  const values = paths.flat().flatMap((stop) => [stop[key].low, stop[key].high]);
  if (Number.isFinite(before)) values.push(before);
  const low = Math.min(0, ...values),
    high = Math.max(0, ...values);
  const room = 0.04 * (high - low || 1);
  return [low < 0 ? low - room : 0, high + room];
}

/** The leash whose end lies nearest to a place on the axis; of two as near, the looser. */
export function nearest(ends, at, kl) {
  let best = 0;
  ends.forEach((end, i) => {
    if (Math.abs(kl(end.kl.mean) - at) < Math.abs(kl(ends[best].kl.mean) - at) - 1e-12) best = i;
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
  const each = recording.leash[0].runs.every(
    ({ curve }) => curve[last].gold < curve[peak].gold && curve[last].proxy > curve[peak].proxy,
  );
  const mean = loose[last].gold.mean < loose[peak].gold.mean && loose[last].proxy.mean > loose[peak].proxy.mean;
  return {
    key: peak === last ? "rose" : each ? "turned" : mean ? "less" : "none",
    best,
    top: ends[best],
    peak: loose[peak],
    end: loose[last],
  };
}

const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}'’]+/gu) ?? [];

/** How many of each word. */
function counted(words) {
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** How much of one reply is other words than another's: 0 the same words, 1 none in common. */
export function change(one, other) {
  const [a, b] = [one, other].map((text) => counted(wordsOf(text)));
  const size = (counts) => [...counts.values()].reduce((x, y) => x + y, 0);
  const common = [...a].reduce((n, [word, count]) => n + Math.min(count, b.get(word) ?? 0), 0);
  return 1 - common / Math.max(1, size(a), size(b));
}

/**
 * Questions by how visibly training turns their replies, as places in `turns`: those first whose right answer is
 * `lost`, of these the ones whose answer a leash has `kept`, then by how many words `change`.
 */
export function showiest(turns) {
  const weight = ({ lost, kept, change: words }) => 4 * lost + 2 * (lost && kept) + words;
  return turns.map((_, k) => k).sort((a, b) => weight(turns[b]) - weight(turns[a]) || a - b);
}

/**
 * A reply in pieces: { text, is }, "true" where it names the true answer, "fresh" where a word was not in the
 * reply before, else "same".
 */
export function pieces(reply, truth, before) {
  const at = truth ? reply.toLowerCase().indexOf(truth.toLowerCase()) : -1;
  const known = counted(wordsOf(before));
  const plain = (text) =>
    (text.match(/\s+|\S+/g) ?? []).map((part) => {
      const [word] = wordsOf(part);
      const left = word ? (known.get(word) ?? 0) : 1;
      if (word) known.set(word, left - 1);
      return { text: part, is: left > 0 ? "same" : "fresh" };
    });
  if (at < 0) return plain(reply);
  const end = at + truth.length;
  return [...plain(reply.slice(0, at)), { text: reply.slice(at, end), is: "true" }, ...plain(reply.slice(end))];
}
