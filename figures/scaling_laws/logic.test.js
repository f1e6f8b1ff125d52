import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { random } from "../core/random.js";
import * as s from "./logic.js";

const golden = JSON.parse(readFileSync(new URL("./golden.json", import.meta.url), "utf8"));
const close = (a, b, rel, what) =>
  assert.ok(Math.abs(a - b) <= rel * Math.max(1e-12, Math.abs(b)), `${what}: ${a} is not ${b}`);
const runs = golden.cases[1].runs.map((r, i) => ({ id: String(i), seed: 0, ...r }));

test("straight lines are those of glassbox.scale.scaling", () => {
  for (const { runs: rows, lines } of golden.cases)
    for (const { axis, floor, a, b } of lines) {
      const law = s.powerLaw(
        rows.map((r) => [r[axis], r.loss]),
        floor,
      );
      close(law.a, a, 1e-9, axis);
      close(-law.b, b, 1e-9, axis);
    }
});

test("the parametric law is that of glassbox.scale.scaling, floor fitted and known, outliers or none", () => {
  for (const { runs: rows, free, fixed, floor } of golden.cases)
    for (const [mine, python] of [
      [s.parametric(rows), free],
      [s.parametric(rows, { floor }), fixed],
    ]) {
      assert.ok(mine.objective <= python.objective * 1.0001 + 1e-12, `${mine.objective} against ${python.objective}`);
      for (const key of ["E", "alpha", "beta"]) close(mine[key], python[key], 2e-3, key);
      python.budgets.forEach((c, i) => {
        const o = s.optimum(mine, c);
        close(o.n, python.optimal[i][0], c > 1e12 ? 0.05 : 0.02, `size at ${c}`); // an exponent's third digit, over 15 decades
        close(o.loss, python.losses[i], 2e-3, `loss at ${c}`);
      });
    }
});

test("without noise the law comes back, outlier or not", () => {
  const clean = golden.cases[0].runs;
  const bent = clean.map((r, i) => (i === 7 ? { ...r, loss: 1.3 * r.loss } : r));
  for (const rows of [clean, bent]) {
    const law = s.parametric(rows);
    close(law.alpha, 0.52, 5e-3, "alpha");
    close(law.beta, 0.46, 5e-3, "beta");
    close(law.E, 0.45, 5e-3, "E");
  }
});

test("the optimum of a law is where its loss is least along 6 N D = C", () => {
  const { law } = s.PUBLISHED[1];
  for (const c of [1e18, 5.76e23]) {
    const o = s.optimum(law, c);
    close(6 * o.n * o.d, c, 1e-9, "budget");
    for (const k of [0.9, 1.1]) assert.ok(s.lossOf(law, k * o.n, o.d / k) > o.loss);
  }
  assert.equal(s.optimum({ ...law, alpha: -0.1 }, 1e18), null);
});

test("the published laws say what their papers say of Chinchilla's budget", () => {
  const [kaplan, , besiroglu] = s.PUBLISHED;
  assert.ok(kaplan.n(5.76e23) > 5e11); // ten times Chinchilla
  close(besiroglu.n(5.76e23), 70e9, 0.1, "the refit agrees with Chinchilla's 70 billion");
  close(kaplan.n(s.PF_DAY), 1.3e9, 1e-9, "one petaflop/s-day");
  const chinchilla = s.MODELS.find((m) => m.name === "Chinchilla");
  assert.equal(chinchilla.d / chinchilla.n, 20);
});

test("too few runs have no law", () => {
  assert.equal(s.parametric(runs.slice(0, 4)), null);
  assert.equal(s.parametric(runs.filter((r) => r.n_params <= 6000)), null); // two sizes
  assert.equal(s.powerLaw([[1, 2]]), null);
  assert.equal(
    s.powerLaw([
      [3, 2],
      [3, 1],
    ]),
    null,
  );
  assert.equal(
    s.powerLaw(
      [
        [1, 2],
        [2, 0.4],
      ],
      0.4,
    ),
    null,
  ); // a loss at the floor has no logarithm
});

test("runs without a loss, and broken ones, are left out; a card's runs are told from a processor's", () => {
  const rows = [
    { n_params: 1, n_tokens: 1, flops: 6, loss: 2, device: "cpu" },
    { n_params: 1, n_tokens: 1, flops: 6, loss: null, status: "diverged" },
    { n_params: 0, n_tokens: 1, flops: 6, loss: 2 },
    { n_params: 9, n_tokens: 1, flops: 6, loss: 2, device: "Some Card" },
  ];
  assert.deepEqual(
    s.usable(rows).map((r) => r.engine),
    ["cpu", "gpu"],
  );
  const groups = ["grid", "learning rate", "larger", "held_out", undefined].map((group) => ({ ...rows[0], group }));
  assert.deepEqual(
    s.usable(groups).map((r) => r.group),
    ["grid", "larger", "held_out", "grid"],
  );
});

test("a line through two points passes through them", () => {
  const law = s.through([10, 5], [1000, 2], 0.5);
  close(s.lawAt(law, 10), 5, 1e-9, "left");
  close(s.lawAt(law, 1000), 2, 1e-9, "right");
  assert.ok(
    Math.abs(
      s.misfit(
        [
          [10, 5],
          [1000, 2],
        ],
        law,
      ),
    ) < 1e-9,
  );
});

test("least squares has the least misfit", () => {
  const points = runs.map((r) => [r.flops, r.loss]);
  const law = s.powerLaw(points, 0.3);
  close(law.rms, s.misfit(points, law), 1e-9, "rms");
  for (const [da, db] of [
    [1.05, 0],
    [0.95, 0],
    [1, 0.01],
    [1, -0.01],
  ])
    assert.ok(s.misfit(points, { ...law, a: law.a * da, b: law.b + db }) > law.rms);
});

test("the frontier has the best of every budget, all its seeds, and nothing that a cheaper run beats", () => {
  const row = (budget, n, loss, seed = 0) => ({
    n_params: n,
    n_tokens: budget / 6 / n,
    flops: budget,
    budget,
    loss,
    seed,
  });
  const rows = [
    row(1e9, 10, 2),
    row(1e9, 20, 1.8),
    row(1e9, 20, 1.9, 1),
    row(1e9, 40, 1.86),
    row(1e10, 20, 1.5),
    row(1e10, 40, 1.4),
    row(1e11, 40, 1.6),
  ];
  assert.deepEqual(
    s.best(rows).map((r) => r.loss),
    [1.8, 1.9, 1.4],
  );
  const without = rows.map(({ budget, ...r }) => r);
  assert.deepEqual(
    s.best(without).map((r) => r.loss),
    [1.8, 1.9, 1.4],
  );
});

test("a series changes one thing, and what is foretold goes on where it ends", () => {
  const row = (n, d, loss, more) => ({ n_params: n, n_tokens: d, flops: 6 * n * d, loss, group: "grid", ...more });
  const rows = [
    ...[10, 20, 40].map((n) => row(n, 500, 3 - n / 40)),
    ...[100, 200, 400].map((d) => row(20, d, 3.2 - d / 400)),
    ...[
      [10, 600],
      [20, 300],
      [40, 150],
    ].map(([n, d]) => row(n, d, 2 + n / 100, { budget: 36e3 })),
    ...[
      [20, 900],
      [40, 450],
      [80, 225],
    ].map(([n, d]) => row(n, d, 1.5 + n / 100, { budget: 108e3 })),
  ];
  assert.deepEqual(new Set(s.series(rows, "n").map((r) => r.n_tokens)), new Set([500]));
  assert.deepEqual(new Set(s.series(rows, "d").map((r) => r.n_params)), new Set([20]));
  assert.deepEqual(
    s.series(rows, "c").map((r) => r.budget),
    [36e3, 108e3],
  );
  const apart = [
    row(160, 500, 1),
    row(160, 500, 1.1, { seed: 1 }),
    row(80, 500, 1.2),
    row(40, 1000, 1.2, { budget: 240e3 }),
    row(80, 500, 1.3, { budget: 240e3 }),
  ];
  assert.deepEqual(
    s.beyond(rows, apart, "n").map((r) => r.loss),
    [1, 1.1],
  );
  assert.deepEqual(
    s.beyond(rows, apart, "c").map((r) => r.loss),
    [1.2],
  );
  assert.deepEqual(s.beyond(rows, apart, "d"), []);
  assert.deepEqual(s.beyond(rows, [], "n"), []);
});

test("a band holds the fit, is wider outside of the runs, and is the same every time", () => {
  const points = runs.map((r) => [r.flops, r.loss]);
  const law = s.powerLaw(points, 0.45);
  const [laws, again] = [0, 1].map(() => s.refits(points, 0.45, random(3), 300));
  assert.deepEqual(laws, again);
  const middle = Math.exp(points.reduce((sum, [x]) => sum + Math.log(x), 0) / points.length);
  const [[, low, high], [, farLow, farHigh]] = s.band(laws, [middle, middle * 1e6]);
  assert.ok(low < s.lawAt(law, middle) && s.lawAt(law, middle) < high);
  assert.ok((farHigh - 0.45) / (farLow - 0.45) > 1.5 * ((high - 0.45) / (low - 0.45)));
});

test("a budget's interval is wider far outside of the runs", () => {
  const law = s.parametric(runs);
  const rng = random(4);
  const laws = Array.from({ length: 60 }, () => s.refit(runs, law, null, rng)).filter(Boolean);
  assert.ok(laws.length > 50);
  const wide = ({ n }) => n.high / n.low;
  assert.ok(wide(s.spread(laws, 1e24)) > 2 * wide(s.spread(laws, 1e10)));
  assert.equal(s.spread(laws.slice(0, 3), 1e10), null);
});

test("a drawn setting keeps its number of seeds, and draws among its own", () => {
  const rows = [1, 2, 3].flatMap((n) => [0, 1, 2].map((seed) => ({ n_params: n, n_tokens: n, seed })));
  const rng = random(8);
  for (let k = 0; k < 20; k += 1) {
    const drawn = s.redrawn(rows, rng);
    assert.equal(drawn.length, rows.length);
    for (const n of [1, 2, 3]) assert.equal(drawn.filter((r) => r.n_params === n).length % 3, 0);
  }
});

test("quantiles are numpy's", () => {
  const { values, ends } = golden.quantiles;
  const sorted = [...values].sort((a, b) => a - b);
  [0.025, 0.5, 0.975].forEach((q, i) => close(s.quantile(sorted, q), ends[i], 1e-12, q));
  assert.equal(s.interval([Number.NaN]), null);
});

test("ticks are inside, in order, and few; numbers are written with units", () => {
  for (const [low, high] of [
    [0.4, 1.5],
    [0.9, 1.1],
    [1e8, 1e26],
    [2, 9e3],
    [0.05, 1.5],
  ]) {
    const t = s.logTicks(low, high);
    assert.ok(t.length >= 2 && t.length <= 7, `${low} ${high}: ${t}`);
    assert.ok(t.every((x, i) => x >= low * 0.999 && x <= high * 1.001 && (i === 0 || x > t[i - 1])));
  }
  assert.deepEqual(s.logTicks(1e8, 1e26), [1e10, 1e15, 1e20, 1e25]);
  assert.deepEqual(s.logTicks(2, 9e3), [3, 10, 30, 100, 300, 1000, 3000]);
  assert.deepEqual(
    [0.5, 12, 999, 1000, 70e9, 1.4e12, 3e15].map((x) => s.scaled(x).slice(0, 2).join(" ").trim()),
    ["0.5", "12", "1 thousand", "1 thousand", "70 billion", "1.4 trillion", "3 × 10 power"],
  );
});

test("marks of a loss axis above a floor: round losses, in order, none crowded, also without a floor", () => {
  assert.deepEqual(s.lossTicks(0.57, 4.4, 0.248, 9), [0.6, 0.8, 1, 1.2, 1.5, 2, 3, 4]);
  for (const [low, high, floor] of [
    [0.57, 4.4, 0.248],
    [0.9, 3.2, 0],
    [1.65, 1.72, 0],
    [0.3, 3.1, 0.29],
  ]) {
    const marks = s.lossTicks(low, high, floor, 7);
    assert.ok(marks.length >= 2 && marks.length <= 7, String(marks));
    const place = (x) => Math.log((x - floor) / (low - floor)) / Math.log((high - floor) / (low - floor));
    marks.forEach((x, i) => {
      assert.ok(x >= low && x <= high);
      if (i) assert.ok(place(x) - place(marks[i - 1]) > 0.1, String(marks));
    });
  }
});
