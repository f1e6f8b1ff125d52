import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as l from "./logic.js";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const golden = read("./golden.json");
const recording = read("../../glassbox/recordings/the_label_office_shift.json");
const pay = read("./pay.json");
const strings = read("./strings.json").en;
const near = (a, b, off = 1e-5) => assert.ok(Math.abs(a - b) < off, `${a} is not ${b}`);
const reply = (verdict, manner, words, gold = 0) => l.readReply(["text", verdict, manner, words, gold]);

test("a reply's marks", () => {
  assert.deepEqual(reply("right", "polite", 14).marks, { right: 1, unsure: 0, courteous: 1, rude: 0, long: 1.4 });
  assert.deepEqual(l.features(reply("refused", "rude", 5), l.marksSeen("page")), [1, 0, 1, 0.5]);
});

test("weights and their uncertainty are scikit-learn's", () => {
  for (const { worker, see, n, x, y, weights, sd } of golden.fits) {
    const names = l.marksSeen(see);
    const rows = recording.workers[worker]
      .slice(0, n)
      .map((picked, i) =>
        l.row({ a: l.readReply(recording.pairs[i].a), b: l.readReply(recording.pairs[i].b) }, picked, names),
      );
    rows.forEach((r, i) => {
      r.x.forEach((v, k) => near(v, x[i][k]));
      assert.equal(r.y, y[i]);
    });
    const found = l.fit(rows, names.length);
    weights.forEach((w, k) => near(found.weights[k], w));
    sd.forEach((s, k) => near(found.sd[k], s));
  }
});

test("without labels every weight may be anything under the prior; each label narrows or leaves it", () => {
  const none = l.fit([], 2);
  assert.deepEqual(none.weights, [0, 0]);
  none.sd.forEach((s) => near(s, l.SPREAD));
  let before = l.SPREAD;
  for (let n = 1; n < 30; n += 1) {
    const { sd } = l.fit(
      Array(n)
        .fill({ x: [1, 0], y: 1 })
        .map((r, i) => ({ ...r, y: +(i % 3 > 0) })),
      2,
    );
    assert.ok(sd[0] < before);
    near(sd[1], l.SPREAD);
    before = sd[0];
  }
});

test("which reply stands first does not matter, and choices all of one kind stay finite", () => {
  const rows = [
    { x: [1, -0.3], y: 1 },
    { x: [0, 2], y: 0 },
    { x: [1, 1], y: 1 },
  ];
  const turned = rows.map(({ x, y }) => ({ x: x.map((v) => -v), y: 1 - y }));
  l.fit(rows, 2).weights.forEach((w, k) => near(w, l.fit(turned, 2).weights[k]));
  const { weights } = l.fit(Array(500).fill({ x: [1, 2.5], y: 1 }), 2);
  assert.ok(
    weights.every((w) => Number.isFinite(w) && w > 0 && w < 8),
    weights,
  );
});

test("guesses use only the choices before", () => {
  const rows = [
    { x: [1], y: 1 },
    { x: [1], y: 1 },
    { x: [1], y: 0 },
    { x: [0], y: 1 },
  ];
  const told = l.foretold(rows, 1);
  assert.equal(told[0], 0.5);
  assert.ok(told[1] > 0.5 && told[2] < 0.5);
  assert.equal(told[3], 0.5); // replies alike: no guess
  assert.deepEqual(l.guessed(told), { right: 1, of: 2 });
  assert.deepEqual(l.foretold(rows.slice(0, 2), 1), told.slice(0, 2));
});

test("agreement with gold counts ties half", () => {
  const pair = { a: reply("right", "plain", 5, 1), b: reply("wrong", "plain", 5, -1) };
  const tie = { a: pair.a, b: pair.a };
  assert.equal(
    l.agreement([
      { pair, pickedA: true },
      { pair, pickedA: false },
      { pair: tie, pickedA: true },
    ]),
    0.5,
  );
  assert.equal(l.agreement([]), null);
});

test("pay: a shift, a thousand labels, a passage", () => {
  assert.equal(l.pace(0, 60_000), null);
  assert.equal(l.pace(3, 500), null);
  assert.equal(l.pace(10, 120_000), 300);
  const { shift, labels } = l.earned({ low: 1.2, high: 3 }, 120_000, 300);
  near(shift.low, 0.04);
  near(shift.high, 0.1);
  near(labels.low, 4);
  near(labels.high, 10);
  assert.equal(l.earned({ low: 1, high: 2 }, 0, null).labels, null);
  const { each, hour } = l.pieces({ low: 150, high: 250 }, { low: 1.32, high: 2 }, 9);
  near(each.low, (1.32 * 9) / 250);
  near(each.high, (2 * 9) / 150);
  near(hour.low, 150 / 9);
});

test("money is written as people write it", () => {
  assert.deepEqual([0, 0.0004, 0.004, 0.048, 0.12, 0.994, 0.996, 1.32, 2, 12.5, 250, 1234].map(l.money), [
    "$0",
    "0.04¢",
    "0.4¢",
    "4.8¢",
    "12¢",
    "99¢",
    "$1",
    "$1.32",
    "$2",
    "$12.50",
    "$250",
    "$1,234",
  ]);
  assert.deepEqual(
    [
      [1.32, 2],
      [0.048, 0.12],
      [0.19, 1.2],
      [2, 2],
    ].map(([low, high]) => l.range({ low, high })),
    ["$1.32–2", "4.8–12¢", "19¢–$1.20", "$2"],
  );
  assert.deepEqual([0, 999, 61_000, 600_000].map(l.clock), ["0:00", "0:00", "1:01", "10:00"]);
});

test("the reported pay is whole: words, a source, a key and a range for each", () => {
  for (const { id, low, high, kind, key } of pay.rows) {
    assert.ok(strings[`pay_${id}`] && strings[`source_${id}`], id);
    assert.ok(low <= high && ["wage", "contract", "advertised", "unpaid"].includes(kind) && key, id);
  }
  for (const { pay: id } of [pay.shift.workers, pay.shift.company])
    assert.ok(
      pay.rows.some((r) => r.id === id),
      id,
    );
  const place = l.payScale(1, 250);
  assert.deepEqual([place(1), place(250), place(0)], [0, 1, 0]);
});

test("best of n is the library's; equal scores share", () => {
  const { scores, values, best } = golden.pool;
  for (const [n, wanted] of Object.entries(best)) near(l.expectedBest(scores, values, Number(n)), wanted, 1e-3);
  near(l.expectedBest([[1, 1, 1, 1]], [[0, 1, 2, 9]], 3), 3);
  near(l.expectedBest([[1, 1, 0]], [[4, 8, 100]], 2), 6); // each pair holds one of the two best
  near(l.expectedBest([[1, 1, 0]], [[4, 8, 100]], 1), 112 / 3);
});

test("rewards are counted in spreads; equal weights tell nothing apart", () => {
  const pool = [{ truth: "x", replies: [reply("right", "plain", 5), reply("wrong", "plain", 5)] }];
  assert.deepEqual(l.scored(pool, [2, 0, 0, 0, 0], l.MARKS), [[1, -1]]);
  assert.deepEqual(l.scored(pool, [0, 1, 0, 0, 0], l.MARKS), [[0, 0]]);
});

test("what wins, rung by rung", () => {
  const replies = [3, 1, 5, 5, 2, 9, 0, 0].map((gold) => reply("right", "plain", 5, gold));
  const scores = replies.map((r) => r.gold);
  assert.deepEqual(
    l.ladder({ replies }, scores).map((r) => [r.from, r.to, r.index]),
    [
      [1, 2, 0],
      [4, 4, 2],
      [8, 8, 5],
    ],
  );
  assert.deepEqual(l.doublings(64), [1, 2, 4, 8, 16, 32, 64]);
});

test("a longer search never lowers the reward itself, nor beats the most gold there is", () => {
  const pool = recording.pool.map((q) => ({ ...q, replies: q.replies.map(l.readReply) }));
  for (const weights of [
    [1, 0, 1, -1, 0],
    [0, 0, 0, 1, 1],
    [-1, 0.5, 0, 0, 0.2],
  ]) {
    const points = l.curve(pool, l.scored(pool, weights, l.MARKS));
    near(points[0].own, 0);
    near(points[0].gold, points[0].most);
    points.forEach((p, i) => {
      assert.ok(p.gold <= p.most + 1e-9 && p.right >= 0 && p.right <= 1 && p.invented >= 0 && p.invented <= 1);
      assert.ok(i === 0 || p.own >= points[i - 1].own - 1e-9);
    });
  }
});

test("the sentence is the one that the numbers bear out", () => {
  const curve = (...rows) => rows.map(([own, gold, most], i) => ({ n: 2 ** i, own, gold, most }));
  const key = (...rows) => l.finding(curve(...rows)).key;
  assert.equal(key([0, 0, 0], [1, -0.2, 1]), "lost");
  assert.equal(key([0, 0, 0], [1, 0.5, 0.7], [2, 0.2, 1]), "turned");
  assert.equal(key([0, 0, 0], [1, 0.3, 1]), "short");
  assert.equal(key([0, 0, 0], [1, 0.8, 1]), "rose");
  assert.equal(key([0, 0, 0], [0, 0, 1]), "none");
});
