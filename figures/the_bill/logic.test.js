import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as b from "./logic.js";
import { bare, listed, percent, plain, rough, scientific } from "./words.js";

const golden = JSON.parse(readFileSync(new URL("./golden.json", import.meta.url), "utf8"));
const close = (mine, python, what) =>
  assert.ok(Math.abs(mine - python) <= 1e-9 * Math.abs(python), `${what}: ${mine} is not ${python}`);

test("every step of every bill is that of glassbox.scale.bill", () => {
  assert.ok(golden.bills.length >= 6);
  for (const { inputs, bill } of golden.bills) {
    const mine = b.bill(inputs);
    for (const [step, value] of Object.entries(bill)) close(mine[step], value, step);
  }
});

test("the bars are those of glassbox.scale.bill, the widest first", () => {
  for (const { run, count, rows } of golden.tornadoes) {
    const mine = b.tornado(b.RUNS[run], {}, count);
    assert.deepEqual(
      mine.map((row) => row.name),
      rows.map((row) => row.name),
    );
    mine.forEach((row, i) => {
      for (const key of ["low", "high", "factor"]) close(row[key], rows[i][key], `${count} ${row.name} ${key}`);
    });
  }
});

test("GPT-3's bill is what was published for it", () => {
  const bill = b.bill(b.inputs(b.RUNS.gpt3));
  const about = (value, published, rel) => assert.ok(Math.abs(value / published - 1) < rel, `${value}: ${published}`);
  about(bill.flops, 3.14e23, 0.01); // Brown et al. 2020, table D.1
  about(bill.days, 14.8, 0.01); // Patterson et al. 2021
  about(bill.energy, 1287, 0.01);
  about(bill.carbon, 552, 0.01);
  about(bill.cost, 4.6e6, 0.2); // Lambda 2020, which took 28 trillion a second where OpenAI said 24.6
  about(bill.water, 5400, 0.02); // Li et al. 2023
});

test("DeepSeek-V3's bill is what its makers published", () => {
  const bill = b.bill(b.inputs(b.RUNS.deepseek_v3));
  assert.ok(Math.abs(bill.device_hours / 2.788e6 - 1) < 0.01, String(bill.device_hours));
  assert.ok(Math.abs(bill.cost / 5.576e6 - 1) < 0.01);
});

test("each unknown's middle value lies within its range, and each known is positive", () => {
  for (const [name, { known, unknown }] of Object.entries(b.RUNS)) {
    assert.deepEqual(Object.keys(unknown), b.UNKNOWNS, name);
    for (const { low, central, high } of Object.values(unknown))
      assert.ok(0 < low && low <= central && central <= high);
    for (const value of Object.values(known)) assert.ok(value > 0);
  }
});

test("in dollars the price counts and the grid does not, in carbon it is the other way around", () => {
  const moving = (count) => b.tornado(b.RUNS.gpt3, {}, count).map((row) => row.name);
  assert.ok(moving("cost").includes("price") && !moving("cost").includes("grid"));
  assert.ok(!moving("carbon").includes("price") && moving("carbon").includes("grid"));
  assert.deepEqual(b.idle(b.RUNS.gpt3, {}, "cost"), ["power", "pue", "grid", "water"]);
});

test("no bar and no middle value lies outside the extremes", () => {
  for (const run of Object.values(b.RUNS))
    for (const count of b.COUNTS) {
      const [low, high] = b.extremes(run, count);
      const now = b.bill(b.inputs(run))[count];
      assert.ok(low <= now && now <= high);
      for (const row of b.tornado(run, {}, count))
        assert.ok(low <= row.low * (1 + 1e-9) && row.high <= high * (1 + 1e-9));
    }
});

test("a slider runs from end to end and stops at the middle value", () => {
  const range = { low: 1, central: 1.5, high: 3 };
  const values = b.stops(range);
  assert.equal(values[0], 1);
  assert.ok(Math.abs(values.at(-1) - 3) < 1e-9 && values.includes(1.5));
  assert.ok(values.every((value, i) => i === 0 || value > values[i - 1]));
  assert.deepEqual(b.stops({ low: 2, central: 2, high: 2 }), [2]);
  assert.equal(b.stops({ low: 1, central: 1, high: 10 }).length, 21);
});

test("a broken link leaves the middle value", () => {
  const range = { low: 1, central: 1.5, high: 3 };
  const middle = b.stops(range).indexOf(1.5);
  for (const bad of [null, "", "x", "-3", "0", "Infinity", Number.NaN]) assert.equal(b.nearest(range, bad), middle);
  assert.equal(b.nearest(range, "1e9"), b.stops(range).length - 1);
  assert.equal(b.nearest(range, 0.001), 0);
});

test("numbers are said with as many digits as count", () => {
  assert.deepEqual(
    [5345678, 1291, 0.1968, 99_600_000, 3.15e23].map((x) => rough(x)),
    ["5.3 million", "1,300", "0.2", "100 million", "320,000,000,000 trillion"],
  );
  assert.equal(plain(14.818, 3), "14.8");
  assert.deepEqual(
    [bare("utilization", 0.1968), bare("utilization", 0.48), percent(0.01697, 2)],
    ["19.7%", "48%", "1.7%"],
  );
  assert.equal(scientific(3.15e23), "3.15 × 10²³");
  assert.equal(
    listed((_, { names, last }) => `${names} and ${last}`, ["a", "b", "c"]),
    "a, b and c",
  );
});
