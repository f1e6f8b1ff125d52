import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as logic from "./logic.js";

const data = JSON.parse(readFileSync(new URL("answers.json", import.meta.url), "utf8"));
const close = (a, b, by = 1e-3) => assert.ok(Math.abs(a - b) < by, `${a} and ${b}`);

test("every recorded answer, put together from its tokens, is its text", () => {
  for (const [answer, { text, steps }] of data.answers.entries()) {
    const end = { answer, step: steps.length - 1 };
    assert.equal(
      logic
        .written(data, end)
        .map((id) => data.texts[id])
        .join(""),
      text,
    );
    assert.equal(logic.signOf(data.texts[steps.at(-1).chosen]), "end");
    assert.equal(logic.next(data, end), null);
  }
});

test("the dart of every step lies in the piece of the token that was chosen", () => {
  for (const { steps } of data.answers)
    for (const step of steps) {
      const hit = logic.pieces(step).filter((piece) => piece.hit);
      assert.equal(hit.length, 1);
      assert.equal(hit[0].id, step.chosen);
      assert.ok(hit[0].from - 1e-3 <= step.dart && step.dart <= hit[0].to + 1e-3, JSON.stringify([hit, step.dart]));
    }
});

test("pieces lie side by side, the likeliest first", () => {
  for (const { steps } of data.answers)
    for (const step of steps) {
      const all = logic.pieces(step).sort((a, b) => a.from - b.from);
      for (const [a, b] of all.slice(1).map((piece, i) => [all[i], piece])) {
        assert.ok(b.from >= a.to - 2e-3, JSON.stringify([a, b]));
        assert.ok(b.to - b.from <= a.to - a.from + 1e-3);
      }
    }
});

test("the last guess of the blocks is the best score", () => {
  for (const { steps } of data.answers)
    for (const { depths, scores } of steps) {
      assert.equal(depths.length, data.layers + 1);
      assert.equal(depths.at(-1)[0], scores[0][0]);
      close(depths.at(-1)[1], scores[0][1]);
    }
});

test("a look goes to what has been read, and nowhere else", () => {
  for (const [answer, { steps }] of data.answers.entries())
    for (let step = 0; step < steps.length; step++)
      for (const layer of logic.looks(data, { answer, step })) {
        assert.ok(
          layer.every(([id, share, place]) => id !== undefined && share >= 0 && place < data.prompt.length + step),
        );
        assert.ok(layer.reduce((sum, [, share]) => sum + share, 0) <= 1.01);
      }
});

test("links: what they may set, and the opening for anything else", () => {
  const open = logic.begin(data, {});
  assert.equal(open.station, "depths");
  assert.equal(data.texts[logic.now(data, open).chosen].trim(), data.truth.split(" ")[0]);
  assert.deepEqual(logic.begin(data, { station: "dice", answer: "2", step: "0" }), {
    station: "dice",
    answer: 2,
    step: 0,
  });
  for (const bad of ["x", "-1", "99", "0.5", "<b>", "NaN"])
    assert.deepEqual(logic.begin(data, { station: bad, answer: bad, step: bad }), open);
});

test("other dice go round through all answers, to where each turns", () => {
  let state = logic.begin(data, {});
  const seen = new Set();
  for (let n = 0; n < data.answers.length; n++) {
    state = logic.thrown(data, state);
    seen.add(state.answer);
  }
  assert.equal(seen.size, data.answers.length);
  assert.equal(
    logic.naming(
      data,
      data.answers.findIndex((a) => !a.right),
    ),
    0,
  );
});

test("signs have names, and text has none", () => {
  assert.equal(logic.signOf("<|user|>"), "user");
  for (const word of ["user", "constructor", "toString", ""]) assert.equal(logic.signOf(word), null);
});

test("shares as percent", () => {
  assert.deepEqual([0.9955, 0.54, 0.0389, 0.0004, 1].map(logic.percent), [
    "99.6%",
    "54%",
    "3.9%",
    "under 0.1%",
    "over 99.9%",
  ]);
});
