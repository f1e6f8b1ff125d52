// What the labeling shift computes: a Bradley-Terry model of somebody's choices, fitted by Newton's method with
// a ridge, its uncertainty, what reported pay comes to at a reader's pace, and the best of n replies under the
// fitted reward. No page here. figures/the_label_office/golden.json holds fit and best-of-n to scikit-learn's and
// the library's answers.
import { scaleLog } from "d3-scale";

export const MARKS = ["right", "unsure", "courteous", "rude", "long"];
export const SPREAD = 1.5; // of the normal prior that each weight starts from: the ridge
export const HOUR = 3_600_000; // milliseconds

/** The marks that the model of the choices may see: "register" knows what is true, "page" sees only the page. */
export const marksSeen = (see) => (see === "page" ? MARKS.slice(1) : MARKS);

/** A recorded reply, [text, verdict, manner, words, gold], with its marks as numbers. */
export function readReply([text, verdict, manner, words, gold]) {
  return {
    text,
    verdict,
    manner,
    words,
    gold,
    marks: {
      right: +(verdict === "right"),
      unsure: +(verdict === "refused"),
      courteous: +(manner === "polite"),
      rude: +(manner === "rude"),
      long: words / 10,
    },
  };
}

export const features = (reply, names) => names.map((name) => reply.marks[name]);

/** One choice as the fit reads it: how the first reply's marks differ from the second's, and whether it was picked. */
export function row({ a, b }, pickedA, names) {
  const [fa, fb] = [features(a, names), features(b, names)];
  return { x: fa.map((v, i) => v - fb[i]), y: pickedA ? 1 : 0 };
}

const dot = (u, v) => u.reduce((sum, x, i) => sum + x * v[i], 0);
const sigmoid = (z) => 0.5 + 0.5 * Math.tanh(z / 2);
/** ln(1 + e^z) without overflow. */
const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

/** The chance that Bradley and Terry's model gives the first reply. */
export const chance = (weights, x) => sigmoid(dot(weights, x));

/** The inverse of a small positive definite matrix (Gauss-Jordan; no pivot can be 0). */
export function inverse(matrix) {
  const n = matrix.length;
  const m = matrix.map((r, i) => [...r, ...r.map((_, j) => +(i === j))]);
  for (let i = 0; i < n; i += 1) {
    const pivot = m[i][i];
    m[i] = m[i].map((v) => v / pivot);
    for (let k = 0; k < n; k += 1) {
      if (k === i) continue;
      const factor = m[k][i];
      m[k] = m[k].map((v, j) => v - factor * m[i][j]);
    }
  }
  return m.map((r) => r.slice(n));
}

/**
 * The weights that make the choices most probable, given that each was drawn from a normal distribution around 0
 * with this spread: logistic regression with a ridge, no intercept. `sd` is how uncertain each weight is (the
 * curvature at the top, Laplace's approximation); without choices it is the prior's spread.
 */
export function fit(rows, dims, spread = SPREAD) {
  const prior = 1 / spread ** 2;
  const loss = (w) =>
    rows.reduce((sum, { x, y }) => sum + softplus(dot(w, x)) - y * dot(w, x), 0) + 0.5 * prior * dot(w, w);
  let weights = Array(dims).fill(0),
    covariance;
  for (let step = 0; step < 50; step += 1) {
    const gradient = weights.map((w) => prior * w);
    const hessian = weights.map((_, i) => weights.map((__, j) => (i === j ? prior : 0)));
    for (const { x, y } of rows) {
      const p = chance(weights, x);
      for (let i = 0; i < dims; i += 1) {
        gradient[i] += (p - y) * x[i];
        for (let j = 0; j < dims; j += 1) hessian[i][j] += p * (1 - p) * x[i] * x[j];
      }
    }
    covariance = inverse(hessian);
    const move = covariance.map((r) => dot(r, gradient));
    if (Math.max(...move.map(Math.abs), 0) < 1e-10) break;
    let scale = 1; // half the step until it helps: Newton may overshoot
    const before = loss(weights);
    const at = () => weights.map((w, i) => w - scale * move[i]);
    while (scale > 1e-6 && loss(at()) > before + 1e-12) scale /= 2;
    weights = at();
  }
  return { weights, sd: covariance.map((r, i) => Math.sqrt(r[i])) };
}

/** For each choice the chance that a model of the choices before it gave to what was picked. */
export function foretold(rows, dims) {
  return rows.map(({ x, y }, k) => {
    const p = chance(fit(rows.slice(0, k), dims).weights, x);
    return y ? p : 1 - p;
  });
}

/** How many of them were guessed; one at exactly one half is no guess. */
export function guessed(chances) {
  const said = chances.filter((p) => Math.abs(p - 0.5) > 1e-9);
  return { right: said.filter((p) => p > 0.5).length, of: said.length };
}

/** How often the truly better reply was picked; a tie counts half. */
export function agreement(choices) {
  const won = choices.map(({ pair: { a, b }, pickedA }) => {
    const margin = pickedA ? a.gold - b.gold : b.gold - a.gold;
    return Math.abs(margin) < 1e-9 ? 0.5 : +(margin > 0);
  });
  return won.length ? won.reduce((s, v) => s + v, 0) / won.length : null;
}

// ---------------------------------------------------------------------------------------------
// Pay

/** Labels an hour, or null before there is anything to divide. */
export const pace = (labels, ms) => (labels > 0 && ms >= 1000 ? (labels * HOUR) / ms : null);

/** What an hourly pay comes to: for this time, and for a number of labels at this pace. Dollars, low and high. */
export function earned({ low, high }, ms, perHour, labels = 1000) {
  const times = (k) => ({ low: low * k, high: high * k });
  return { shift: times(ms / HOUR), labels: perHour ? times(labels / perHour) : null };
}

/** Pieces an hour and dollars a piece, from pieces in a shift of so many hours and pay an hour. */
export function pieces({ low, high }, pay, hours) {
  return {
    hour: { low: low / hours, high: high / hours },
    each: { low: (pay.low * hours) / high, high: (pay.high * hours) / low },
  };
}

/** Dollars as people write them: cents under one dollar, digits as the size needs. */
export function money(x) {
  if (x === 0) return "$0";
  if (x < 0.995) {
    const cents = 100 * x;
    return `${cents < 0.1 ? cents.toPrecision(1) : cents < 9.95 ? +cents.toFixed(1) : Math.round(cents)}¢`;
  }
  return x < 100 ? `$${x.toFixed(2).replace(/\.00$/, "")}` : `$${Math.round(x).toLocaleString("en-US")}`;
}

/** A range of dollars, the sign written once; one number where both ends read the same. */
export function range({ low, high }) {
  const [a, b] = [money(low), money(high)];
  if (a === b) return a;
  if (a.endsWith("¢") && b.endsWith("¢")) return `${a.slice(0, -1)}–${b}`;
  return a.startsWith("$") && b.startsWith("$") ? `${a}–${b.slice(1)}` : `${a}–${b}`;
}

/** Pay by ratios, as places from 0 to 1; outside the ends, the nearer one. */
export const payScale = (low, high) => scaleLog([low, high], [0, 1]).clamp(true);

/** 75,400 ms -> "1:15". */
export const clock = (ms) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

// ---------------------------------------------------------------------------------------------
// Best of n

/**
 * The mean of `values` over the best-scored of n replies, all sets of n out of the N counted; replies with the
 * same score share what falls to them. Both are [question][reply].
 */
export function expectedBest(scores, values, n) {
  const each = scores.map((list, q) => {
    const order = list.map((_, i) => i).sort((i, j) => list[i] - list[j]);
    const N = order.length;
    const below = (m) => {
      // the share of sets that hold only the m lowest: C(m, n) / C(N, n)
      let share = 1;
      for (let j = 0; j < n; j += 1) share *= Math.max(0, m - j) / (N - j);
      return share;
    };
    let sum = 0;
    for (let i = 0; i < N; ) {
      let end = i + 1;
      while (end < N && list[order[end]] - list[order[i]] < 1e-9) end += 1;
      const mean = order.slice(i, end).reduce((s, k) => s + values[q][k], 0) / (end - i);
      sum += (below(end) - below(i)) * mean;
      i = end;
    }
    return sum;
  });
  return each.reduce((a, b) => a + b, 0) / each.length;
}

/** Rewards of all replies of the pool, in spreads from the pool's mean; all 0 if the weights tell nothing apart. */
export function scored(pool, weights, names) {
  const raw = pool.map(({ replies }) => replies.map((r) => dot(weights, features(r, names))));
  const all = raw.flat();
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  const sd = Math.sqrt(all.reduce((s, v) => s + (v - mean) ** 2, 0) / all.length);
  return raw.map((list) => list.map((v) => (sd > 1e-9 ? (v - mean) / sd : 0)));
}

export const doublings = (N) => Array.from({ length: Math.floor(Math.log2(N)) + 1 }, (_, k) => 2 ** k);

const SHARES = {
  own: (_, score) => score,
  gold: (r) => r.gold,
  courteous: (r) => r.marks.courteous,
  rude: (r) => r.marks.rude,
  words: (r) => r.words,
};

/** What the winners are, on average, for each n: reward, gold, the most gold there is, manners, length, truth. */
export function curve(pool, scores) {
  const pick = (of, about = () => true) => {
    const kept = pool.map((q, i) => [q, scores[i]]).filter(([q]) => about(q));
    return [kept.map(([, s]) => s), kept.map(([q, s]) => q.replies.map((r, k) => of(r, s[k])))];
  };
  const gold = pool.map(({ replies }) => replies.map((r) => r.gold));
  const known = (q) => q.truth !== null,
    strange = (q) => q.truth === null;
  return doublings(pool[0].replies.length).map((n) => ({
    n,
    ...Object.fromEntries(Object.entries(SHARES).map(([key, of]) => [key, expectedBest(...pick(of), n)])),
    most: expectedBest(gold, gold, n),
    right: expectedBest(...pick((r) => r.marks.right, known), n),
    invented: expectedBest(...pick((r) => +(r.verdict === "invented"), strange), n),
  }));
}

/** The replies that are best so far as the first 1, 2, 4 … of a question's replies are looked at: [{ from, to, reply, score }]. */
export function ladder({ replies }, scores) {
  const out = [];
  for (const n of doublings(replies.length)) {
    let best = 0;
    for (let i = 1; i < n; i += 1) if (scores[i] > scores[best] + 1e-9) best = i;
    if (out.at(-1)?.index === best) out.at(-1).to = n;
    else out.push({ from: n, to: n, index: best, reply: replies[best], score: scores[best] });
  }
  return out;
}

/**
 * What the search did to gold:
 *   "none"    the reward tells no two replies apart
 *   "lost"    the winners of the largest search have less gold than replies picked blindly
 *   "turned"  gold is at its best somewhere on the way, and then falls
 *   "short"   gold rises, but by less than half of what the town's own reward would have found
 *   "rose"    gold rises with the reward
 */
export function finding(points, room = 0.03) {
  const [first, last] = [points[0], points.at(-1)];
  const peak = points.reduce((best, p) => (p.gold > best.gold ? p : best), first);
  const share = (last.gold - first.gold) / (last.most - first.most);
  let key = share < 0.5 ? "short" : "rose";
  if (peak.gold > last.gold + room) key = "turned";
  if (last.gold < first.gold - room) key = "lost";
  if (last.own - first.own < 1e-6) key = "none";
  return { key, first, last, peak, share };
}
