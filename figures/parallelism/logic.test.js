import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as p from "./logic.js";

const golden = JSON.parse(readFileSync(new URL("./golden.json", import.meta.url), "utf8"));
const near = (a, b, what) => assert.ok(Math.abs(a - b) < 1e-12, `${what}: ${a} is not ${b}`);

test("schedules, waiting and what is kept are those of glassbox.scale.pipeline", () => {
  for (const { kind, stages, pieces, ...known } of golden) {
    const slots = p.schedule(kind, stages, pieces);
    const name = `${kind} ${stages} ${pieces}`;
    assert.deepEqual(
      slots.map((s) => [s.stage, s.piece, Number(s.work === "forward"), s.start, s.end]),
      known.slots,
      name,
    );
    near(p.bubble(slots), known.bubble, name);
    near(p.predicted(stages, pieces), known.predicted, name);
    assert.deepEqual(p.held(slots), known.held, name);
  }
});

test("both orders wait equally long, and more pieces wait less", () => {
  for (const stages of p.STAGES) {
    const shares = p.PIECES.map((pieces) => {
      const [a, b] = p.KINDS.map((kind) => p.bubble(p.schedule(kind, stages, pieces)));
      near(a, b, `${stages} stages, ${pieces} pieces`);
      near(a, p.predicted(stages, pieces), "formula");
      return a;
    });
    for (let i = 1; i < shares.length; i++) assert.ok(shares[i] < shares[i - 1]);
  }
});

test("a batch in more pieces takes less time: 7 of 16 parts for four stages and four pieces", () => {
  for (const stages of p.STAGES) {
    for (const pieces of p.PIECES) {
      for (const kind of p.KINDS) {
        const part = p.span(p.schedule(kind, stages, pieces), pieces);
        near(part, (pieces + stages - 1) / (pieces * stages), `${kind} ${stages} ${pieces}`);
      }
    }
  }
});

test("no stage does two things at once, and no piece overtakes what it waits for", () => {
  const slots = p.schedule("1f1b", 4, 8);
  for (let stage = 0; stage < 4; stage++) {
    const mine = p.ofStage(slots, stage);
    assert.equal(mine.length, 16);
    for (let i = 1; i < mine.length; i++) assert.ok(mine[i].start >= mine[i - 1].end);
  }
});

test("at every moment a stage works on one piece or waits", () => {
  const slots = p.schedule("gpipe", 2, 1);
  assert.deepEqual(p.moments(slots), [0, 1, 2, 4, 6]);
  const told = p.moments(slots).map((time) => p.doing(slots, time).map((slot) => slot?.work ?? "waits"));
  assert.deepEqual(told, [
    ["forward", "waits"],
    ["waits", "forward"],
    ["waits", "backward"],
    ["backward", "waits"],
    ["waits", "waits"],
  ]);
});

test("a thousand chips at two dollars, waiting three sevenths of the time", () => {
  const { all, wasted } = p.bill(3 / 7, 2);
  assert.equal(all, 2000);
  near(wasted, 6000 / 7, "dollars");
});

test("a link with any number finds the nearest that is offered", () => {
  assert.equal(p.PIECES[p.nearest(p.PIECES, 5)], 4);
  assert.equal(p.PIECES[p.nearest(p.PIECES, "1000")], 32);
  assert.equal(p.PIECES[p.nearest(p.PIECES, "many")], 1);
});
