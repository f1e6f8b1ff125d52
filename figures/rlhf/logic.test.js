import assert from "node:assert/strict";
import test from "node:test";
import * as h from "./logic.js";

const stop = (iteration, bits, proxy, gold) => ({
  iteration,
  kl: bits * Math.LN2, // recorded in nats
  proxy,
  gold,
  invented: 0.8,
  right: 0.9,
  polite: 0.3,
  words: 11,
});
const run = (seed, ...stops) => ({ seed, curve: stops.map((s) => stop(...s)), samples: [] });
const RECORDING = {
  leash: [
    { beta: 0, runs: [run(0, [0, 0, 0, -0.1], [60, 16, 3, -0.9]), run(1, [0, 0, 0, -0.1], [60, 14, 2.6, -0.7])] },
    { beta: 0.05, runs: [run(0, [0, 0, 0, -0.1], [60, 4, 1.5, 0.5]), run(1, [0, 0, 0, -0.1], [60, 4.4, 1.7, 0.3])] },
    { beta: 1, runs: [run(0, [0, 0, 0, -0.1], [60, 0.2, 0.2, 0]), run(1, [0, 0, 0, -0.1], [60, 0.3, 0.1, 0.1])] },
  ],
};
const changed = (change) => {
  const copy = structuredClone(RECORDING);
  change(copy);
  return copy;
};

test("mean and range", () => assert.deepEqual(h.spread([1, 2, 6]), { mean: 3, low: 1, high: 6 }));

test("a path has the seeds' means and ranges at every stop, as many as the shortest run", () => {
  const [entry] = RECORDING.leash;
  const p = h.path(entry);
  assert.deepEqual(
    p.map((s) => s.iteration),
    [0, 60],
  );
  for (const [which, bits] of Object.entries({ mean: 15, low: 14, high: 16 }))
    assert.ok(Math.abs(p[1].kl[which] - bits) < 1e-9, which);
  const shorter = changed((r) => r.leash[0].runs[1].curve.pop());
  assert.equal(h.path(shorter.leash[0]).length, 1);
});

test("the frontier is where each leash's runs ended", () => {
  assert.deepEqual(
    h.frontier(RECORDING).map((e) => [e.beta, e.iteration, +e.kl.mean.toFixed(3)]),
    [
      [0, 60, 15],
      [0.05, 60, 4.2],
      [1, 60, 0.25],
    ],
  );
});

test("places go from 0 to 1, never back, and small distances have room", () => {
  const place = h.klScale(9);
  assert.deepEqual([place(0), place(9), place(-0.01)], [0, 1, 0]);
  for (let kl = 0; kl < 8.9; kl += 0.1) assert.ok(place(kl + 0.1) > place(kl));
  assert.ok(place(1) > 1 / 9);
});

test("ticks are round, ordered, inside, and few", () => {
  assert.deepEqual(h.iterationTicks(200), [0, 50, 100, 150, 200]);
  assert.deepEqual(h.klTicks(h.klScale(16)), [0, 0.5, 2, 5, 10]);
  for (const most of [0.3, 1, 5, 16, 90]) {
    const place = h.klScale(most);
    const t = h.klTicks(place);
    assert.ok(t[0] === 0 && t.length >= 2 && t.length <= 8 && t.at(-1) <= most, `${most}: ${t}`);
    t.forEach((x, i) => assert.ok(i === 0 || place(x) - place(t[i - 1]) > 0.12));
  }
});

test("an axis holds every band, the start and zero", () => {
  const paths = RECORDING.leash.map(h.path);
  const [low, high] = h.domain(paths, "gold", -1.2);
  assert.ok(low < -1.2 && high > 0.5);
  assert.equal(h.domain(paths, "proxy", 0)[0], 0);
});

test("a finger takes the nearest end; a link the nearest coefficient", () => {
  const ends = h.frontier(RECORDING);
  assert.deepEqual(
    [0, 0.5, 1, 2].map((x) => h.nearest(ends, x, h.klScale(16))),
    [2, 1, 0, 0],
  );
  assert.deepEqual(
    [0, 0.05, 0.04, 1, 7, -3].map((b) => h.byBeta(RECORDING.leash, b)),
    [0, 1, 1, 2, 2, 0],
  );
});

test("the sentence: turned only when every seed says so", () => {
  const loose = (...golds) =>
    changed((r) => {
      r.leash[0].runs = golds.map((list, seed) =>
        run(seed, ...list.map(([proxy, gold], i) => [20 * i, i, proxy, gold])),
      );
    });
  const up = [
    [0, -0.1],
    [1, 0.4],
    [2, 0.1],
  ];
  const found = h.finding(loose(up, up));
  assert.deepEqual([found.key, found.best, found.peak.iteration, found.end.iteration], ["turned", 1, 20, 40]);
  assert.equal(
    h.finding(
      loose(up, up, [
        [0, -0.1],
        [1, 0.2],
        [2, 0.3],
      ]),
    ).key,
    "less",
  ); // one seed goes on rising
  assert.equal(
    h.finding(
      loose(up, [
        [0, -0.1],
        [3, 0.4],
        [2, 0.1],
      ]),
    ).key,
    "none",
  ); // the mean score falls too
  assert.equal(
    h.finding(
      loose(
        [
          [0, -0.1],
          [1, 0.1],
          [2, 0.6],
        ],
        [
          [0, -0.1],
          [1, 0.1],
          [2, 0.6],
        ],
      ),
    ).key,
    "rose",
  ); // gold at its best at the end
});

test("how much two replies differ, by words", () => {
  assert.equal(h.change("On Lamp Street.", "on lamp street"), 0);
  assert.equal(h.change("On Lamp Street.", "A good day"), 1);
  assert.equal(h.change("help help", "help me"), 0.5);
  assert.equal(h.change("", ""), 1);
});

test("the question that training turns most comes first: a right answer lost, then kept by a leash, then words", () => {
  const turn = (lost, kept, change) => ({ lost, kept, change });
  assert.deepEqual(
    h.showiest([turn(false, true, 1), turn(true, false, 1), turn(true, true, 0.2), turn(true, true, 0.9)]),
    [3, 2, 1, 0],
  );
  assert.deepEqual(h.showiest([turn(false, false, 0.5), turn(false, false, 0.5)]), [0, 1]);
});

test("a reply in pieces is the reply; the true answer is marked, and what is new", () => {
  const reply = "Mara lives on Lamp Street. I hope so.";
  const parts = h.pieces(reply, "lamp street", "I hope. I hope.");
  assert.equal(parts.map((p) => p.text).join(""), reply);
  const of = (kind) => parts.filter((p) => p.is === kind).map((p) => p.text);
  assert.deepEqual(of("true"), ["Lamp Street"]);
  assert.deepEqual(of("fresh"), ["Mara", "lives", "on", "so."]);
  assert.ok(h.pieces(reply, null, reply).every((p) => p.is === "same"));
  assert.deepEqual(h.pieces("", "x", ""), []);
});
