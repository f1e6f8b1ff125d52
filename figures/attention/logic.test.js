import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { GPT, unpack } from "../core/gpt.js";
import { softmax } from "../softmax_sampling/logic.js";
import { compare, guess, headName, jobs, parseHeads, read, shares, sum, tokenAt, worst } from "./logic.js";

const load = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
const { config, tensors } = load("../core/golden_gpt.json").model;
const golden = load("./golden.json");
const gpt = new GPT(config, unpack(tensors));

function close(got, wanted, what) {
  assert.equal(got.length, wanted.length, what);
  wanted.forEach((w, i) => assert.ok(Math.abs(w - got[i]) < 1e-4, `${what}: ${got[i]} is not ${w}`));
}

test("every head looks where torch's looks", () => {
  const { shares } = read(gpt, golden.ids);
  assert.equal(shares.length, config.n_layer * config.n_head);
  golden.shares.forEach((rows, head) =>
    rows.forEach((row, t) => close(shares[head][t], row, `head ${head}, token ${t}`)),
  );
});

test("logits without some heads are torch's, and so is where the others look then", () => {
  for (const { off, logits, shares } of golden.cases) {
    const session = gpt.start({ off });
    golden.ids.forEach((id, t) => close(session.feed(id), logits[t], `without ${off}, token ${t}`));
    const last = read(gpt, golden.ids, off).shares;
    shares.forEach((row, head) => close(last[head].at(-1), row, `without ${off}, head ${head}`));
  }
});

test("watching changes nothing, to the last bit", () => {
  const watched = gpt.start({ watch: () => {} }).feed(golden.ids);
  assert.deepEqual(gpt.start().feed(golden.ids), watched);
});

test("surprises are those of the shares given, and a window's beginning is read", () => {
  const { next, bits } = read(gpt, golden.ids);
  assert.equal(bits[0], 0);
  golden.ids.slice(1).forEach((id, i) => assert.ok(Math.abs(bits[i + 1] + Math.log2(next[i][id])) < 1e-9));
  const long = Array.from({ length: 100 }, (_, i) => i);
  assert.equal(read(gpt, long).bits.length, config.block_size);
  assert.equal(sum([1, 2, 3]), 6);
});

test("a path's share is the product of its tokens', each after the ones before it", () => {
  const ids = golden.ids.slice(0, 5);
  const paths = [[3], [3, 7], [7, 3, 5]];
  for (const off of [[], [1, 2]]) {
    const wanted = paths.map((path) =>
      path.reduce((p, id, i) => p * softmax(gpt.start({ off }).feed([...ids, ...path.slice(0, i)]))[id], 1),
    );
    shares(gpt, ids, off, paths).forEach((p, i) => {
      assert.ok(Math.abs(p / wanted[i] - 1) < 1e-6, `${paths[i]} without ${off}: ${p} is not ${wanted[i]}`);
    });
  }
});

test("a guessed word begins with a likely token and goes on until another begins", () => {
  const ids = golden.ids.slice(0, 5);
  const first = gpt.start().feed(ids);
  const likeliest = Array.from(first.keys()).sort((a, b) => first[b] - first[a]);
  const alone = guess(gpt, ids, [], 3, new Array(config.vocab_size).fill(true));
  assert.deepEqual(
    alone,
    likeliest.slice(0, 3).map((id) => [id]),
  );
  const [longest] = guess(gpt, ids, [], 1, new Array(config.vocab_size).fill(false));
  assert.equal(longest.length, 6);
  longest.forEach((id, i) => {
    const here = gpt.start().feed([...ids, ...longest.slice(0, i)]);
    assert.equal(here[id], Math.max(...here));
  });
  assert.deepEqual(jobs, { read, guess, shares });
});

test("heads are named from 1, and a link may hold anything", () => {
  assert.deepEqual(
    [0, 8, 15].map((n) => headName(n, 4)),
    ["1.1", "3.1", "4.4"],
  );
  assert.deepEqual(parseHeads("3.2, 3.1,3.1", 4, 4), [8, 9]);
  for (const bad of ["", null, undefined, "0.1", "5.1", "1.5", "x", "1.1.1", "-1.1", "1e3.1", "<b>"])
    assert.deepEqual(parseHeads(bad, 4, 4), []);
});

test("the token at a character", () => {
  assert.deepEqual(
    [0, 2, 3, 4, 9, 100].map((at) => tokenAt([3, 1, 6], at)),
    [0, 0, 1, 2, 2, 2],
  );
});

test("with and without side by side: the best of both and the one that came", () => {
  const rows = compare([0.5, 0.3, 0.1, 0.06, 0.04], [0.1, 0.1, 0.1, 0.1, 0.6], 3, 1);
  assert.deepEqual(
    rows.map((r) => r.id),
    [0, 3, 4],
  );
  assert.deepEqual(
    compare([1, 0], [0, 1], undefined, 2).map((r) => r.id),
    [0, 1],
  );
  assert.deepEqual(
    compare([0.996, 0.004, 0], [0.996, 0, 0.004], 0, 3).map((r) => r.id),
    [0],
  ); // crumbs are left out
});

test("the token that suffers most", () => {
  assert.deepEqual(worst([0, 1, 2], [0, 4, 3]), { at: 1, more: 3 });
  assert.deepEqual(worst([0, 1, 2], [0, 1, 2]), { at: 0, more: 0 });
});
