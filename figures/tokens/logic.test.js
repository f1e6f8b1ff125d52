import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { BPE } from "../core/tokenizer.js";
import * as t from "./logic.js";

const bytesOf = (text) => new TextEncoder().encode(text);
const TEXT = "The ferry from Port Ellery, 渡船, паром 🛥️ e\u0301 \u0000\n\tend";

test("learning joins the most frequent pair first and counts it", () => {
  const steps = t.learn("low low low lower lowest", 3);
  assert.deepEqual(
    steps.map((s) => [t.label(s.token), s.count]),
    [
      ["lo", 5],
      ["low", 5],
      ["␣low", 4],
    ],
  );
});

test("learning stops where no pair occurs twice, and at n", () => {
  assert.equal(t.learn("abcdefg", 10).length, 0);
  assert.equal(t.learn("aa bb ".repeat(20), 2).length, 2);
  assert.equal(t.learn("aa", 0).length, 0);
});

test("the first candidate is the merge that training takes next, with its count", () => {
  const text = "the cat sat on the mat; banana bandana, 水水 火水 aaaa aaa ".repeat(3);
  const steps = t.learn(text, 40);
  const counts = t.chunkCounts(text);
  assert.ok(steps.length > 25);
  steps.forEach((step, k) => {
    const bpe = t.after(steps, k);
    const best = t.candidates(counts, bpe, 5);
    assert.deepEqual([bpe.token(best[0].left), bpe.token(best[0].right)], [step.left, step.right], `merge ${k + 1}`);
    assert.equal(best[0].count, step.count);
    for (let i = 1; i < best.length; i++) assert.ok(best[i].count <= best[i - 1].count);
  });
});

test("every position of the slider decodes to the same text, in no more tokens than before", () => {
  const steps = t.learn(TEXT.repeat(3), 80);
  let before = Infinity;
  for (let k = 0; k <= steps.length; k++) {
    const bpe = t.after(steps, k);
    const ids = bpe.encode(TEXT);
    assert.equal(bpe.decode(ids), TEXT);
    assert.ok(ids.length <= before);
    before = ids.length;
  }
  assert.equal(t.curve(steps, TEXT, 20).at(-1)[1], before);
  assert.deepEqual(t.curve(steps, TEXT, 20)[0], [0, bytesOf(TEXT).length]);
});

test("pairs of ids rebuild the same tokenizer", () => {
  const text = "abab abc bcab cabc ".repeat(9); // leads to one token in two ways
  const steps = t.learn(text, 30);
  const bpe = t.after(steps, steps.length);
  const ids = bpe.merges.map((pair) => pair.map((token) => bpe.ids.get(token)));
  assert.deepEqual(t.fromPairs(ids).encode(text + TEXT), bpe.encode(text + TEXT));
});

test("a token that holds part of a character shows those bytes as hex", () => {
  const [a, b, c] = bytesOf("水");
  assert.deepEqual(t.pieces(Uint8Array.of(a, b)), [{ hex: "E6 B0" }]);
  assert.deepEqual(t.pieces(Uint8Array.of(c, 0x20, a)), [{ hex: "B4" }, { text: " " }, { hex: "E6" }]);
  assert.deepEqual(t.pieces(bytesOf(" 水")), [{ text: " 水" }]);
  assert.deepEqual(t.pieces(Uint8Array.of(0xc0, 0x80)), [{ hex: "C0 80" }]); // never valid
  assert.deepEqual(t.pieces(Uint8Array.of(0xed, 0xa0, 0x80)), [{ hex: "ED A0 80" }]); // a surrogate
});

test("what cannot be seen is made visible", () => {
  assert.equal(t.visible("\u0000 \n\t\u200b"), "␀␣↵⇥⟨200B⟩");
  assert.equal(t.visible("\u0301a"), "◌\u0301a");
  assert.ok(!/[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/.test(t.visible("\u0007\u202e\u2066\r\n")));
});

test("10,000 characters without a space learn and encode in a moment", () => {
  for (const text of ["a".repeat(10000), "🦀".repeat(5000), "水火木金土".repeat(2000), "\u0000".repeat(10000)]) {
    const start = performance.now();
    const steps = t.learn(text, 500);
    const bpe = t.after(steps, steps.length);
    assert.equal(bpe.decode(bpe.encode(text)), text);
    assert.ok(performance.now() - start < 3000, `${performance.now() - start} ms`);
  }
});

test("letters: how many there are, and how many no token shows", () => {
  const steps = t.learn("berry berry berry", 4);
  const full = t.letters("berry", "r", t.after(steps, 4));
  assert.deepEqual([full.ids.length, full.count, full.hidden], [1, 2, 2]);
  const bare = t.letters("Berry", "B", BPE.fromMerges([]));
  assert.deepEqual([bare.ids.length, bare.count, bare.hidden], [5, 1, 0]);
  assert.equal(t.letters("berry", "", BPE.fromMerges([])).count, 0);
});

test("cost and share of the window", () => {
  assert.deepEqual(t.bill(60, 2.5, 4096), { cost: 0.00015, share: 60 / 4096, fit: 68 });
  assert.equal(t.bill(0, 1, 4096).fit, Infinity);
});

test("characters are counted as a reader counts them", () => {
  assert.equal(t.countCharacters("e\u0301🏴‍☠️字"), 3);
  assert.deepEqual(t.measure("é", BPE.fromMerges([])), { tokens: 2, characters: 1, bytes: 2 });
});

test("golden: exported pairs give Python's ids, and the contests are Python's", () => {
  const golden = JSON.parse(readFileSync(new URL("./golden.json", import.meta.url), "utf8"));
  const bpe = t.fromPairs(golden.pairs);
  for (const { text, ids } of golden.probes) assert.deepEqual(bpe.encode(text), ids, JSON.stringify(text));
  const steps = t.learn(golden.text, golden.pairs.length);
  const counts = t.chunkCounts(golden.text);
  for (const { k, best } of golden.contests) {
    assert.deepEqual(
      t.candidates(counts, t.after(steps, k)).map((c) => [c.left, c.right, c.count]),
      best,
      `after ${k}`,
    );
  }
});

test("cells hold the whole text and every token, and end where characters end", () => {
  for (const text of [TEXT, "e\u0301e\u0301 \u{1F1EF}\u{1F1F5} हिन्दी 港口", ""]) {
    for (const k of [0, 20]) {
      const bpe = t.after(t.learn(TEXT.repeat(3), 20), k);
      const list = t.cells(text, bpe);
      assert.equal(list.map((c) => c.text).join(""), text);
      assert.equal(list.at(-1)?.to ?? 0, bpe.encode(text).length);
      list.forEach((c, i) => {
        assert.equal(c.from, i ? list[i - 1].to : 0);
        assert.ok(t.countCharacters(c.text) >= 1);
      });
    }
  }
  const bytes = t.after([], 0);
  assert.deepEqual(
    t.cells("a港", bytes).map((c) => c.to - c.from),
    [1, 3],
  );
  assert.equal(t.reached(t.cells("a港", bytes), 3), 0.5);
  assert.equal(t.reached([], 3), 0);
});

test("a link is about the view that it names, or about what it sets", () => {
  const cases = [
    [null, "tax"],
    [{}, "tax"],
    [{ merges: "3" }, "train"],
    [{ view: "letters" }, "letters"],
  ];
  for (const [link, view] of [...cases, [{ word: "x" }, "letters"], [{ view: "no", lang: "hi" }, "tax"]])
    assert.equal(t.viewOf(link), view);
});
