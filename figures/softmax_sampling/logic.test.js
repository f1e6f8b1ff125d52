import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { GPT, unpack } from "../core/gpt.js";
import { random } from "../core/random.js";
import { BPE } from "../core/tokenizer.js";
import * as s from "./logic.js";

const near = (a, b, tolerance = 1e-12) => assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`);
const sum = (p) => p.reduce((a, b) => a + b, 0);

test("softmax: the shares of 2, 1 and 0.1, and doubled", () => {
  assert.deepEqual(
    Array.from(s.softmax([2, 1, 0.1]), (x) => Math.round(100 * x)),
    [66, 24, 10],
  );
  assert.deepEqual(
    Array.from(s.softmax([4, 2, 0.2]), (x) => Math.round(100 * x)),
    [86, 12, 2],
  );
});

test("softmax: adding a constant changes nothing, huge scores do not overflow", () => {
  const p = s.softmax([1, 2, 3]);
  s.softmax([1001, 1002, 1003]).forEach((x, i) => near(x, p[i]));
  near(sum(s.softmax([1e5, -1e5, 0])), 1);
});

test("a seed is a whole number from 0 to 999999, whatever is typed", () => {
  const typed = ["7", "0", "999999", "1000000", "1e3", "2.9", "-3", "-1e99", "1e999", "-0.5", "seed", "", NaN];
  assert.deepEqual(typed.map(s.seedOf), [7, 0, 999999, 999999, 1000, 2, 0, 0, 999999, 0, 0, 0, 0]);
});

test("temperature 0 is the largest score, whatever the filters", () => {
  const d = s.distribution([1, 5, 2], { temperature: 0, topP: 0.5 });
  assert.deepEqual([...d.final], [0, 1, 0]);
  assert.equal(d.kept, 1);
  assert.deepEqual(d.order, [1, 2, 0]); // the losers stay in the network's order
});

test("what no model may return and no slider may set is refused by name, value and remedy", () => {
  for (const temperature of [-1, NaN, Infinity, -Infinity, undefined + 1]) {
    assert.throws(
      () => s.distribution([1, 2], { temperature }),
      new RegExp(`temperature is ${temperature}; it must be 0`),
    );
  }
  for (const logits of [[NaN, 1], [1, NaN], [1, Infinity], [-Infinity, -Infinity], []]) {
    assert.throws(() => s.distribution(logits), /NaN or infinity, or rule out every token/);
  }
  assert.throws(() => s.distribution([1, 2], { topP: 0 }), /topP is 0; it must be above 0/);
  assert.throws(() => s.distribution([1, 2], { topK: 1.5 }), /topK is 1.5; it must be a whole number/);
  assert.throws(() => s.distribution([1, 2], { minP: 1.1 }), /minP is 1.1; it must be between 0 and 1/);
  assert.throws(() => s.distribution([1, 2], { penalty: 0 }), /penalty is 0; it must be above 0/);
  assert.deepEqual(
    [...s.distribution([-Infinity, 2, 1]).final].map((p) => +p.toFixed(3)),
    [0, 0.731, 0.269],
  );
  assert.deepEqual([...s.distribution([1, 2, 1], { temperature: 1e-9 }).final], [0, 1, 0]);
});

const LOGITS = [0.5, 0.25, 0.15, 0.07, 0.03].map(Math.log);

test("top-k keeps k; equals of the k-th stay", () => {
  assert.equal(s.distribution(LOGITS, { topK: 2 }).kept, 2);
  assert.equal(s.distribution([1, 1, 1, 0], { topK: 2 }).kept, 3);
  assert.equal(s.distribution(LOGITS, { topK: 99 }).kept, 5);
});

test("top-p keeps the smallest set that reaches p, and always one", () => {
  assert.equal(s.distribution(LOGITS, { topP: 0.74 }).kept, 2);
  assert.equal(s.distribution(LOGITS, { topP: 0.76 }).kept, 3);
  assert.equal(s.distribution(LOGITS, { topP: 0.0001 }).kept, 1);
});

test("with top-k off the nucleus is that of the full vocabulary", () => {
  const flat = new Array(1000).fill(0);
  assert.equal(s.distribution(flat, { topP: 0.9 }).kept, 900);
  // With top-k on, top-p sees what top-k left, shared out anew.
  const mixed = s.distribution(LOGITS, { topK: 3, topP: 0.8 });
  assert.deepEqual(mixed.cutBy, ["", "", "p", "k", "k"]); // 0.5/0.9 + 0.25/0.9 > 0.8
});

test("min-p cuts below a share of the most probable", () => {
  const d = s.distribution(LOGITS, { minP: 0.2 });
  assert.deepEqual(d.cutBy, ["", "", "", "m", "m"]);
  near(sum(d.final), 1);
  near(d.final[0], 0.5 / 0.9);
});

test("the repetition penalty lowers a seen token whatever the sign of its score", () => {
  assert.deepEqual([...s.penalize([2, -2, 1], [0, 1, 1], 2)], [1, -4, 1]);
});

test("entropy and perplexity of an even choice", () => {
  near(s.entropy([0.25, 0.25, 0.25, 0.25]), 2);
  near(s.entropy([1, 0, 0]), 0);
});

test("bars: shown and tail add up to one", () => {
  const logits = Array.from({ length: 300 }, (_, i) => Math.sin(i) * 3);
  const { shown, tail } = s.bars(s.distribution(logits, { topK: 40, temperature: 1.3 }), 12);
  for (const key of ["network", "warm", "final"]) near(sum(shown.map((b) => b[key])) + tail[key], 1, 1e-9);
  assert.equal(tail.count, 288);
  assert.equal(tail.kept, 28);
});

test("same seed, same draws; the draws follow the shares", () => {
  const d = s.distribution(LOGITS, { topK: 3 });
  const draw = (seed, n) => {
    const u = random(seed);
    return Array.from({ length: n }, () => s.pick(d, u()));
  };
  assert.deepEqual(draw(7, 50), draw(7, 50));
  assert.notDeepEqual(draw(7, 50), draw(8, 50));
  const n = 30000;
  const tally = [0, 0, 0, 0, 0];
  for (const id of draw(1, n)) tally[id]++;
  assert.equal(tally[3] + tally[4], 0);
  // chi-square on 3 cells, 2 degrees of freedom: 13.8 is the 99.9% point
  const chi = [0, 1, 2].reduce((a, i) => a + (tally[i] - n * d.final[i]) ** 2 / (n * d.final[i]), 0);
  assert.ok(chi < 13.8, `chi-square ${chi}`);
});

test("pick takes the last kept token when rounding leaves a gap at the end", () => {
  assert.equal(s.pick(s.distribution(LOGITS, { topK: 2 }), 1 - 1e-17), 1);
});

test("answer shares: product along the path, word ended, settings applied at each token", () => {
  // Vocabulary: 0 "net", 1 " maker", 2 "s", 3 "."  Answers: "net maker" and "net".
  const after = {
    "": [0.6, 0.2, 0.1, 0.1],
    0: [0.1, 0.5, 0.1, 0.3],
    "0,1": [0.1, 0.2, 0.3, 0.4],
  };
  const preparedAt = (node) => s.prepare(after[node.path.join()].map(Math.log));
  const ends = [false, true, false, true]; // "s" goes on with the word, so does "net"
  const tree = s.answerTree([{ ids: [0, 1] }, { ids: [0] }]);
  assert.equal(s.nodes(tree).length, 3);
  const open = s.answerShares(tree, 2, preparedAt, {}, ends);
  near(open[0], 0.6 * 0.5 * 0.6);
  near(open[1], 0.6 * 0.8);
  const greedy = s.answerShares(tree, 2, preparedAt, { temperature: 0 }, ends);
  assert.deepEqual([...greedy], [1, 1]); // "net maker" also begins with the word "net"
});

test("golden: the distributions of glassbox.machine.sampling, every setting", () => {
  const golden = JSON.parse(readFileSync(new URL("./golden.json", import.meta.url), "utf8"));
  for (const { settings, final } of golden.cases) {
    const mine = s.distribution(golden.logits, settings, golden.seen).final;
    final.forEach((p, i) => near(mine[i], p, 1e-9));
  }
});

test("golden: shares of whole answers, with the model, the tokenizer and the settings of Python", () => {
  const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
  const { model } = read("../core/golden_gpt.json");
  const golden = read("./golden_answers.json");
  const gpt = new GPT(model.config, unpack(model.tensors));
  const tokenizer = BPE.fromJSON(model.tokenizer);
  const ends = Array.from({ length: tokenizer.size }, (_, id) => s.endsWord(tokenizer.token(id)));
  const context = [tokenizer.special["<|endoftext|>"], ...tokenizer.encode(golden.prompt)];
  const tree = s.answerTree(golden.answers.map((text) => ({ text, ids: tokenizer.encode(text) })));
  for (const { settings, shares } of golden.cases) {
    const preparedAt = (node) =>
      s.prepare(gpt.start().feed([...context, ...node.path]), settings.penalty, [...context, ...node.path]);
    const mine = s.answerShares(tree, golden.answers.length, preparedAt, settings, ends);
    shares.forEach((p, i) =>
      assert.ok(Math.abs(mine[i] - p) <= 1e-3 * p, `${golden.answers[i]}: ${mine[i]} is not ${p}`),
    );
  }
});

test("a word ends where no letter or digit follows", () => {
  const over = (text) => s.endsWord(new TextEncoder().encode(text));
  assert.deepEqual(["s", "9", "é", " s", ".", "'s", "\n", "<|endoftext|>"].map(over), [
    false,
    false,
    false,
    true,
    true,
    true,
    true,
    true,
  ]);
});
