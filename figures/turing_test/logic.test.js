import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as logic from "./logic.js";

const golden = JSON.parse(readFileSync(new URL("golden.json", import.meta.url), "utf8"));
const who = (...by) => ({ endings: by.map((b) => ({ by: b, text: b })) });
const items = [who("written", "model", "dice", "book"), who("written", "model", "dice", "count")];
const close = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} and ${b}`);

test("luck and the interval are SciPy's", () => {
  for (const { right, n, luck, interval } of golden.games) {
    close(logic.byLuck(right, n), luck);
    logic.interval(right, n).forEach((edge, i) => close(edge, interval[i]));
  }
});

test("without a guess everything is possible", () => {
  assert.deepEqual(logic.interval(0, 0), [0, 1]);
  assert.equal(logic.byLuck(0, 0), 1);
  assert.equal(logic.finding([null, null]), "none");
});

test("an item is laid out in one order, with each ending once, and not always the same place is right", () => {
  const many = Array.from({ length: 16 }, () => items[0]);
  const places = many.map((_, i) => logic.laidOut(many, i).findIndex((e) => e.by === "written"));
  assert.ok(new Set(places).size > 2, String(places));
  assert.deepEqual(logic.laidOut(items, 0), logic.laidOut(items, 0));
  assert.deepEqual(
    logic
      .laidOut(items, 1)
      .map((e) => e.by)
      .sort(),
    ["count", "dice", "model", "written"],
  );
});

test("only guesses that were made count, and only the composed ending is right", () => {
  const guesses = ["written", null, "dice", "written", "book"];
  assert.deepEqual(logic.scoreOf(guesses), { n: 4, right: 2 });
  assert.deepEqual(
    logic.taken(guesses).map(({ n }) => n),
    [2, 0, 1, 1, 0],
  );
});

test("nothing is said about skill before eight guesses, and then what the interval allows", () => {
  const game = (right, n) => Array.from({ length: n }, (_, i) => (i < right ? "written" : "model"));
  assert.equal(logic.finding(game(7, 7)), "few");
  assert.equal(logic.finding(game(8, 8)), "better");
  assert.equal(logic.finding(game(3, 8)), "same");
  assert.equal(logic.finding(game(0, 8)), "same");
  assert.equal(logic.finding(game(0, 16)), "worse");
});

test("a bad link and bad memory are mended", () => {
  assert.equal(logic.numberOf(items, "x"), 0);
  assert.equal(logic.numberOf(items, -1), 1);
  assert.equal(logic.numberOf(items, 2.7), 0);
  assert.deepEqual(logic.mended(items, ["count", "count", "model"]), [null, "count"]);
  assert.deepEqual(logic.mended(items, "nonsense"), [null, null]);
});

test("the figure opens on what was not guessed yet", () => {
  assert.equal(logic.firstOpen([null, null]), 0);
  assert.equal(logic.firstOpen(["model", null, "dice"]), 1);
  assert.equal(logic.firstOpen(["model", "dice"]), 0);
});
