import assert from "node:assert/strict";
import { test } from "node:test";
import { next, prepare, score, valid } from "./logic.js";

const questions = [
  {
    q: "One?",
    options: [
      { text: "a", right: true, why: "yes" },
      { text: "b", why: "no" },
      { text: "c", right: false, why: "no" },
    ],
  },
  {
    q: "Two?",
    options: [
      { text: "d", why: "no" },
      { text: "e", right: true, why: "yes" },
    ],
  },
];

test("options are shuffled the same way on every visit, and none is lost", () => {
  const once = prepare({ id: "x", questions });
  assert.deepEqual(once, prepare({ id: "x", questions }));
  assert.deepEqual(once.questions[0].options.map((o) => o.index).sort(), [0, 1, 2]);
  const many = Array.from({ length: 300 }, (_, i) =>
    prepare({ id: `quiz ${i}`, questions }).questions[0].options.findIndex((o) => o.right),
  );
  for (const place of [0, 1, 2]) assert.ok(many.filter((p) => p === place).length > 60, `place ${place}`);
  assert.deepEqual(
    prepare({ id: "x", questions, keepOrder: true }).questions[0].options.map((o) => o.index),
    [0, 1, 2],
  );
});

test("scores count answered and right", () => {
  const quiz = prepare({ id: "x", questions });
  assert.deepEqual(score(quiz, {}), { answered: 0, right: 0, total: 2 });
  assert.deepEqual(score(quiz, { 0: 0, 1: 0 }), { answered: 2, right: 1, total: 2 });
});

test("kept answers that no longer fit are dropped", () => {
  const quiz = prepare({ id: "x", questions });
  assert.deepEqual(valid(quiz, { 0: 2, 1: 7, 5: 0 }), { 0: 2 });
  assert.deepEqual(valid(quiz, null), {});
});

test("the next question is one without an answer", () => {
  const three = { questions: [{}, {}, {}] };
  assert.equal(next(three, {}, -1), 0);
  assert.equal(next(three, { 0: 1 }, -1), 1);
  assert.equal(next(three, { 0: 1, 2: 0 }, 2), 1);
  assert.equal(next(three, { 0: 1, 1: 0 }, 0), 2);
  assert.equal(next(three, { 0: 1, 1: 0, 2: 0 }, 1), null);
});

test("an author's slip is named with its place", () => {
  assert.throws(
    () =>
      prepare({
        id: "x",
        questions: [
          {
            q: "?",
            options: [
              { text: "a", right: true, why: "" },
              { text: "b", why: "c" },
            ],
          },
        ],
      }),
    /question 1.*"why"/,
  );
  assert.throws(
    () =>
      prepare({
        id: "x",
        questions: [
          {
            q: "?",
            options: [
              { text: "a", why: "y" },
              { text: "b", why: "c" },
            ],
          },
        ],
      }),
    /exactly one/,
  );
  assert.throws(() => prepare({ questions }), /"id"/);
  assert.throws(() => prepare({ id: "x", questions: [] }), /no "questions"/);
});
