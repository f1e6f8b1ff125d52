// What the scaling explorer computes: which runs a fit takes, straight lines on log axes, the parametric
// law of Hoffmann et al. (2022), bootstrap bands, and what a budget should buy. No page here.
// The fits are those of glassbox.scale.scaling (figures/scaling_laws/golden.json holds both to it).
import { scaleLog } from "d3-scale";

export const AXES = { n: "n_params", d: "n_tokens", c: "flops" };
export const FLOPS_PER_PARAMETER_TOKEN = 6; // C = 6 N D
export const PF_DAY = 1e15 * 86400; // in floating-point operations

// ---------------------------------------------------------------- numbers

/** A quantile with linear interpolation, as numpy's; `sorted` must be in order. */
export function quantile(sorted, q) {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

/** The middle and the ends of an interval that holds `share` of the values. */
export function interval(values, share = 0.95) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (!sorted.length) return null;
  return {
    low: quantile(sorted, (1 - share) / 2),
    mid: quantile(sorted, 0.5),
    high: quantile(sorted, (1 + share) / 2),
    n: sorted.length,
  };
}

const STEPS = [/^[1-9]e/, /^[1-57]e/, /^[125]e/, /^[13]e/, /^1e/]; // how the marks of a log axis may begin, from many to few

/** Marks for a log axis of any length, at most `most`: round ones of each power of ten, or of some powers of ten. */
export function logTicks(low, high, most = 7) {
  const scale = scaleLog([low, high], [0, 1]);
  if (high > 3 * low) {
    for (const begins of STEPS) {
      const out = scale.ticks(most).filter((x) => begins.test(x.toExponential()));
      if (out.length <= most && out.length >= 2) return out;
    }
  }
  let n = most;
  while (n > 1 && scale.ticks(n).length > most) n -= 1;
  return scale.ticks(n);
}

/** Marks for an axis of losses that goes by their ratios above a floor: at most `most`, the rounder the sooner, none crowded. */
export function lossTicks(low, high, floor, most = 7) {
  const place = scaleLog([low - floor, high - floor], [0, 1]);
  const out = [];
  for (const step of [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01]) {
    for (let k = Math.ceil(low / step); k * step <= high && out.length < most; k += 1) {
      const x = +(k * step).toFixed(2);
      if (out.length > 2 && x > 10 * step) break; // three digits only where round numbers are too few
      if (x > floor && out.every((y) => Math.abs(place(x - floor) - place(y - floor)) > 0.75 / most)) out.push(x);
    }
  }
  return out.sort((a, b) => a - b);
}

// ---------------------------------------------------------------- the runs

/**
 * The runs that can stand on log axes, with an id each. `group` says what a run is for: "grid" for the fits, "larger" for more
 * compute than theirs, "held_out" for a much larger model; other groups (trials of learning rates) stay out, and so does a
 * diverged run, which has no loss. `engine` is "gpu" where the device is a card.
 */
export const usable = (runs) =>
  runs
    .filter(wanted)
    .filter((r) => [r.n_params, r.n_tokens, r.flops, r.loss].every((v) => Number.isFinite(v) && v > 0))
    .map((r, i) => ({
      ...r,
      id: String(i),
      group: r.group ?? "grid",
      engine: (r.device ?? "cpu") === "cpu" ? "cpu" : "gpu",
    }));

export const wanted = (r) => ["grid", "larger", "held_out"].includes(r.group ?? "grid");

/**
 * The compute frontier: at every budget the setting with the lowest mean loss (its seeds stay together), without those that a
 * cheaper setting beats. Runs that had no budget stay out; if none had one, runs are put together by compute, in steps of a
 * twentieth of a decade.
 */
export function best(runs) {
  const planned = runs.filter((r) => r.budget);
  const groups = [...groupBy(planned.length ? planned : runs, setting).values()].map((group) => ({
    group,
    mean: group.reduce((s, r) => s + r.loss, 0) / group.length,
    flops: group[0].flops,
  }));
  const at = groupBy(groups, ({ group: [r] }) => r.budget ?? Math.round(20 * Math.log10(r.flops)));
  const found = [...at.values()].map((list) => list.reduce((a, b) => (b.mean < a.mean ? b : a)));
  return found
    .filter(({ mean, flops }) => !found.some((o) => o.flops < flops && o.mean <= mean))
    .flatMap(({ group }) => group);
}

/**
 * Runs that differ in one thing only: with equal text for the axis of parameters, of equal size for that of tokens, the
 * frontier for that of compute. Where fewer than three values of the axis have company, the frontier.
 */
export function series(runs, axis) {
  if (axis === "c") return best(runs);
  const groups = [...groupBy(runs, (r) => r[axis === "n" ? "n_tokens" : "n_params"]).values()];
  const most = groups.reduce((a, b) => (distinct(b, axis) > distinct(a, axis) ? b : a));
  return distinct(most, axis) >= 3 ? most : best(runs);
}

/** The runs kept apart that a line through a series foretells: what goes on where it ends, with nothing else changed. */
export function beyond(runs, apart, axis) {
  const of = series(runs, axis);
  const end = Math.max(...of.map((r) => r[AXES[axis]]));
  const further = apart.filter((r) => r[AXES[axis]] > 1.001 * end);
  if (axis === "c") {
    const found = best(further);
    const top = Math.max(...found.map((r) => r.flops));
    return found.filter((r) => r.flops > 0.9 * top);
  }
  const other = axis === "n" ? "n_tokens" : "n_params";
  const same = further.filter((r) => of.every((o) => o[other] === r[other]));
  const top = Math.max(...same.map((r) => r[AXES[axis]]));
  return same.filter((r) => r[AXES[axis]] === top);
}

const setting = (r) => `${r.n_params}/${r.n_tokens}`;

function groupBy(items, key) {
  const out = new Map();
  for (const item of items) out.set(key(item), [...(out.get(key(item)) ?? []), item]);
  return out;
}

/** How many different values of an axis the runs have. */
export const distinct = (runs, axis) => new Set(runs.map((r) => r[AXES[axis]])).size;

// ---------------------------------------------------------------- straight lines on log axes

/**
 * Least squares of log(loss - floor) on log x: loss = floor + a * x^-b.
 * -> { a, b, floor, rms } (rms of the log residuals), or null with fewer than two values of x or a loss not above the floor.
 */
export function powerLaw(points, floor = 0) {
  const use = points.map(([x, y]) => [Math.log(x), Math.log(y - floor)]);
  if (use.some(([, y]) => !Number.isFinite(y))) return null;
  const n = use.length;
  const mx = use.reduce((s, [x]) => s + x, 0) / n;
  const my = use.reduce((s, [, y]) => s + y, 0) / n;
  const sxx = use.reduce((s, [x]) => s + (x - mx) ** 2, 0);
  if (n < 2 || sxx < 1e-12) return null;
  const slope = use.reduce((s, [x, y]) => s + (x - mx) * (y - my), 0) / sxx;
  const rms = Math.sqrt(use.reduce((s, [x, y]) => s + (y - my - slope * (x - mx)) ** 2, 0) / n);
  return { a: Math.exp(my - slope * mx), b: -slope, floor, rms };
}

/** The loss that a law of `powerLaw` gives at x. */
export const lawAt = (law, x) => law.floor + law.a * x ** -law.b;

/** The law of a straight line through two points of the log axes. */
export function through([x0, y0], [x1, y1], floor) {
  const b = -Math.log((y1 - floor) / (y0 - floor)) / Math.log(x1 / x0);
  return { a: (y0 - floor) * x0 ** b, b, floor };
}

/** The rms of the log residuals of any law over points. */
export function misfit(points, law) {
  return Math.sqrt(
    points.reduce((s, [x, y]) => s + Math.log((y - law.floor) / (lawAt(law, x) - law.floor)) ** 2, 0) / points.length,
  );
}

/** Laws refitted to runs drawn with replacement. A draw with fewer than two values of x has no line and is drawn again. */
export function refits(points, floor, rng, n = 400) {
  const out = [];
  for (let tries = 0; out.length < n && tries < 3 * n; tries += 1) {
    const law = powerLaw(
      points.map(() => points[Math.floor(rng() * points.length)]),
      floor,
    );
    if (law) out.push(law);
  }
  return out;
}

/** The band of many laws at every x: [x, low, high]. */
export const band = (laws, xs, share = 0.95) =>
  xs.map((x) => {
    const { low, high } = interval(
      laws.map((law) => lawAt(law, x)),
      share,
    );
    return [x, low, high];
  });

/** `n` places from low to high, even on a log axis. */
export const spaced = (low, high, n = 40) => Array.from({ length: n }, (_, i) => low * (high / low) ** (i / (n - 1)));

// ---------------------------------------------------------------- the parametric law

const huber = (r, delta) => (Math.abs(r) <= delta ? 0.5 * r * r : delta * (Math.abs(r) - 0.5 * delta));

/**
 * log L = log(exp(a - alpha log N) + exp(b - beta log D) + exp(e)); theta = [a, b, alpha, beta, e].
 * The sum of Huber losses of log L - log loss, and its gradient into `grad`.
 */
function objective(theta, data, delta, grad, fixed) {
  const [a, b, alpha, beta] = theta;
  const e = fixed ?? theta[4];
  let sum = 0;
  grad.fill(0);
  for (const { n, d, y } of data) {
    const u = a - alpha * n,
      v = b - beta * d;
    const top = Math.max(u, v, e);
    const pu = Math.exp(u - top),
      pv = Math.exp(v - top),
      pe = Math.exp(e - top);
    const total = pu + pv + pe;
    const r = top + Math.log(total) - y;
    sum += huber(r, delta);
    const g = Math.max(-delta, Math.min(delta, r)) / total;
    grad[0] += g * pu;
    grad[1] += g * pv;
    grad[2] -= g * pu * n;
    grad[3] -= g * pv * d;
    if (fixed === null) grad[4] += g * pe;
  }
  return sum;
}

/** BFGS with backtracking. Small problems, many starts. */
function minimize(f, start, most = 400, tolerance = 1e-12) {
  const k = start.length;
  let x = [...start],
    g = new Array(k).fill(0),
    value = f(x, g);
  let h = Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_, j) => +(i === j)));
  let scaled = false;
  for (let step = 0; step < most; step += 1) {
    let p = h.map((row) => -row.reduce((s, hij, j) => s + hij * g[j], 0));
    let slope = p.reduce((s, pi, i) => s + pi * g[i], 0);
    if (!(slope < 0)) {
      // start over from steepest descent
      h = h.map((row, i) => row.map((_, j) => +(i === j)));
      p = g.map((gi) => -gi);
      slope = -g.reduce((s, gi) => s + gi * gi, 0);
      if (slope > -1e-30) break;
    }
    if (!scaled) {
      // the first step has no curvature to go by
      const norm = Math.sqrt(p.reduce((s, pi) => s + pi * pi, 0));
      p = p.map((pi) => (0.1 * pi) / norm);
      slope *= 0.1 / norm;
    }
    let t = 1,
      next,
      ng = new Array(k).fill(0),
      nv;
    for (;;) {
      next = x.map((xi, i) => xi + t * p[i]);
      nv = f(next, ng);
      if (nv <= value + 1e-4 * t * slope || t < 1e-12) break;
      t *= 0.5;
    }
    if (!(nv < value)) {
      if (!scaled) break;
      const reset = h.some((row, i) => row.some((hij, j) => hij !== +(i === j)));
      if (!reset) break;
      h = h.map((row, i) => row.map((_, j) => +(i === j)));
      scaled = false;
      continue;
    }
    const s = next.map((xi, i) => xi - x[i]);
    const y = ng.map((gi, i) => gi - g[i]);
    const sy = s.reduce((sum, si, i) => sum + si * y[i], 0);
    if (sy > 1e-20) {
      if (!scaled) {
        const yy = y.reduce((sum, yi) => sum + yi * yi, 0);
        h = h.map((row, i) => row.map((_, j) => (i === j ? sy / yy : 0)));
        scaled = true;
      }
      const hy = h.map((row) => row.reduce((sum, hij, j) => sum + hij * y[j], 0));
      const yhy = y.reduce((sum, yi, i) => sum + yi * hy[i], 0);
      h = h.map((row, i) =>
        row.map((hij, j) => hij + ((sy + yhy) * s[i] * s[j]) / (sy * sy) - (hy[i] * s[j] + s[i] * hy[j]) / sy),
      );
    }
    const gained = value - nv;
    x = next;
    g = ng;
    value = nv;
    if (gained < tolerance * Math.max(1e-9, value)) break;
  }
  return { x, value };
}

/** From wide to narrow: with a small delta alone the ways down are too crooked to find. */
function descend(data, start, delta, fixed) {
  let x = start;
  let found;
  for (const width of [0.1, 0.01, 0.003, 0.001].filter((w) => w > delta).concat(delta)) {
    found = minimize((theta, grad) => objective(theta, data, width, grad, fixed), x);
    x = found.x;
  }
  return found;
}

const weighed = (runs) => runs.map((r) => ({ n: Math.log(r.n_params), d: Math.log(r.n_tokens), y: Math.log(r.loss) }));

/** For given exponents A, B and E by weighted least squares, none negative: a start near the valley. */
function startAt(runs, alpha, beta, floor) {
  const rows = runs.map((r) => [r.n_params ** -alpha / r.loss, r.n_tokens ** -beta / r.loss, 1 / r.loss]);
  const want = runs.map((r) => 1 - (floor ?? 0) / r.loss);
  const scale = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i])));
  const x = [0.3, 0.3, floor === null ? 0.3 : 0]; // multiplicative updates keep every part positive
  for (let step = 0; step < 60; step += 1)
    for (const i of floor === null ? [0, 1, 2] : [0, 1]) {
      let up = 0,
        down = 0;
      rows.forEach((row, k) => {
        const z = row[i] / scale[i];
        const rest = want[k] - [0, 1, 2].reduce((s, j) => (j === i ? s : s + (x[j] * row[j]) / scale[j]), 0);
        up += z * rest;
        down += z * z;
      });
      x[i] = Math.max(1e-4, up / down);
    }
  const theta = [Math.log(x[0] / scale[0]), Math.log(x[1] / scale[1]), alpha, beta];
  return floor === null ? [...theta, Math.log(x[2] / scale[2])] : theta;
}

const STARTS = [0.1, 0.25, 0.5, 0.9, 1.4];

/**
 * Fit L(N, D) = E + A N^-alpha + B D^-beta by Huber loss on logs. `floor`: E known (0 < floor < every loss), or null to fit it.
 * `from`: laws to start from instead of the grid of starts (for refits).
 * -> { E, A, B, alpha, beta, objective }, or null with fewer than five runs, three sizes or three amounts of data.
 */
export function parametric(runs, { floor = null, delta = 1e-3, from = null } = {}) {
  if (runs.length < 5 || distinct(runs, "n") < 3 || distinct(runs, "d") < 3) return null;
  const data = weighed(runs);
  const fixed = floor === null ? null : Math.log(floor);
  const thetas = from
    ? from.map((l) =>
        [Math.log(l.A), Math.log(l.B), l.alpha, l.beta, Math.log(Math.max(l.E, 1e-9))].slice(0, floor === null ? 5 : 4),
      )
    : STARTS.flatMap((alpha) => STARTS.map((beta) => startAt(runs, alpha, beta, floor)));
  let top = null;
  for (const theta of thetas) {
    if (!theta.every(Number.isFinite)) continue;
    const found = descend(data, theta, delta, fixed);
    if (Number.isFinite(found.value) && (!top || found.value < top.value)) top = found;
  }
  if (!top) return null;
  const [a, b, alpha, beta, e] = top.x;
  return { E: floor ?? Math.exp(e), A: Math.exp(a), B: Math.exp(b), alpha, beta, objective: top.value };
}

export const lossOf = (law, n, d) => law.E + law.A * n ** -law.alpha + law.B * d ** -law.beta;

/** The size, the data and the loss that a law thinks best for a budget C = 6 N D; null where it has no best. */
export function optimum(law, flops) {
  const { A, B, alpha, beta } = law;
  if (!(alpha > 0 && beta > 0 && A > 0 && B > 0)) return null;
  const nd = flops / FLOPS_PER_PARAMETER_TOKEN;
  const n = ((alpha * A) / (beta * B)) ** (1 / (alpha + beta)) * nd ** (beta / (alpha + beta));
  return { n, d: nd / n, loss: lossOf(law, n, nd / n) };
}

/** How optimal size grows with compute: N ~ C^growth. */
export const growth = (law) => law.beta / (law.alpha + law.beta);

/** Settings (size and data) drawn with replacement, and for each its seeds drawn with replacement. */
export function redrawn(runs, rng) {
  const groups = [...groupBy(runs, setting).values()];
  const pick = (list) => list[Math.floor(rng() * list.length)];
  return groups.flatMap(() => {
    const group = pick(groups);
    return group.map(() => pick(group));
  });
}

/** One refit of the parametric law to runs drawn anew, started from the whole fit; null where it fails. */
export const refit = (runs, law, floor, rng) =>
  parametric(redrawn(runs, rng), {
    floor,
    from: [law, { ...law, A: 2.7 * law.A, B: 2.7 * law.B, alpha: law.alpha + 0.1, beta: law.beta + 0.1 }],
  });

/** Middle and interval of optimal size, data and loss at a budget, over refits. */
export function spread(laws, flops, share = 0.95) {
  const found = laws.map((law) => optimum(law, flops)).filter(Boolean);
  if (found.length < 10) return null;
  const of = (key) => interval(found.map(key), share);
  return { n: of((o) => o.n), d: of((o) => o.d), ratio: of((o) => o.d / o.n), loss: of((o) => o.loss) };
}

// ---------------------------------------------------------------- what others published

/**
 * Published laws for the optimal size. Kaplan et al. count parameters without embeddings; the others count all.
 * Kaplan et al. 2020, appendix A, table 6: N = 1.3e9 * C^0.73 with C in PF-days.
 * Hoffmann et al. 2022, approach 3 (appendix D.3), and Besiroglu et al. 2024: E, A, B, alpha, beta.
 */
export const PUBLISHED = [
  { id: "kaplan", year: 2020, n: (c) => 1.3e9 * (c / PF_DAY) ** 0.73 },
  { id: "hoffmann", year: 2022, law: { E: 1.69, A: 406.4, B: 410.7, alpha: 0.34, beta: 0.28 } },
  { id: "besiroglu", year: 2024, law: { E: 1.8172, A: 482.01, B: 2085.43, alpha: 0.3478, beta: 0.3658 } },
].map((p) => ({ ...p, n: p.n ?? ((c) => optimum(p.law, c).n) }));

/** Published models: parameters and training tokens, by Hoffmann et al. 2022, table 1; the last two by Grattafiori et al. 2024 and its model card. */
export const MODELS = [
  { name: "GPT-3", n: 175e9, d: 300e9 },
  { name: "Gopher", n: 280e9, d: 300e9 },
  { name: "MT-NLG", n: 530e9, d: 270e9 },
  { name: "Chinchilla", n: 70e9, d: 1.4e12 },
  { name: "Llama 3 8B", n: 8e9, d: 15e12 }, // small on purpose: cheap to serve
  { name: "Llama 3 405B", n: 405e9, d: 15.6e12 },
].map((m) => ({ ...m, c: FLOPS_PER_PARAMETER_TOKEN * m.n * m.d }));

// ---------------------------------------------------------------- words

/** "123", "4.6 thousand", "70 billion", "3 × 10^15" as [number, unit]: so many digits, a unit's key. */
export function scaled(x, digits = 2) {
  const UNITS = [
    [1, ""],
    [1e3, "thousand"],
    [1e6, "million"],
    [1e9, "billion"],
    [1e12, "trillion"],
  ];
  if (!(x > 0) || x >= 9.95e14) {
    const p = Math.floor(Math.log10(x));
    return [`${+(x / 10 ** p).toPrecision(digits)} × 10`, "power", p];
  }
  const [size, unit] = [...UNITS].reverse().find(([u]) => x >= 0.995 * u) ?? UNITS[0];
  const v = x / size;
  return [String(+v.toPrecision(digits)), unit];
}
