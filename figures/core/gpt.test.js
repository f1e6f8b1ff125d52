import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { GPT, unpack } from "./gpt.js";
import { BPE } from "./tokenizer.js";

const golden = JSON.parse(readFileSync(new URL("./golden_gpt.json", import.meta.url), "utf8"));
const { config, tensors, tokenizer } = golden.model;
const gpt = new GPT(config, unpack(tensors));

function close(got, wanted, what) {
  const worst = Math.max(...wanted.map((w, i) => Math.abs(w - got[i])));
  assert.equal(got.length, wanted.length);
  assert.ok(worst < 1e-4, `${what}: off by ${worst}`);
}

test("logits are torch's, token by token and all at once", () => {
  const session = gpt.start();
  golden.ids.forEach((id, t) => close(session.feed(id), golden.logits[t], `after token ${t}`));
  close(gpt.start().feed(golden.ids), golden.logits.at(-1), "all at once");
});

test("the saved tokenizer encodes as in Python", () => {
  assert.deepEqual(BPE.fromJSON(tokenizer).encode("Mara Quill mends nets").slice(0, 20), golden.ids);
});

test("of an overlong beginning the end is read; a full window forgets its older half", () => {
  close(gpt.start().feed(golden.long.ids), golden.long.logits, "long");
  const session = gpt.start();
  session.feed(golden.full.ids);
  close(session.feed(golden.full.next), golden.full.logits, "full");
  for (let i = 0; i < 100; i += 1) assert.ok(session.feed(i).every(Number.isFinite));
});

test("going back and reading on gives the same logits as never having strayed", () => {
  const session = gpt.start();
  session.feed(golden.ids.slice(0, 5));
  session.feed([1, 2, 3]);
  session.rewind(5);
  close(session.feed(golden.ids[5]), golden.logits[5], "after going back");
  assert.throws(() => session.rewind(7), /cannot go back/);
});

test("another architecture, a missing weight and an unknown id are refused", () => {
  assert.throws(() => new GPT({ ...config, norm: "layer" }, unpack(tensors)), /norm/);
  assert.throws(() => new GPT(config, {}), /embed.weight/);
  assert.throws(() => gpt.start().feed(280), /outside the vocabulary/);
  assert.throws(() => gpt.start().feed([]), /at least one token/);
});

test("a model of a million weights takes a few milliseconds a token", () => {
  const big = { ...config, vocab_size: 1024, block_size: 128, n_layer: 4, n_head: 4, n_embd: 128 };
  const noise = (n) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898) * 0.1);
  const weights = { "embed.weight": noise(1024 * 128), "head.weight": noise(1024 * 128) };
  for (let i = 0; i < 4; i += 1) {
    Object.assign(weights, {
      [`blocks.${i}.attn.qkv`]: noise(3 * 128 * 128),
      [`blocks.${i}.attn.out.weight`]: noise(128 * 128),
      [`blocks.${i}.mlp.up.weight`]: noise(4 * 128 * 128),
      [`blocks.${i}.mlp.down.weight`]: noise(4 * 128 * 128),
    });
  }
  const session = new GPT(big, weights).start();
  const times = [];
  for (let i = 0; i < 120; i += 1) {
    const start = performance.now();
    session.feed(i);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  assert.ok(times[60] < 25, `median ${times[60].toFixed(1)} ms`); // about 1 ms on a quiet machine
  console.log(`# median ${times[60].toFixed(2)} ms a token`);
});
