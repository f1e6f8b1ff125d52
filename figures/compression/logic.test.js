import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as logic from "./logic.js";

const recording = JSON.parse(
  readFileSync(new URL("../../glassbox/recordings/compression.json", import.meta.url), "utf8"),
);

/** Two sizes, two residents, two facts: small enough to count by hand. */
const small = {
  parameters: [1000, 100],
  residents: 2,
  facts: ["born", "dish"],
  seeds: [0],
  blind_bits: { born: 5.5, dish: 4.5 },
  mosaic: [
    ["rr", "rr"],
    ["ra", "n-"],
  ],
  models: [
    {
      size: 0,
      counts: { right: 4, "another's": 0, "nobody's": 0, missing: 0 },
      in_form: 2,
      kept_bits: { born: 5.5, dish: 4.5 },
    },
    {
      size: 1,
      counts: { right: 1, "another's": 1, "nobody's": 1, missing: 1 },
      in_form: 1,
      kept_bits: { born: 1.5, dish: -0.5 },
    },
  ],
  people: [
    {
      name: "Ada Bell",
      truth: ["1900", "eel pie"],
      remembered: [
        { text: "", values: ["1900", "eel pie"], verdicts: "rr", owners: [[], []] },
        { text: "", values: ["1900", "pea soup"], verdicts: "ra", owners: [[], ["Cyrus Dunn"]] },
      ],
    },
    {
      name: "Cyrus Dunn",
      truth: ["1901", "pea soup"],
      remembered: [
        { text: "", values: ["1901", "pea soup"], verdicts: "rr", owners: [[], []] },
        { text: "?", values: ["1777", null], verdicts: "n-", owners: [[], []] },
      ],
    },
  ],
};

test("an entry says of each fact what it is and whose", () => {
  const rows = logic.entry(small, 0, 1);
  assert.deepEqual(rows[1], {
    fact: "dish",
    value: "pea soup",
    truth: "eel pie",
    verdict: "another",
    owners: ["Cyrus Dunn"],
  });
  assert.equal(logic.tally(rows, "right"), 1);
  assert.ok(logic.inForm(rows));
  assert.ok(!logic.inForm(logic.entry(small, 1, 1)));
});

test("the picture has a cell for each fact", () => {
  const verdicts = logic.cells(small, 1).map((cell) => cell.verdict);
  assert.deepEqual(verdicts, ["right", "another", "nobody", "missing"]);
});

test("shares are of all facts, and of wrong values alone", () => {
  assert.deepEqual(logic.share(small, 1, "right"), { mean: 0.25, low: 0.25, high: 0.25 });
  assert.equal(logic.form(small, 1).mean, 0.5);
  assert.equal(logic.neighbors(small, 1), 0.5);
  assert.equal(logic.neighbors(small, 0), null);
  assert.equal(logic.keptBits(small, 1).mean, 1);
  assert.equal(logic.allBits(small), 10);
  assert.equal(logic.bytes(small, 0), 2000);
});

test("sizes are found by ratio, and bad numbers find one", () => {
  assert.equal(logic.nearest(small.parameters, 400), 0);
  assert.equal(logic.nearest(small.parameters, 200), 1);
  for (const bad of ["x", -1, NaN, null]) assert.equal(logic.nearest(small.parameters, bad), 1);
});

test("the telling resident is known by the largest and lost in full form", () => {
  assert.equal(logic.telling(small), 0);
  const found = recording.people[logic.telling(recording)].remembered.map((row) => row.verdicts);
  assert.equal(found[0], "r".repeat(recording.facts.length));
  assert.ok(found.some((v) => /^[ra]+$/.test(v) && v.includes("a")));
});

test("a sentence is said only where the recording bears it out", () => {
  const found = logic.finding(small);
  assert.ok(found.facts);
  assert.ok(!found.form); // only half of the entries keep their form
  const kept = structuredClone(small);
  kept.models[1].in_form = 2;
  assert.ok(logic.finding(kept).form);
  assert.ok(!logic.finding(kept).neighbors);
  kept.models[1].counts["nobody's"] = 0;
  assert.ok(logic.finding(kept).neighbors);
  kept.models[0].counts.right = 0;
  assert.ok(!logic.finding(kept).facts);
});

test("the recording bears all of them out", () => {
  const found = logic.finding(recording);
  assert.ok(found.facts && found.form && found.neighbors);
});
