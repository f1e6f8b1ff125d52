import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as logic from "./logic.js";

const golden = JSON.parse(readFileSync(new URL("golden.json", import.meta.url), "utf8"));

const poet = (name, habit, words) => ({ name, habit, poems: 1, different: 1, words });
/** Ann wrote ten poems, Ben copied eight of them: the example of the chapter. */
const two = {
  poets: [poet("Ann", "writes", 10), poet("Ben", "copies", 8)],
  worth: { "": 0, 0: 10, 1: 8, "01": 10 },
};
const close = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} and ${b}`);
const both = [0, 1];

test("the chapter's example: Ann adds 6 and Ben 4, on average over both orders", () => {
  const values = logic.shapley(two, both);
  close(values[0], 6);
  close(values[1], 4);
  assert.deepEqual(logic.missing(two, both), { 0: 2, 1: 0 });
});

test("every rule pays the whole pot, and the pot is what the model is worth", () => {
  for (const town of golden.towns)
    for (const rule of logic.RULES) {
      const sum = logic.paid(town, rule, [0, 1, 2, 3, 4]).reduce((a, b) => a + b, 0);
      close(sum, logic.POT);
    }
  close(logic.pot(two, [1]), 80);
  assert.equal(logic.pot({ ...two, worth: { ...two.worth, 1: -3 } }, [1]), 0);
  assert.equal(logic.pot({ ...two, worth: { ...two.worth, "01": 0 } }, both), 0);
});

test("the page pays what the library pays, also when somebody has left", () => {
  for (const { town, rule, out, paid } of golden.cases) {
    const inside = [0, 1, 2, 3, 4].filter((i) => !out.includes(i));
    logic.paid(golden.towns[town], rule, inside).forEach((dollars, i) => {
      if (paid[i] === null) assert.equal(dollars, null);
      else assert.ok(Math.abs(dollars - paid[i]) < 1e-6, `${rule} ${out} ${i}: ${dollars} and ${paid[i]}`);
    });
  }
});

test("whoever makes the model worse is paid nothing; where nobody would be missed, all get the same", () => {
  const worse = { ...two, worth: { "": 0, 0: 10, 1: -2, "01": 9 } };
  assert.deepEqual(logic.paid(worse, "missing", both), [100, 0]);
  const spare = { ...two, worth: { "": 0, 0: 10, 1: 10, "01": 10 } };
  assert.deepEqual(logic.paid(spare, "missing", both), [50, 50]);
});

test("the gainer is the one whose pay rises most, and nobody if no pay rises", () => {
  assert.equal(logic.gainer(two, "shapley", [1]).place, 1);
  close(logic.gainer(two, "shapley", [1]).gain, 40);
  const apart = { ...two, worth: { "": 0, 0: 10, 1: 8, "01": 18 } };
  assert.equal(logic.gainer(apart, "shapley", [1]), null);
});

test("links: a rule or the first; those who left, but never everybody", () => {
  assert.equal(logic.ruleOf("shapley"), "shapley");
  for (const bad of ["x", "", null, undefined, 3]) assert.equal(logic.ruleOf(bad), logic.RULES[0]);
  assert.deepEqual(logic.staying(two, "0"), [1]);
  assert.deepEqual(logic.staying(two, "none"), both);
  assert.deepEqual(logic.staying(two, "01"), both);
  assert.deepEqual(logic.staying(two, "<b>9"), both);
  assert.equal(logic.leaving(two, [1]), "0");
  assert.equal(logic.leaving(two, both), "none");
});

test("sums are whole dollars, dimes below half a dollar", () => {
  assert.deepEqual([0, 0.24, 0.6, 23.5].map(logic.dollars), ["$0", "$0.2", "$1", "$24"]);
  assert.equal(logic.percent(0.876), "88%");
});
