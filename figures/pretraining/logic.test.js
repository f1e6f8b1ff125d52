import assert from "node:assert/strict";
import test from "node:test";
import * as p from "./logic.js";

const run = (rows, extra = {}) => ({
  floor: 0.2,
  words: ["the", "cat", "sat", "mara's"],
  frames: rows.map(([step, held_out, right, text]) => ({ step, tokens: 10 * step, held_out, right, samples: [text] })),
  ...extra,
});
const RUN = run([
  [0, 2.6, 0, "xq zzt."],
  [10, 1.4, 0, "The cat zat."],
  [100, 0.5, 0.1, "The cat sat."],
  [1000, 0.25, 0.9, "The cat."],
]);

test("axis: both kinds go from 0 to 1 and never back", () => {
  for (const kind of ["log", "linear"]) {
    const where = p.axis(3500, kind);
    assert.equal(where(0), 0);
    assert.equal(where(3500), 1);
    for (let s = 1; s <= 3500; s += 1) assert.ok(where(s) > where(s - 1));
  }
  assert.ok(p.axis(3500, "log")(100) > 0.5);
});

test("ticks: ordered, from 0 to the last step, few", () => {
  assert.deepEqual(p.ticks(3500, "log"), [0, 1, 10, 100, 1000, 3500]);
  assert.deepEqual(p.ticks(3500, "linear"), [0, 1000, 2000, 3000, 3500]);
  assert.deepEqual(p.ticks(2400, "log"), [0, 1, 10, 100, 2400]); // 1,000 would touch 2,400
  assert.deepEqual(p.ticks(1200, "log"), [0, 1, 10, 100, 1200]);
  for (const last of [7, 50, 400, 999, 1500, 12000]) {
    for (const kind of ["log", "linear"]) {
      const t = p.ticks(last, kind);
      assert.ok(t[0] === 0 && t.at(-1) === last && t.length <= 7, `${last} ${kind}: ${t}`);
      t.forEach((x, i) => assert.ok(i === 0 || x > t[i - 1]));
    }
  }
});

test("nearest checkpoint, by step and by place", () => {
  const c = RUN.frames;
  assert.deepEqual(
    [-5, 0, 5, 6, 60, 1e9].map((s) => p.nearest(c, s)),
    [0, 0, 0, 1, 2, 3],
  );
  const log = p.axis(1000, "log");
  assert.equal(p.nearestPlace(c, log(60), log), 2);
  assert.equal(p.nearestPlace(c, 2, log), 3);
});

test("words that the town does not have are invented; a cut-off one is not judged", () => {
  const known = new Set(["the", "mara's", "été"]);
  const is = (text, ended) =>
    p
      .judge(text, known, ended)
      .filter((x) => x.is)
      .map((x) => `${x.text}:${x.is}`);
  assert.deepEqual(is("The oun, 1904. Mara’s, Mara"), ["The:word", "oun:invented", "Mara’s:word"]);
  assert.deepEqual(is("the<|end|>zz <"), ["the:word", "zz:invented"]);
  assert.deepEqual(is("THE Mara's été.", true), ["THE:word", "Mara's:word", "été:word"]);
  assert.deepEqual(is("the ou"), ["the:word"]);
  assert.deepEqual(is("the ou", true), ["the:word", "ou:invented"]);
  assert.deepEqual(is(""), []);
});

test("the parts of a sample join to the sample", () => {
  for (const text of ["", "a", " The cat\n\nsat… \uFFFD 1904's", "….", "x y"]) {
    assert.equal(
      p
        .judge(text, new Set(["a"]))
        .map((x) => x.text)
        .join(""),
      text,
    );
  }
});

test("settled: from when on it holds to the end", () => {
  const from = (list) => p.settled(list, (x) => x > 0);
  assert.deepEqual([[0, 1, 0, 1, 1], [1, 1], [1, 0], []].map(from), [3, 0, -1, -1]);
});

test("the finding: words first, then facts, with how much more reading", () => {
  const found = p.finding(RUN);
  assert.equal(found.key, "later");
  assert.deepEqual([found.words, found.facts, found.known, found.times], [2, 3, 0.1, 10]);
  assert.ok(Math.abs(found.covered - (2.6 - 0.5) / (2.6 - 0.2)) < 1e-12);
});

test("the finding says so when facts come with the words, before them, or never", () => {
  assert.equal(
    p.finding(
      run([
        [0, 2, 0, "zz."],
        [9, 1, 0.6, "the cat."],
      ]),
    ).key,
    "together",
  );
  assert.equal(
    p.finding(
      run([
        [0, 2, 0, "zz."],
        [5, 1.5, 0.6, "the zz."],
        [9, 1, 0.6, "the cat."],
      ]),
    ).key,
    "earlier",
  );
  assert.equal(
    p.finding(
      run([
        [0, 2, 0, "zz."],
        [9, 1, 0.2, "the cat."],
      ]),
    ).key,
    "none",
  );
});

test("what is asked: three frames, the last one the end", () => {
  const steps = [0, 1, 3, 10, 30, 100, 200, 500, 1000, 2000, 3500];
  const c = steps.map((step) => ({ step }));
  assert.deepEqual(
    p.asked(c).map((i) => steps[i]),
    [100, 500, 3500],
  ); // 583 is nearer to 500 than to 1,000
});

test("guesses in a link: only whole percentages", () => {
  assert.deepEqual(p.parseGuess("5-30-80", 3), [5, 30, 80]);
  for (const bad of ["", "none", "5-30", "5-30-101", "5-30-1e9", "5--80", "a-b-c", "5-30-80-1"])
    assert.equal(p.parseGuess(bad, 3), null);
});

test("the verdict names the guess that was off most", () => {
  const v = p.verdict(RUN.frames, [1, 2, 3], [40, 50, 80]);
  assert.deepEqual(
    v.rows.map((r) => Math.round(r.real)),
    [0, 10, 90],
  );
  assert.equal(v.worst.step, 10);
  assert.ok(Math.abs(v.mean - (40 + 40 + 10) / 3) < 1e-9);
});

test("what a head looks at: the token before, and far back without the first", () => {
  const rows = [[1], [1, 0], [0, 1, 0], [0.5, 0, 0.5, 0], [0.1, 0.6, 0.1, 0.2, 0]];
  const { before, back } = p.looks(rows);
  assert.ok(Math.abs(before - (1 + 0.5 + 0.2) / 3) < 1e-12);
  assert.ok(Math.abs(back - 0.6) < 1e-12);
});

test("the margin of a share on 75 questions is 11 points", () => assert.equal(Math.round(p.noise(75)), 11));

test("pages", () => assert.equal(p.pages(900, 4), 2));
