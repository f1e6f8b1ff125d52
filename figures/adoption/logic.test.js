import assert from "node:assert/strict";
import { test } from "node:test";
import { axis, grain, guessLine, known, later, missed, nearest, parseGuess, read, sides, valueAt } from "./logic.js";

const frame = { begin: 2022, end: 2027, cut: 2025, asked: [2025.25, 2025.75, 2026.25] };
const main = [
  { t: 2023, v: 100 },
  { t: 2024.5, v: 200 },
  { t: 2025.5, v: 400 },
  { t: 2026, v: 100 },
];
const band = [
  [2024, 150, 200, 250],
  [2027, 150, 300, 350],
];

test("the cut parts what was known from what came", () => {
  assert.deepEqual(
    known(main, 2025).map((m) => m.v),
    [100, 200],
  );
  assert.deepEqual(
    later(main, 2025).map((m) => m.v),
    [400, 100],
  );
});

test("years lie evenly on the axis", () => {
  assert.equal(axis(frame)(2024.5), 0.5);
});

test("the reader's line begins at the last known count and stays level after the last year asked", () => {
  const line = guessLine({ main }, frame, [300, 400, 600]);
  assert.deepEqual(line[0], [2024.5, 200]);
  assert.deepEqual(line.at(-1), [2027, 600]);
  assert.equal(valueAt(line, 2025.5), 350);
});

test("between two points a line is straight, outside it is level", () => {
  assert.equal(valueAt(band, 2025.5, 2), 250);
  assert.equal(valueAt(band, 2020, 2), 200);
  assert.equal(valueAt(band, 2030, 3), 350);
});

test("a guess that hits every count misses by nothing", () => {
  const line = [
    [2025.5, 400],
    [2026, 100],
  ];
  assert.equal(missed(line, later(main, 2025)), 0);
  assert.equal(missed([[2025, 250]], later(main, 2025)), 150);
});

test("counts are above, inside or below the band", () => {
  assert.deepEqual(sides(band, later(main, 2025)), { above: 1, inside: 0, below: 1 });
  assert.deepEqual(sides(band, [{ t: 2025, v: 200 }]), { above: 0, inside: 1, below: 0 });
});

test("only so many numbers within the axis are a guess", () => {
  assert.deepEqual(parseGuess("10-20-30", 3, 100), [10, 20, 30]);
  for (const bad of ["10-20", "10-20-300", "a-b-c", "", "none", null, "1--2-3"])
    assert.equal(parseGuess(bad, 3, 100), null);
});

test("a finger finds the nearest year asked, and none before the cut", () => {
  assert.equal(nearest(frame.asked, 2025.1, 2025), 0);
  assert.equal(nearest(frame.asked, 2026.9, 2025), 2);
  assert.equal(nearest(frame.asked, 2024, 2025), -1);
});

test("a place is read in whole steps and never leaves the axis", () => {
  assert.equal(read(0.553, 1000, 10), 450);
  assert.equal(read(-1, 100, 1), 100);
  assert.equal(read(2, 100, 1), 0);
  assert.equal(grain(1000), 10);
  assert.equal(grain(100), 1);
});
