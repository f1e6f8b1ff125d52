import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { compared, judged, keptFrom, keptIn, keptText, leaning, numberOf, replyTo, tellers } from "./logic.js";

const right = (letter, supported = true) => ({ text: "Ann lives on Tar Lane.", letter, verdict: "right", supported });
const none = { text: "No record of the street.", letter: null, verdict: "refused", supported: false };
const wrong = (letter, supported) => ({ text: "Ann lives on Net Alley.", letter, verdict: "wrong", supported });

/** Two passages, A tells the street; with A the model says so, without it that there is no record. */
const desk = {
  asked: [{ fact: "street", truth: "Tar Lane" }],
  passages: [{ tells: 0 }, { tells: null }],
  replies: [[none], [right("A")], [none], [right("A")]],
};

test("a set of passages, its number and its text are the same thing", () => {
  for (let n = 0; n < 16; n += 1) {
    assert.equal(numberOf(keptIn(n)), n);
    assert.deepEqual(keptFrom(keptText(keptIn(n))), keptIn(n));
  }
  assert.deepEqual(keptIn(5), [true, false, true, false]);
});

test("a broken link leaves all passages on the desk", () => {
  for (const text of [undefined, null, "", "xyz", "<b>"]) assert.deepEqual(keptFrom(text), Array(4).fill(true));
  assert.deepEqual(keptFrom("DxB"), [false, true, false, true]);
});

test("the reply is the one that was given with exactly these passages", () => {
  assert.deepEqual(replyTo(desk, [true, true]), [right("A")]);
  assert.deepEqual(replyTo(desk, [false, true]), [none]);
});

test("a reply that ends too early has a sentence missing", () => {
  const two = { ...desk, asked: [...desk.asked, { fact: "trade", truth: "cooper" }] };
  const [said, missing] = replyTo(two, [true, true]);
  assert.deepEqual(said, right("A"));
  assert.equal(judged(two, [true, true], missing, 1), "missing");
});

test("a sentence is judged by the truth and by the passage that it cites", () => {
  const all = [true, true];
  assert.equal(judged(desk, all, right("A"), 0), "right_supported");
  assert.equal(judged(desk, all, right("B", false), 0), "right_unsupported");
  assert.equal(judged(desk, all, right(null, false), 0), "right_memory");
  assert.equal(judged(desk, all, wrong("A", true), 0), "wrong_supported");
  assert.equal(judged(desk, all, wrong("B", false), 0), "wrong_unsupported");
  assert.equal(judged(desk, [false, true], wrong("A", false), 0), "wrong_gone");
  assert.equal(judged(desk, all, wrong(null, false), 0), "wrong_memory");
  assert.equal(judged(desk, all, none, 0), "refused_though");
  assert.equal(judged(desk, [false, true], none, 0), "refused_rightly");
  assert.equal(tellers(desk, all, 0), "A");
});

test("what changed when a passage was taken away", () => {
  assert.deepEqual(
    compared([none], [right("A")]).map((c) => c.changed),
    [true],
  );
  assert.equal(compared([right("B")], [right("A")])[0].changed, true); // another witness
  assert.equal(compared([right("A")], [right("A")])[0].changed, false);
  assert.equal(compared([right("A")], null)[0].changed, false);
});

test("a sentence leans on what it cites if it changes without it", () => {
  assert.deepEqual(leaning([desk]), { cited: { changed: 2, of: 2 }, other: { changed: 0, of: 1 } });
  const stubborn = { ...desk, replies: desk.replies.map(() => [right("A")]) }; // says so whatever is there
  assert.deepEqual(leaning([stubborn]), { cited: { changed: 0, of: 2 }, other: { changed: 0, of: 2 } });
});

test("every judgment has its words", () => {
  const { en } = JSON.parse(readFileSync(new URL("./strings.json", import.meta.url)));
  const cited = ["supported", "unsupported", "memory", "gone"];
  const keys = ["right", "wrong"].flatMap((v) => cited.map((c) => `${v}_${c}`));
  for (const key of [...keys, "refused_though", "refused_rightly", "malformed", "missing"]) assert.ok(en[key], key);
});
