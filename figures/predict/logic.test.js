import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, manner, place, prepare, shown, valid } from "./logic.js";

const choice = prepare({ id: "a.b", question: "Which?", choices: ["more", "less"] });
const number = prepare({ id: "a.c", question: "How many?", number: { min: 0, max: 100, step: 5, unit: "%" } });

test("a kept answer counts only while it fits the question", () => {
  assert.equal(valid(choice, "more"), "more");
  assert.equal(valid(choice, "same"), null);
  assert.equal(valid(choice, null), null);
  assert.equal(valid(number, 40), 40);
  assert.equal(valid(number, 140), null);
  assert.equal(valid(number, "40"), null);
});

test("predictions are compared with what was measured", () => {
  assert.equal(compare(choice, "more", "more"), "same");
  assert.equal(compare(choice, "more", "less"), "other");
  assert.equal(compare(number, 45, 50), "close");
  assert.equal(compare(number, 20, 50), "low");
  assert.equal(compare(number, 80, 50), "high");
});

test("how an answer was come to is said alike at the beginning and inside a sentence", () => {
  assert.deepEqual(manner("Worked out"), { first: "Worked out", inside: "worked out" });
});

test("numbers are shown as their slider writes them and stay on the scale", () => {
  assert.equal(shown(number.number, 40), "40%");
  assert.equal(shown({ step: 0.25, unit: "bits" }, 1.5), "1.50 bits");
  assert.equal(number.number.start, 50);
  assert.equal(place(number.number, 130), 100);
});

test("an author's slip is named", () => {
  assert.throws(() => prepare({ id: "x", question: "?", choices: ["only"] }), /two and six/);
  assert.throws(() => prepare({ id: "x", question: "?", number: { min: 3, max: 3 } }), /min < max/);
  assert.throws(() => prepare({ question: "?", choices: ["a", "b"] }), /"id"/);
});
