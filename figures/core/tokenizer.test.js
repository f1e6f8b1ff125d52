import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { BPE, chunks } from "./tokenizer.js";

const golden = JSON.parse(readFileSync(new URL("./golden_tokenizer.json", import.meta.url), "utf8"));
const special = Object.keys(golden.special_tokens);
const bpe = BPE.train(golden.text, golden.vocab_size, { special });

test("words that JavaScript's objects know are text like any other", () => {
  const words = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"];
  const text = words.join(" ").repeat(3);
  for (const special of [[], ["<|endoftext|>"]]) {
    const bpe = BPE.train(text, 300 + special.length, { special });
    for (const word of words) {
      assert.equal(bpe.decode(bpe.encode(word)), word);
      assert.deepEqual(bpe.encode(word, { special: true }), bpe.encode(word), word);
    }
  }
  const odd = BPE.fromMerges([], ["__proto__"]);
  assert.deepEqual(odd.encode("a__proto__", { special: true }), [odd.encode("a")[0], 256]);
  assert.deepEqual(odd.encode("constructor", { special: true }), odd.encode("constructor"));
});

test("training makes Python's merges, with their counts and ids", () => {
  const steps = [...BPE.trainSteps(golden.text, golden.vocab_size, { special })];
  assert.deepEqual(
    steps.map((s) => [[...s.left], [...s.right], s.count, s.id]),
    golden.steps,
  );
  assert.deepEqual(bpe.special, golden.special_tokens);
});

test("encoding gives Python's ids, special tokens spelled out unless asked for", () => {
  for (const probe of golden.probes) {
    assert.deepEqual(chunks(probe.text), probe.chunks, JSON.stringify(probe.text));
    assert.deepEqual(bpe.encode(probe.text), probe.ids, JSON.stringify(probe.text));
    assert.deepEqual(bpe.encode(probe.text, { special: true }), probe.ids_special, JSON.stringify(probe.text));
    assert.equal(bpe.decode(probe.ids), probe.text);
  }
});

test("ids that end inside a character decode as in Python", () => {
  for (const { ids, text } of golden.cut_characters) assert.equal(bpe.decode(ids), text);
});

test("half a character is refused with the remedy", () => {
  assert.throws(() => bpe.encode("a\uD83Db"), /lone surrogate/);
});

test("a word of 10,000 letters is no trap", () => {
  const start = performance.now();
  const ids = bpe.encode("abc".repeat(3400));
  assert.equal(bpe.decode(ids), "abc".repeat(3400));
  assert.ok(performance.now() - start < 1500);
});

test("a vocabulary too small for the bytes is refused", () => {
  assert.throws(() => BPE.train("abc", 200), /no room for the 256 bytes/);
});
