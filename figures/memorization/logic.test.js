import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as m from "./logic.js";

const recording = JSON.parse(
  readFileSync(new URL("../../glassbox/recordings/memorization.json", import.meta.url), "utf8"),
);

const run = (size, seed, extracted, extra = {}) => ({
  size,
  seed,
  deduplicated: false,
  extracted,
  extracted_fresh: [0, 0],
  loss: [3, 1],
  chance: [
    [0, 0],
    [0.5, 0.1],
  ],
  ...extra,
});
const SMALL = {
  shapes: [{}, {}],
  copies: [1, 16],
  prompts: [2, 8],
  each: 10,
  seeds: [0, 1],
  models: [
    run(0, 0, [
      [0, 0],
      [2, 1],
    ]),
    run(0, 1, [
      [0, 0],
      [0, 1],
    ]),
    run(1, 0, [
      [0, 1],
      [8, 9],
    ]),
    run(1, 1, [
      [0, 0],
      [10, 9],
    ]),
    run(
      1,
      0,
      [
        [0, 0],
        [1, 1],
      ],
      { deduplicated: true },
    ),
  ],
};
const changed = (change) => {
  const copy = structuredClone(SMALL);
  change(copy);
  return copy;
};

test("words and their places", () => {
  assert.deepEqual(m.words("The cat's hat, 12!"), [
    { word: "the", from: 0, to: 3 },
    { word: "cat's", from: 4, to: 9 },
    { word: "hat", from: 10, to: 13 },
    { word: "12", from: 15, to: 17 },
  ]);
  assert.deepEqual(m.words(""), []);
});

test("the longest shared run, the first of equals", () => {
  assert.deepEqual(m.longestRun("a cat sat. A dog sat", "The dog sat; a cat sat"), { length: 3, a: 0, b: 3 });
  assert.deepEqual(m.longestRun("x", "y"), { length: 0, a: 0, b: 0 });
  assert.deepEqual(m.longestRun("b c b c", "b c"), { length: 2, a: 0, b: 0 });
});

test("a text in three parts around a run", () => {
  assert.deepEqual(m.parts("Oh, the cat sat.", 1, 2), ["Oh, ", "the cat", " sat."]);
  assert.deepEqual(m.parts("Oh.", 0, 0), ["Oh.", "", ""]);
  assert.deepEqual(m.parts("Oh.", 1, 3), ["Oh.", "", ""]); // a run that is not there
});

test("a poem is its opening and the rest; word for word means the next tokens", () => {
  const poem = { pieces: ["A", " b", "c", " d", " e"] };
  assert.deepEqual(m.cut(poem, 2), { opening: "A b", rest: "c d e" });
  assert.ok(m.extracted(poem, 2, "c d and more", 2));
  assert.ok(!m.extracted(poem, 2, "c e", 2));
  assert.ok(!m.extracted(poem, 2, "", 2));
});

test("shares are means over seeds with their range; copies removed are another model", () => {
  assert.deepEqual(m.share(SMALL, 0, 1, 0), { mean: 0.1, low: 0, high: 0.2 });
  assert.deepEqual(m.share(SMALL, 1, 1, 1), { mean: 0.9, low: 0.9, high: 0.9 });
  assert.deepEqual(m.share(SMALL, 1, 1, 1, true), { mean: 0.1, low: 0.1, high: 0.1 });
  assert.equal(m.level(SMALL, 0, "loss", 1).mean, 1);
  assert.equal(m.level(SMALL, 0, "chance", 1, 0).mean, 0.5);
  assert.equal(m.control(SMALL, 0, 0).high, 0);
});

test("links name any number; the nearest by ratio is shown", () => {
  assert.deepEqual(
    [1, 3, 5, 16, 999, 0, -2, "x"].map((n) => m.nearest([1, 16], n)),
    [0, 0, 1, 1, 1, 0, 0, 0],
  );
  assert.deepEqual([73_728, 479_232, 2_113_536].map(m.short), ["74k", "479k", "2.1M"]);
});

test("the sentence says what the recording bears out", () => {
  const found = m.finding(SMALL, 1);
  assert.deepEqual([found.copies, found.size, found.prompt, found.first, found.control], [true, true, "flat", 1, 0]);
  assert.equal(
    m.finding(
      changed((d) => {
        d.models.forEach((r) => {
          r.extracted[1][1] = 10;
          r.extracted[1][0] = 0;
        });
      }),
      1,
    ).prompt,
    "up",
  );
  assert.equal(
    m.finding(
      changed((d) => {
        d.models.forEach((r) => {
          r.extracted[1][1] = 0;
          r.extracted[1][0] = 9;
        });
      }),
      1,
    ).prompt,
    "down",
  );
  const same = m.finding(
    changed((d) => {
      d.models.forEach((r) => {
        r.extracted = [
          [5, 5],
          [5, 5],
        ];
      });
    }),
    1,
  );
  assert.deepEqual([same.copies, same.size], [false, false]);
});

test("the recording's runs are the longest there are, and its texts go with its counts", () => {
  const { poems, prompts, written, target } = recording;
  written.forEach((bySize, size) =>
    bySize.forEach((byPrompt, i) =>
      byPrompt.forEach(({ text, overlap, start }, p) => {
        const { rest } = m.cut(poems[i], prompts[p]);
        const best = m.longestRun(text, rest);
        assert.equal(overlap, best.length, `${size} ${i} ${p}`);
        if (!overlap) return;
        const [, marked] = m.parts(text, start, overlap);
        const same = m.longestRun(marked, rest);
        assert.equal(same.length, overlap);
        // a poem continued word for word was counted: its level cannot stand at none
        const level = recording.copies.indexOf(poems[i].copies);
        if (m.extracted(poems[i], prompts[p], text, target)) assert.ok(m.share(recording, size, level, p).high > 0);
      }),
    ),
  );
});

test("the recording fills the whole map", () => {
  for (const { extracted, extracted_fresh: fresh, chance, loss, auc } of recording.models) {
    assert.equal(extracted.length, recording.copies.length);
    assert.ok(
      extracted.every(
        (row) => row.length === recording.prompts.length && row.every((n) => n >= 0 && n <= recording.each),
      ),
    );
    assert.equal(fresh.length, recording.prompts.length);
    assert.ok(
      chance.every((row) => row.length === recording.temperatures.length && row.every((p) => p >= 0 && p <= 1)),
    );
    assert.ok(loss.length === recording.copies.length && auc.length === recording.copies.length);
  }
  recording.shapes.forEach((_, size) => assert.equal(m.ofSize(recording, size).length, recording.seeds.length));
  recording.copies.forEach((n) => assert.ok(recording.poems.some((p) => p.copies === n)));
});

test("a poem said by heart, and one that is lost", () => {
  const poem = { pieces: ["The ", "old ", "bell ", "rings ", "at ", "noon."] };
  const known = m.aloud(poem, 2, { text: "bell rings at noon.", overlap: 4, start: 0 }, 3);
  assert.deepEqual([known.opening, known.hit, known.of], ["The old ", true, 4]);
  assert.deepEqual(known.same, ["", "bell rings at noon", "."]);
  const lost = m.aloud(poem, 2, { text: "sea rings at dawn", overlap: 2, start: 1 }, 3);
  assert.equal(lost.hit, false);
  assert.deepEqual(lost.run, ["sea ", "rings at", " dawn"]);
  assert.deepEqual(lost.same, ["bell ", "rings at", " noon."]);
  assert.equal(m.aloud(poem, 2, { text: " ", overlap: 0, start: 0 }, 3).hit, false);
});

test("the figure opens on a poem that is lost after one copy and stays once it is known", () => {
  const poem = (...hits) => ({ written: hits.map((hit) => ({ hit: Boolean(hit) })) });
  assert.equal(m.opener([poem(0, 0, 0), poem(1, 1, 1), poem(0, 1, 0, 1), poem(0, 0, 1), poem(0, 1, 1)]), 3);
  assert.equal(m.opener([poem(0, 0), poem(0, 1, 0, 1)]), 1); // none that stays: then one that turns
  assert.equal(m.opener([poem(1, 1), poem(0, 0)]), 0);
});
