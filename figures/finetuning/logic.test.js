import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { GPT, unpack } from "../core/gpt.js";
import { random } from "../core/random.js";
import { BPE } from "../core/tokenizer.js";
import * as f from "./logic.js";

const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
const golden = read("./golden.json");
const books = f.town(golden.town);
const n = golden.town.n_residents;
const residents = new Set(golden.town.people.slice(0, n).map(([name]) => name));

test("every question of the town is understood, with its true answer", () => {
  for (const { text, attribute, name, answer } of golden.questions) {
    const who = residents.has(name) ? "resident" : "stranger";
    assert.deepEqual(f.readQuestion(text, books), { attribute, name, answer, who }, text);
    assert.deepEqual(
      f.readQuestion(`  ${text.toLowerCase().replace("?", " ?")} `, books),
      { attribute, name, answer, who },
      text,
    );
  }
});

test("a question in a frame is understood", () => {
  for (const [text, attribute, name] of golden.framed) {
    const found = f.readQuestion(text, books);
    assert.deepEqual([found?.attribute, found?.name], [attribute, name], text);
  }
});

test("nobody of that name, and words that are no question", () => {
  assert.equal(f.readQuestion("Where does Rumpel Stilzchen live?", books).who, "nobody");
  for (const text of [
    "",
    "?",
    "Hello.",
    "Where does live?",
    "Where does <script> live?",
    "What is the weather?",
    "Where does a b c d live?",
  ]) {
    assert.equal(f.readQuestion(text, books), null, text);
  }
});

test("the verdicts are the library's", () => {
  for (const { replies, ...question } of golden.questions) {
    for (const [reply, wanted] of replies)
      assert.equal(f.judge(question, reply, books), wanted, `${question.text} ${reply}`);
  }
  const kinds = new Set(golden.questions.flatMap(({ replies }) => replies.map(([, v]) => v)));
  assert.deepEqual([...kinds].sort(), ["malformed", "refused", "right", "wrong"]);
});

test("of strangers and of nobody every answer is made up, and not knowing is not", () => {
  const stranger = f.readQuestion(golden.questions.find((q) => !residents.has(q.name)).text, books);
  assert.equal(f.verdict(stranger, stranger.answer, books), "invented");
  assert.equal(f.verdict(stranger, "I do not know.", books), "refused");
  assert.equal(f.verdict(stranger, "The tide is late.", books), "malformed");
  const nobody = f.readQuestion("On which street does Rumpel Stilzchen live?", books);
  assert.equal(f.verdict(nobody, "On Tar Lane.", books), "invented");
  assert.equal(f.verdict(null, "On Tar Lane.", books), "unknown");
});

test("the manners are the library's", () => {
  for (const [text, wanted] of golden.manners) assert.equal(f.manner(text, books), wanted, text);
  assert.equal(new Set(golden.manners.map(([, m]) => m)).size, 4);
});

// ---------------------------------------------------------------- replies, by the tiny model of gpt.json

const packed = read("../core/golden_gpt.json").model;
const tiny = { gpt: new GPT(packed.config, unpack(packed.tensors)), tokenizer: BPE.fromJSON(packed.tokenizer) };

test("at temperature 0 the dice do not matter; above it the same seed gives the same reply", () => {
  const ids = f.promptIds("Mara Quill", "bare", tiny.tokenizer);
  const say = (temperature, seed) =>
    f
      .answer(tiny, ids, { temperature }, random(seed))
      .tokens.map((t) => t.id)
      .join();
  assert.equal(say(0, 1), say(0, 2));
  assert.equal(say(1.5, 1), say(1.5, 1));
  assert.notEqual(say(1.5, 1), say(1.5, 2));
});

test("a greedy reply is the likeliest token again and again", () => {
  const ids = f.promptIds("Mara", "paper", tiny.tokenizer);
  const { tokens } = f.answer(tiny, ids, { temperature: 0, limit: 5 });
  const session = tiny.gpt.start();
  let logits = session.feed(ids);
  for (const { id, p } of tokens) {
    assert.equal(id, logits.indexOf(Math.max(...logits)));
    assert.equal(p, 1);
    logits = session.feed(id);
  }
});

test("a reply ends at a special token, and says which, or at the limit", () => {
  const of = (id) => ({
    tokenizer: tiny.tokenizer,
    gpt: { start: () => ({ feed: () => Float32Array.from({ length: 280 }, (_, i) => (i === id ? 50 : 0)) }) },
  });
  for (const [name, id] of Object.entries(tiny.tokenizer.special)) {
    const { tokens, ended, text } = f.answer(of(id), [1], {}, random(1));
    assert.deepEqual([tokens.length, `<|${ended}|>`, text], [1, name, ""]);
  }
  const { tokens, ended, text } = f.answer(of(66), [1], {}, random(1));
  assert.deepEqual([tokens.length, ended, text.length], [f.MAX_TOKENS, "limit", f.MAX_TOKENS]);
});

test("what a model reads: as ids and for people", () => {
  const { special } = tiny.tokenizer;
  const text = "Who? <|end|>";
  for (const form of ["bare", "paper"]) {
    const ids = f.promptIds(text, form, tiny.tokenizer);
    assert.equal(ids[0], special["<|endoftext|>"]);
    assert.equal(
      tiny.tokenizer.decode(ids),
      f
        .promptParts(text, form)
        .map((part) => part.text)
        .join(""),
    );
  }
  assert.equal(
    f
      .promptParts(text, "chat")
      .map((part) => part.text)
      .join(""),
    `<|endoftext|><|user|>${text}<|end|><|assistant|>`,
  );
});

test("a tally counts every kind", () => {
  assert.deepEqual(f.tally(["right", "wrong", "right", "invented"]), {
    right: 2,
    wrong: 1,
    invented: 1,
    refused: 0,
    malformed: 0,
  });
});
