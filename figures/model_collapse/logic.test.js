import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import * as logic from "./logic.js";

const file = new URL("../../glassbox/recordings/model_collapse.json", import.meta.url);
const recording = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;

const row = (facts, told, ...page) => ({ facts, told, page });

/** Three facts, two lines, two seeds, three generations: small enough to read. */
const small = {
  times: [9, 2, 1],
  page: [
    { stem: "Ann Lee keeps", value: "an eel", truth: "Ann Lee keeps an eel.", manner: "plain", times: 9 },
    { stem: "Bo Fay do keep", value: "a crab", truth: "Bo Fay do keep a crab.", manner: "harbor", times: 1 },
  ],
  runs: {
    own: [
      [row(3, "111", " an eel.", " a crab."), row(2, "110", " an eel.", " an eel."), row(1, "100", " an eel.", "")],
      [row(3, "111"), row(2, "110"), row(1, "100")],
    ],
    accumulated: [
      [
        row(3, "111", " an eel.", " a crab."),
        row(3, "111", " an eel.", " a crab."),
        row(3, "111", " an eel.", " a crab."),
      ],
      [row(3, "111"), row(3, "111"), row(2, "110")],
    ],
  },
};

test("generations are found by number, and bad numbers find the first", () => {
  assert.equal(logic.last(small), 2);
  assert.deepEqual(
    [0, 1.4, "2", 99, -3].map((n) => logic.nearest(small, n)),
    [0, 1, 2, 2, 0],
  );
  for (const bad of ["x", NaN, undefined, {}]) assert.equal(logic.nearest(small, bad), 0);
  assert.equal(logic.dietOf("mixed"), "mixed");
  for (const bad of ["town", "", null, "constructor"]) assert.equal(logic.dietOf(bad), "own");
});

test("a lamp is lit while its fact is told", () => {
  const [first, second] = logic.generations(small, "own");
  assert.deepEqual(
    logic.lamps(small, second).map(({ lit }) => lit),
    [true, true, false],
  );
  assert.deepEqual([logic.countLit(first), logic.countLit(second)], [3, 2]);
});

test("a line of the page is right where beginning and end are the town's sentence", () => {
  const page = logic.pageOf(small, logic.generations(small, "own")[1]);
  assert.deepEqual(
    page.map(({ right, reply }) => [right, reply]),
    [
      [true, "an eel."],
      [false, "an eel."],
    ],
  );
  assert.equal(logic.countRight(page), 1);
  assert.equal(logic.pageOf(small, logic.generations(small, "own")[2])[1].reply, "");
});

test("a measure is taken over the seeds", () => {
  assert.deepEqual(logic.over(small, "accumulated", "facts", 2), { mean: 2.5, low: 2, high: 3 });
});

test("the sentence is said only where every seed bears it out", () => {
  const found = logic.finding(small);
  assert.ok(Math.abs(found.own - 1 / 3) < 1e-12 && found.kept === 1);
  const even = structuredClone(small);
  even.runs.own[1][2].facts = 2;
  assert.equal(logic.finding(even), null);
});

test("percentages say when they are rounded away", () => {
  assert.deepEqual([0, 0.001, 0.126, 0.999, 1].map(logic.percent), ["0%", "<1%", "13%", ">99%", "100%"]);
});

test("names at the ends of lines do not lie on each other", () => {
  const at = logic
    .spread([{ y: 100 }, { y: 101 }, { y: 20 }, { y: 228 }, { y: 229 }], 230)
    .map((one) => one.at)
    .sort((a, b) => a - b);
  for (let i = 1; i < at.length; i++) assert.ok(at[i] - at[i - 1] >= 14.9);
  assert.ok(at.at(-1) <= 230);
});

test("the recording bears out what the figure says", { skip: !recording }, () => {
  assert.ok(logic.finding(recording));
  for (const diet of logic.BOARDS)
    for (const one of logic.generations(recording, diet)) {
      assert.equal(one.told.length, recording.times.length);
      assert.ok(logic.countLit(one) <= one.facts, "a fact that is told is counted");
      assert.equal(logic.pageOf(recording, one).length, recording.page.length);
    }
  const first = logic.BOARDS.map((diet) => logic.generations(recording, diet)[0].page.join());
  assert.equal(new Set(first).size, 1, "generation 0 is the same model on every diet");
});
