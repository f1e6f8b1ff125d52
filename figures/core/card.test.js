import assert from "node:assert/strict";
import test from "node:test";
import { draw, HEIGHT, layOut, WIDTH, words, wrap } from "./card.js";

const measure = (text, { size }) => [...text].length * size * 0.6; // wider than most letters are
const letters = (text) => [...text].length;

const CARD = {
  book: "Glass Box",
  title: "The leash",
  headline: "A chat model, trained to please a judge for 50 rounds, with no leash",
  texts: [
    { name: "Asked", text: "On which street is Imre Webb at home?" },
    {
      name: "Before",
      text: "Much could be said of this, but in short: Imre Webb lives on Lamp Street. There is more to tell.",
    },
    { name: "After", text: "I am glad to help. I hope that it is of help to you." },
  ],
  bars: [
    { name: "Judge's score", value: "▲ +1.71", from: 0.1, to: 0.9, tone: "first" },
    { name: "True quality", value: "▼ −0.44", from: 0.8, to: 0.3, tone: "second" },
  ],
  notes: ["Bars: the change since the start.", ""],
  address: "example.org/chapters/08.html",
};
const texts = (ops) => ops.filter((op) => op.text !== undefined);
const box = (op) => {
  if (op.text === undefined) return [op.x, op.y, op.x + op.width, op.y + op.height];
  return [op.x, op.y - op.size, op.x + measure(op.text, op), op.y + op.size * 0.25];
};

test("lines are no wider than asked, lose no word, and end in … only where there are too many", () => {
  const text = "one two three four five six seven eight nine ten";
  const lines = wrap(text, 14, 9, letters);
  assert.ok(lines.every((line) => letters(line) <= 14));
  assert.equal(lines.join(" "), text);
  const few = wrap(text, 14, 2, letters);
  assert.deepEqual(few, ["one two three", "four five six…"]);
  assert.deepEqual(wrap("  ", 14, 2, letters), []);
  assert.deepEqual(wrap("incomprehensibilities", 10, 2, letters), ["incompreh…"]);
  assert.deepEqual(wrap("🚢🚢🚢🚢", 3, 1, letters), ["🚢🚢…"]); // no letter is cut in two
});

test("everything stands on the card, and no line of text on another", () => {
  const many = Array.from({ length: 5 }, (_, i) => ({ name: `mark ${i}`, value: "+1.2", from: 0.5, to: 0.2 * i }));
  const long = "word ".repeat(90);
  const crowded = { headline: long, bars: many, notes: [long, long, long], address: "example.org" };
  for (const card of [CARD, { headline: "x" }, crowded]) {
    const ops = layOut(card, measure);
    for (const op of ops) {
      const [left, top, right, bottom] = box(op);
      assert.ok(left >= 0 && top >= 0 && right <= WIDTH && bottom <= HEIGHT, JSON.stringify(op));
    }
    const boxes = texts(ops).map(box);
    boxes.forEach(([left, top, right, bottom], i) => {
      for (const [l, t, r, b] of boxes.slice(i + 1)) {
        assert.ok(right <= l || r <= left || bottom <= t || b <= top, JSON.stringify(texts(ops)[i]));
      }
    });
  }
});

test("what a card says is written on it", () => {
  const written = texts(layOut(CARD, measure)).map((op) => op.text);
  const all = written.join(" ");
  for (const part of ["Glass Box · The leash", CARD.address, ...CARD.bars.flatMap((b) => [b.name, b.value])]) {
    assert.ok(written.includes(part), part);
  }
  for (const part of [CARD.headline, ...CARD.texts.flatMap((x) => [x.name, x.text]), CARD.notes[0]]) {
    assert.ok(all.includes(part), part);
  }
});

test("a bar goes from its start to its end on the track, whichever is farther to the right", () => {
  const ops = layOut(CARD, measure);
  const [track, up, , down] = ops.filter((op) => op.text === undefined).slice(2);
  const at = (x) => (x - track.x) / track.width;
  for (const [op, from, to] of [
    [up, 0.1, 0.9],
    [down, 0.3, 0.8],
  ]) {
    assert.ok(Math.abs(at(op.x) - from) < 1e-9 && Math.abs(at(op.x + op.width) - to) < 1e-9);
  }
  assert.notEqual(up.color, down.color);
});

test("drawing puts every piece in its own color and letters where it belongs", () => {
  const calls = [];
  const context = {
    fillRect(...at) {
      calls.push([this.fillStyle, ...at]);
    },
    fillText(...what) {
      calls.push([this.fillStyle, this.font, ...what]);
    },
  };
  const ops = layOut(CARD, measure);
  draw(context, ops);
  assert.equal(calls.length, ops.length);
  ops.forEach((op, i) => {
    assert.equal(calls[i][0], op.color);
    if (op.text !== undefined) {
      assert.ok(calls[i][1].startsWith(`${op.weight} ${op.size}px`));
      assert.deepEqual(calls[i].slice(2), [op.text, op.x, op.y]);
    } else assert.deepEqual(calls[i].slice(1), [op.x, op.y, op.width, op.height]);
  });
});

test("who cannot see the picture hears its words", () => {
  const heard = words(CARD);
  for (const part of [CARD.headline, "True quality: ▼ −0.44", CARD.texts[2].text, CARD.notes[0]]) {
    assert.ok(heard.includes(part), part);
  }
  assert.equal(words({ headline: "x" }), "x");
});
