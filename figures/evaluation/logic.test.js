import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as logic from "./logic.js";

const golden = JSON.parse(readFileSync(new URL("./golden.json", import.meta.url), "utf8"));
const close = (a, b, off = 1e-6) => assert.ok(Math.abs(a - b) <= off, `${a} is not ${b}`);

/** Two tests, two rules, three models: small enough to count by hand. */
const small = {
  models: ["Ada", "Ben", "Cy"],
  rules: ["raw", "per_byte"],
  tests: [
    { id: "x", name: "X", family: "f", options: 4 },
    { id: "y", name: "Y", family: "f", options: 2 },
  ],
  marks: {
    x: {
      raw: { Ada: "1111110000", Ben: "1111000000", Cy: "0000111100" },
      per_byte: { Ada: "1100000000", Ben: "1111111000", Cy: "1110000000" },
    },
    y: {
      raw: { Ada: "1010", Ben: "1110", Cy: "0000" },
      per_byte: { Ada: "1010", Ben: "1110", Cy: "0000" },
    },
  },
};

test("intervals and sign tests are SciPy's", () => {
  for (const { right, of, low, high } of golden.intervals) {
    const [a, b] = logic.wilson(right, of);
    close(a, low);
    close(b, high);
  }
  for (const { a, b, p } of golden.tests) close(logic.signTest(a, b), p, 1e-9);
  assert.deepEqual(logic.wilson(0, 0), [0, 1]);
});

test("the best stands first, and equal scores share a rank", () => {
  const rows = logic.league(small, "x", "raw");
  assert.deepEqual(
    rows.map(({ model, rank, right }) => [model, rank, right]),
    [
      ["Ada", 1, 6],
      ["Ben", 2, 4],
      ["Cy", 2, 4],
    ],
  );
  assert.ok(rows[0].low < 0.6 && rows[0].high > 0.6);
});

test("fewer questions are the first of them", () => {
  assert.deepEqual(
    logic.league(small, "x", "raw", 4).map(({ right, of }) => [right, of]),
    [
      [4, 4],
      [4, 4],
      [0, 4],
    ],
  );
});

test("two models are compared on the questions that one of them got right", () => {
  const found = logic.versus(small, "x", "raw", "Ada", "Cy");
  assert.deepEqual([found.only, found.others, found.of], [4, 2, 10]);
  close(found.lead, 0.2);
  assert.ok(!found.clear);
  const none = logic.versus(small, "x", "raw", "Ben", "Ben");
  assert.deepEqual([none.only, none.others, none.p], [0, 0, 1]);
});

test("a tie is no lead", () => {
  const tied = logic.top(small, "x", "raw", 4);
  assert.ok(tied.tied && !tied.clear);
});

test("places gained and pairs turned around", () => {
  const [a, b] = small.rules.map((rule) => logic.league(small, "x", rule));
  assert.deepEqual(logic.moves(a, b), { Ben: 1, Cy: 1, Ada: -2 });
  assert.equal(logic.swaps(a, b), 2); // Ben and Cy were level before
  assert.equal(logic.swaps(a, a), 0);
});

test("the pooled test takes a question of each in turn", () => {
  assert.equal(logic.marks(small, logic.ALL, "raw", "Ada"), "11101110");
  assert.equal(logic.questions(small, logic.ALL), 8);
  close(logic.chance(small, logic.ALL), 0.375);
  close(logic.chance(small, "x"), 0.25);
  close(logic.aboveChance(0.25, 0.25), 0);
  close(logic.aboveChance(1, 0.25), 1);
});

test("the slider stops within the test, and bad numbers find a stop", () => {
  assert.deepEqual(logic.stops(60), [10, 20, 30, 50, 60]);
  assert.deepEqual(logic.stops(8), [8]);
  assert.equal(logic.nearestStop([10, 20, 60], 18), 1);
  for (const bad of ["x", -1, 0, Number.NaN, null]) assert.equal(logic.nearestStop([10, 20, 60], bad), 2);
});

test("told apart means from there to the end", () => {
  const data = {
    ...small,
    models: ["Ada", "Ben"],
    marks: { x: { raw: { Ada: "1".repeat(40), Ben: `${"0".repeat(10)}${"1".repeat(20)}${"0".repeat(10)}` } } },
    tests: [small.tests[0]],
    rules: ["raw"],
  };
  const { list, from, told } = logic.apartFrom(data, "x", "raw", "Ada", "Ben");
  assert.deepEqual(list, [10, 20, 30, 40]);
  assert.equal(from, 0);
  assert.deepEqual(told, [true, true, true, true]);
  assert.equal(logic.apartFrom(small, "x", "raw", "Ada", "Ben").from, -1);
});

test("a reversal is clear both times, and the test with the most is the telling one", () => {
  const [half, rest] = ["1".repeat(20) + "0".repeat(20), "0".repeat(20) + "1".repeat(5) + "0".repeat(15)];
  const data = {
    ...small,
    models: ["Ada", "Ben"],
    tests: [small.tests[1], small.tests[0]],
    marks: {
      x: { raw: { Ada: half, Ben: rest }, per_byte: { Ada: rest, Ben: half } },
      y: { raw: { Ada: half, Ben: rest }, per_byte: { Ada: half, Ben: half } },
    },
  };
  assert.deepEqual(
    logic.reversals(data, "x", "raw", "per_byte").map(({ up, down }) => [up, down]),
    [["Ben", "Ada"]],
  );
  assert.deepEqual(logic.reversals(data, "y", "raw", "per_byte"), []);
  assert.equal(logic.telling(data), "x");
  assert.equal(logic.upset(data, "x"), "per_byte");
  assert.equal(logic.upset(data, "y"), "raw");
});

test("without any, the table with the most pairs turned around is", () => {
  assert.equal(logic.telling(small), "x");
});
