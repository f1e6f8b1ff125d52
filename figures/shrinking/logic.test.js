import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import * as logic from "./logic.js";

const file = new URL("../../glassbox/recordings/shrinking.json", import.meta.url);
const recording = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;

const said = (...verdicts) => verdicts.map((verdict) => ({ text: verdict, verdict }));
const row = (kind, bits, right, ...verdicts) => ({
  kind,
  bits,
  bytes: bits * 1000,
  by_turn: [right],
  replies: said(...verdicts),
});

/** A conversation of two lines, four rungs, three runs of two other ways: small enough to read. */
const small = {
  conversation: [
    { user: "Where?", truth: "Tar Lane" },
    { user: "Hello!", truth: null },
  ],
  rungs: [
    row("bits", 2, 0, "malformed", "other"),
    row("full", 16, 0.9, "right", "honest"),
    row("bits", 4, 0.88, "right", "other"),
    row("bits", 3, 0.4, "wrong", "other"),
  ],
  others: [
    { ...row("student", undefined, 0.6, "right", "honest"), layers: 3, seed: 0 },
    { ...row("student", undefined, 0.8, "right", "honest"), layers: 3, seed: 1 },
    { ...row("pruned", undefined, 0.5, "wrong", "honest"), share: 0.2 },
  ],
};

test("the ladder is the whole assistant and its roundings, most bits first", () => {
  assert.deepEqual(
    logic.ladder(small).map((m) => m.bits),
    [16, 4, 3, 2],
  );
});

test("runs of one way stand together", () => {
  const found = logic.ways(small);
  assert.deepEqual(
    found.map(({ kind, much, rows }) => [kind, much, rows.length]),
    [
      ["student", 3, 2],
      ["pruned", 0.2, 1],
    ],
  );
  assert.ok(Math.abs(logic.mean(found[0].rows, logic.share) - 0.7) < 1e-12);
});

test("bits are found by ratio, and bad numbers find the whole assistant", () => {
  const rungs = logic.ladder(small);
  assert.equal(logic.nearest(rungs, 16), 0);
  assert.equal(logic.nearest(rungs, "3"), 2);
  assert.equal(logic.nearest(rungs, 9), 0);
  for (const bad of ["x", -1, 0, NaN, null, undefined]) assert.equal(logic.nearest(rungs, bad), 0);
});

test("a conversation puts question, truth and reply together; a proper reply to small talk counts as right", () => {
  const [whole, four] = logic.ladder(small);
  const turns = logic.conversation(small, whole);
  assert.deepEqual(turns[0], { question: "Where?", answer: "Tar Lane", reply: "right", verdict: "right" });
  assert.equal(logic.countRight(turns), 2);
  assert.equal(logic.countRight(logic.conversation(small, four)), 1);
});

test("changed words are those outside the longest common run of words", () => {
  const text = (reply, whole) =>
    logic
      .changed(reply, whole)
      .map(({ word, same }) => (same ? word : `[${word}]`))
      .join(" ");
  assert.equal(text("Ann lives on Tar Lane.", "Ann lives on Tar Lane."), "Ann lives on Tar Lane.");
  assert.equal(text("Ann lives on Elm Lane.", "Ann lives on Tar Lane."), "Ann lives on [Elm] Lane.");
  assert.equal(text("I hear: Ann lives there.", "Ann lives on Tar Lane."), "[I] [hear:] Ann lives [there.]");
  assert.equal(text("b b b", "Ann"), "[b] [b] [b]");
  assert.equal(text("", "Ann"), "");
});

test("areas are to scale", () => {
  assert.equal(logic.sideOf(1000, 1000, 100), 100);
  assert.equal(logic.sideOf(250, 1000, 100), 50);
  assert.equal(logic.size(2_097_152), "2.1 MB");
  assert.equal(logic.size(550_912), "551 KB");
});

test("a sentence is said only where the recording bears it out", () => {
  const found = logic.finding(small);
  assert.deepEqual([found.free, found.broken, found.cliff], [1, 2, true]);
  const slow = structuredClone(small);
  slow.rungs[2].by_turn = [0.8];
  slow.rungs[3].by_turn = [0.6];
  assert.equal(logic.finding(slow).cliff, false);
  const sound = structuredClone(small);
  for (const m of sound.rungs) m.by_turn = [0.9];
  assert.deepEqual([logic.finding(sound).free, logic.finding(sound).broken], [3, -1]);
  assert.equal(logic.finding(sound).cliff, false);
});

test("the recording bears out what the figure says", { skip: !recording }, () => {
  const found = logic.finding(recording);
  assert.ok(found.broken > found.free && found.free >= 1);
  const turns = logic.conversation(recording, logic.ladder(recording)[0]);
  assert.equal(logic.countRight(turns), turns.length);
  for (const line of [...recording.rungs, ...recording.others].flatMap((m) => m.replies))
    assert.ok(line.verdict in logic.SIGNS, line.verdict);
});
