import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { GPT, unpack } from "../core/gpt.js";
import { random } from "../core/random.js";
import { BPE } from "../core/tokenizer.js";
import { softmax } from "../softmax_sampling/logic.js";
import { choicesAmong, draw, pieces, same, TwinCode, top, vocabulary, WordReader } from "./logic.js";

const golden = JSON.parse(readFileSync(new URL("../core/golden_gpt.json", import.meta.url), "utf8"));
// a window long enough for a sentence: rotary positions need no table of their own
const gpt = new GPT({ ...golden.model.config, block_size: 96 }, unpack(golden.model.tensors));
const tokenizer = BPE.fromJSON(golden.model.tokenizer);
const stop = tokenizer.special["<|endoftext|>"];
const text = "Mara Quill mends 12 nets; don't ask.";

test("a text is cut into words and signs, and nothing is lost", () => {
  assert.equal(
    pieces(text)
      .map((p) => p.text)
      .join(""),
    text,
  );
  assert.deepEqual(
    pieces(text)
      .filter((p) => p.word)
      .map((p) => p.text),
    ["Mara", " Quill", " mends", " 12", " nets", " don", " ask"],
  );
});

test("the bits of the words add up to the bits of the tokens", () => {
  const ids = tokenizer.encode(text);
  const session = gpt.start();
  let logits = session.feed(stop);
  let bits = 0;
  for (const id of [...ids, stop]) {
    bits -= Math.log2(softmax(logits)[id]);
    logits = session.feed(id);
  }
  const reader = new WordReader(gpt, tokenizer);
  let sum = 0;
  for (const piece of pieces(text)) {
    const { bits: own, kindBits } = reader.read(piece.text);
    sum += own + kindBits;
  }
  sum += reader.end();
  assert.ok(Math.abs(sum - bits) < 1e-6 * bits, `${sum} against ${bits}`);
});

test("a guess has the probability that reading it gives, and guesses come most likely first", () => {
  const reader = new WordReader(gpt, tokenizer);
  reader.read("Mara");
  const guesses = reader.guesses(6, 400);
  assert.equal(guesses.length, 6);
  guesses.forEach((g, i) => assert.ok(i === 0 || g.p <= guesses[i - 1].p));
  assert.ok(guesses.reduce((s, g) => s + g.p, 0) <= 1);
  let checked = 0;
  for (const guess of guesses) {
    const again = new WordReader(gpt, tokenizer);
    again.read("Mara");
    // an untrained model also spells words in ways that the tokenizer would not
    if (pieces(guess.text).length !== 1 || tokenizer.encode(guess.text).length !== 1) continue;
    assert.ok(Math.abs(again.read(guess.text).p - guess.p) < 1e-6, guess.text);
    checked += 1;
  }
  assert.ok(checked > 0);
});

test("looking ahead leaves the reader where it was", () => {
  const one = new WordReader(gpt, tokenizer);
  const two = new WordReader(gpt, tokenizer);
  one.guesses(5);
  assert.deepEqual(one.read("Mara"), two.read("Mara"));
  one.guesses(5);
  assert.deepEqual(one.read(" Quill"), two.read(" Quill"));
});

test("the twin's code: certain hits become cheap, misses cost a place in the dictionary", () => {
  const code = new TwinCode(1024);
  assert.equal(code.add(true), 1);
  assert.ok(Math.abs(code.add(true) - Math.log2(3 / 2)) < 1e-12);
  assert.ok(Math.abs(code.add(false) - (Math.log2(4) + 10)) < 1e-12);
  assert.deepEqual([code.hits, code.n], [2, 3]);
  const never = new TwinCode(1024);
  for (let i = 0; i < 1000; i += 1) never.add(true);
  assert.ok(Math.abs(never.bits - Math.log2(1001)) < 1e-6); // Laplace's rule telescopes
});

test("the model's guesses are hidden among words of the town, each word once", () => {
  const guesses = [
    { text: " Lane", p: 0.9 },
    { text: " Street", p: 0.02 },
    { text: " Stree", p: 0.001 },
  ];
  const words = ["the", "Gull", "lane", "Mara", "Quay", "Hill", "Rook", "of"];
  const places = new Set();
  for (let seed = 0; seed < 50; seed += 1) {
    const chosen = choicesAmong(guesses, words, random(seed));
    assert.equal(new Set(chosen.map((w) => w.toLowerCase())).size, 5);
    assert.ok(chosen.includes("Lane") && chosen.includes("Street") && !chosen.includes("Stree"));
    assert.ok(
      chosen.every((w) => /^[A-Z]/.test(w)),
      chosen.join(),
    );
    places.add(chosen.indexOf("Lane"));
  }
  assert.equal(places.size, 5);
});

test("guesses are compared without blanks and case", () => {
  assert.ok(same(" Lane", "lane "));
  assert.ok(!same(" Lane", "lanes"));
});

test("dice follow the shares, and the largest come first", () => {
  const shares = [0.1, 0, 0.6, 0.3];
  assert.deepEqual(
    [0, 0.0999, 0.1, 0.69, 0.71, 0.999999].map((u) => draw(shares, u)),
    [0, 0, 2, 2, 3, 3],
  );
  assert.equal(draw([0.5, 0.4999999], 0.99999999), 1);
  assert.deepEqual(
    top(shares, 2).map((t) => t.id),
    [2, 3],
  );
});

test("special tokens have no text to join", () => {
  const vocab = vocabulary(tokenizer, golden.model.config.vocab_size);
  assert.deepEqual([vocab[stop].text, vocab[stop].joins], ["", null]);
});
