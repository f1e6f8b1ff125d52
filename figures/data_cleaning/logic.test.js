import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as d from "./logic.js";

const grid = JSON.parse(readFileSync(new URL("../../glassbox/recordings/data_cleaning.json", import.meta.url), "utf8"));

/** A small made-up grid: registers 0-1, harbor 0-2, and the loss on harbor talk as told. */
const model = (mixture, seed, bits, known, extra = {}) => ({
  mixture,
  seed,
  bits,
  bits_copied: 0.5,
  perplexity: [2, 3],
  facts: [
    [0.9, known],
    [0.8, 0.7],
  ],
  luck: 0,
  rude: 0.25,
  recited: 0,
  recited_new: 0,
  texts: ["a"],
  ...extra,
});
const SMALL = {
  seeds: [0, 1],
  sources: { registers: [0, 1], harbor: [0, 1, 2], uptown: [0], tavern: [0], copies: [0] },
  rude: ["mop"],
  models: [0, 1].flatMap((seed) => [
    model([1, 0, 0, 0, 0], seed, [0.1, 4, 4, 4, 4], 0.1),
    model([1, 1, 0, 0, 0], seed, [0.2, [0.4, 0.6][seed], 4, 4, 4], 0.5),
    model([1, 2, 0, 0, 0], seed, [0.3, 0.4, 4, 4, 4], 0.6),
    model([0, 1, 0, 0, 0], seed, [3, 0.3, 4, 4, 4], 0.7),
  ]),
};

test("only shares count: doubled shovels are the same mixture", () => {
  assert.deepEqual(d.reduced([0, 2, 0, 0, 0]), [0, 1, 0, 0, 0]);
  assert.deepEqual(d.reduced([2, 2, 0, 2, 0]), [1, 1, 0, 1, 0]);
  assert.deepEqual(d.reduced([1, 2, 0, 0, 1]), [1, 2, 0, 0, 1]);
  assert.deepEqual(d.reduced([0, 0, 0, 0, 0]), [0, 0, 0, 0, 0]);
  assert.equal(d.models(SMALL, [0, 2, 0, 0, 0]).length, 2);
});

test("shares add up to 1, or are all 0", () => {
  assert.deepEqual(d.shares([1, 2, 0, 0, 1]), [0.25, 0.5, 0, 0, 0.25]);
  assert.deepEqual(d.shares([0, 0, 0, 0, 0]), [0, 0, 0, 0, 0]);
});

test("mixtures in a link: only stops of the sliders", () => {
  assert.deepEqual(d.parseMix("1-2-0-0-0", SMALL.sources), [1, 2, 0, 0, 0]);
  for (const bad of [
    "",
    "1-2-0-0",
    "1-2-0-0-0-0",
    "2-0-0-0-0",
    "1-3-0-0-0",
    "1-1-1-0-0",
    "a-0-0-0-0",
    "1--1-0-0-0",
    "01-0-0-0-0",
    null,
    undefined,
  ]) {
    assert.equal(d.parseMix(bad, SMALL.sources), null, String(bad));
  }
});

test("the average over the mixture weighs each source by its share, copied pages as copied", () => {
  const m = model([1, 2, 0, 0, 1], 0, [0.1, 0.4, 9, 9, 9], 0);
  assert.ok(Math.abs(d.ownLoss(m, [1, 2, 0, 0, 1]) - (0.25 * 0.1 + 0.5 * 0.4 + 0.25 * 0.5)) < 1e-12);
});

test("measures hold one value a town, and nothing for an empty mixture", () => {
  const found = d.measures(SMALL, [1, 1, 0, 0, 0]);
  assert.deepEqual(found.harbor, [0.4, 0.6]);
  assert.deepEqual(found.harbor_own, [0.5, 0.5]);
  assert.deepEqual(found.rude, [25, 25]);
  assert.ok(Math.abs(d.middle(found.own) - (0.2 + 0.5) / 2) < 1e-12);
  assert.equal(d.measures(SMALL, [0, 0, 0, 0, 0]), null);
});

test("a scale by ratios: equal factors, equal distances, ends kept", () => {
  const place = d.ratioScale([0.1, 10]);
  assert.deepEqual(
    [0.1, 1, 10].map((x) => +place(x).toFixed(12)),
    [0, 0.5, 1],
  );
  assert.equal(place(0.001), 0);
  assert.equal(place(99), 1);
  assert.ok(Math.abs(place(0.4) - place(0.2) - (place(4) - place(2))) < 1e-12);
  assert.deepEqual(d.ratioTicks([0.05, 5]), [0.05, 0.1, 0.2, 0.5, 1, 2, 5]);
  assert.deepEqual(d.ratioTicks([0.1, 4]), [0.1, 0.2, 0.5, 1, 2]);
});

test("the finding compares mixtures that differ in harbor talk alone", () => {
  const found = d.finding({ ...SMALL, models: SMALL.models.filter((m) => m.mixture[0]) }, "harbor");
  assert.deepEqual([found.n, found.better, found.key], [1, 1, "all"]);
  assert.ok(Math.abs(found.low - 4 / 0.5) < 1e-12 && found.low === found.high);
  assert.deepEqual([found.without, found.with], [0.1, 0.5]);
});

test("pairs: without a source and with one shovel of it, nothing else changed", () => {
  const all = d.pairs({ ...SMALL, models: SMALL.models.filter((m) => m.mixture[0]) }, "harbor");
  assert.deepEqual(
    all.map((pair) => pair.map((m) => d.middle(m.harbor))),
    [[4, 0.5]],
  );
  assert.deepEqual(d.betterWithout(SMALL, "registers"), [1, 1]); // [0, 1] against [1, 1]: 0.3 against 0.35
});

test("the finding says so when the average did not get better", () => {
  const worse = SMALL.models.map((m) => (m.mixture[1] ? m : { ...m, bits: [2, 4, 4, 4, 4] }));
  assert.equal(d.finding({ ...SMALL, models: worse }, "harbor").key, "few");
});

test("rude words are found whole, in any case, and the parts join to the text", () => {
  const text = "You Mop! A mopping, half-baked mop.";
  const parts = d.rudeParts(text, ["mop", "half-baked"]);
  assert.equal(parts.map((p) => p.text).join(""), text);
  assert.deepEqual(
    parts.filter((p) => p.rude).map((p) => p.text),
    ["Mop", "half-baked", "mop"],
  );
  assert.deepEqual(d.rudeParts("", ["mop"]), []);
});

test("the recorded grid has a model for every stop of the sliders and every town", () => {
  const levels = d.SOURCES.map((s) => grid.sources[s]);
  const stops = levels.reduce((all, level) => all.flatMap((m) => level.map((n) => [...m, n])), [[]]);
  for (const mix of stops.filter((m) => m.some(Boolean))) {
    assert.deepEqual(
      d.models(grid, mix).map((m) => m.seed),
      grid.seeds,
      mix.join("-"),
    );
  }
  assert.equal(d.trained(grid).length * grid.seeds.length, grid.models.length);
});

test("every recorded loss lies on the scale", () => {
  const [low, high] = d.lossEnds(grid);
  for (const m of grid.models) for (const x of [...m.bits, m.bits_copied]) assert.ok(x >= low && x <= high, String(x));
});

test("what the figure states is so in the recorded grid", () => {
  const found = d.finding(grid, "harbor");
  assert.equal(found.n, 15);
  assert.ok(found.key !== "few" && found.low > 1 && found.with > found.without, JSON.stringify(found));
  // "What was left out then costs … times as many bits": of every source
  for (const s of d.SOURCES) assert.ok(d.finding(grid, s).low > 1, s);
});

test("the figure opens on the highest average of all, so whatever is thrown out first makes it better", () => {
  const averages = d.standing(grid);
  const own = (mix) => d.middle(d.measures(grid, mix).own);
  assert.equal(d.rank(averages, own([1, 1, 1, 1, 1])), averages.length);
  for (const i of d.SOURCES.keys()) {
    const one_less = d.SOURCES.map((_, k) => +(k !== i));
    assert.ok(own(one_less) < own([1, 1, 1, 1, 1]), d.SOURCES[i]);
  }
});

test("the bars of what is in make the average: the mean of the terms that are in", () => {
  for (const mix of d.trained(grid)) {
    const m = d.measures(grid, mix);
    const inside = d.TERMS.filter((_, i) => mix[i]).map((id) => d.middle(m[id]));
    const mean = inside.reduce((a, b) => a + b) / inside.length;
    assert.ok(Math.abs(mean - d.middle(m.own)) < 1e-9, mix.join("-"));
  }
  assert.ok(d.termEnd(grid) >= Math.max(...d.trained(grid).map((mix) => d.middle(d.measures(grid, mix).harbor))));
});

test("what is left out: its mean now and before; nothing when all are in", () => {
  const [now, was] = [d.measures(SMALL, [1, 0, 0, 0, 0]), d.measures(SMALL, [1, 1, 0, 0, 0])];
  const lost = d.leftOut([1, 0, 1, 1, 1], now, was);
  assert.deepEqual([lost.sources, lost.now, lost.was], [["harbor"], 4, 0.5]);
  assert.equal(d.leftOut([1, 0, 1, 1, 1], now, null).was, null);
  assert.deepEqual(d.leftOut([1, 0, 0, 1, 1], now, was).sources, ["harbor", "uptown"]);
  assert.equal(d.leftOut([1, 1, 1, 1, 1], now, was), null);
});

test("what was taken out on the way from one mix to another", () => {
  assert.equal(d.takenOut([1, 0, 1, 0, 1], [1, 1, 1, 1, 1]), "harbor");
  assert.equal(d.takenOut([0, 1, 1, 0, 1], [1, 1, 1, 1, 1]), "registers");
  assert.equal(d.takenOut([1, 1, 1, 1, 1], [1, 0, 1, 1, 1]), null);
});

test("ranks: 1 for the lowest average, equal ones share the better place", () => {
  assert.deepEqual(
    [0.1, 0.2, 0.2, 0.3].map((x) => d.rank([0.1, 0.2, 0.2, 0.3], x)),
    [1, 2, 2, 4],
  );
});
