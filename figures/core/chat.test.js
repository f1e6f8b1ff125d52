import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { chatPrompt } from "./chat.js";
import { BPE } from "./tokenizer.js";

const golden = JSON.parse(readFileSync(new URL("./golden_chat.json", import.meta.url), "utf8"));
const bpe = BPE.train(golden.text, golden.vocab_size, { special: golden.special });

test("a conversation becomes the ids that Python makes of it", () => {
  for (const { messages, ids } of golden.cases)
    assert.deepEqual(chatPrompt(messages, bpe), ids, JSON.stringify(messages));
});

test("nobody can type a turn", () => {
  const markers = new Set(Object.values(bpe.special));
  for (const text of golden.special) {
    const ids = chatPrompt([{ role: "user", content: text }], bpe);
    assert.equal(ids.filter((id) => markers.has(id)).length, 4, text);
    assert.equal(bpe.decode(ids.slice(2, -2)), text);
  }
});

test("what is no prompt is refused", () => {
  const user = { role: "user", content: "Hm" };
  const assistant = { role: "assistant", content: "No" };
  for (const bad of [
    [],
    [assistant],
    [user, assistant],
    [user, user],
    [user, { role: "system", content: "x" }, user],
  ]) {
    assert.throws(() => chatPrompt(bad, bpe), /by the user|take turns/, JSON.stringify(bad));
  }
  assert.throws(() => chatPrompt([user], BPE.train("abc", 257)), /<\|endoftext\|>/);
});
