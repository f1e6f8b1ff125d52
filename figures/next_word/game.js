// One text of the guessing game: what was shown, what was guessed, and what both players paid in bits. No page.
import { random } from "../core/random.js";
import { pieces, same, TwinCode, WordReader } from "./logic.js";

const SURE = 0.9; // the model's share of a word that the text gives away
const LEAST = 8; // words that are left to guess

/**
 * new Game({ gpt, tokenizer, vocab }, { text, bits }, seed, dictionary, hits): the beginning is given. `hits` are the
 * reader's so far, { hits, n }. Afterwards `shown` holds the pieces in view, `guesses` the model's guesses at the next.
 */
export class Game {
  constructor({ gpt, tokenizer, vocab }, { text, bits }, seed, dictionary, hits) {
    this.reader = new WordReader(gpt, tokenizer, vocab);
    this.code = new TwinCode(dictionary, hits);
    this.dice = random(seed);
    this.left = pieces(text);
    this.floor = bits; // what the town itself would pay
    this.shown = [];
    this.rows = []; // [word, its share, the model's first guess, the reader's]
    this.guesses = [];
    Object.assign(this, { youBits: 0, modelBits: 0, n: 0, you: 0, model: 0, ended: false, counts: true });
    this.open();
    this.signs();
  }

  /** Give the first sentence, and go on to a word that the text gives away: the game opens on one that can be had. */
  open() {
    let sentences = 0;
    this.free();
    while (this.words() > LEAST) {
      const next = this.left[0];
      if (next.word && sentences && this.sure(next)) break;
      sentences += /[.!?]$/.test(next.text);
      this.free();
    }
    this.given = this.shown.filter((piece) => piece.word).length;
  }

  /** Whether the model's first guess is the next word, and it hardly doubts it. */
  sure({ text }) {
    const [first] = this.reader.guesses(1);
    return first !== undefined && first.p >= SURE && same(first.text, text);
  }

  /** How many words are left. */
  words() {
    return this.left.filter((piece) => piece.word).length;
  }

  /** Show one piece for nothing; both pay what the model would. */
  free() {
    const piece = this.left.shift();
    const { bits, kindBits } = this.reader.read(piece.text);
    this.youBits += bits + kindBits;
    this.modelBits += bits + kindBits;
    this.shown.push({ text: piece.text, word: piece.word });
  }

  /** Show what is not a word; then the model guesses at the next word, or the text has ended. */
  signs() {
    while (this.left.length && !this.left[0].word) this.free();
    if (this.left.length) {
      this.guesses = this.reader.guesses(5);
      return;
    }
    const end = this.reader.end();
    this.youBits += end;
    this.modelBits += end;
    this.ended = true;
  }

  /** The reader's guess against the next word -> { word, p, you, itself, guesses }: who was right, what the model expected. */
  take(typed) {
    const { text } = this.left.shift();
    const { guesses } = this;
    const { p, bits, kindBits } = this.reader.read(text);
    const you = same(typed, text);
    const itself = guesses.length > 0 && same(guesses[0].text, text);
    this.modelBits += bits + kindBits;
    this.youBits += this.code.add(you) + kindBits;
    this.n += 1;
    this.you += you;
    this.model += itself;
    this.shown.push({ text, word: true, you, model: itself, fresh: true });
    this.rows.push({
      word: text.trim(),
      p,
      first: guesses[0]?.text.trim() ?? "",
      yours: typed.trim().slice(0, 40),
      you,
      itself,
    });
    this.signs();
    return { word: text, p, you, itself, guesses };
  }

  /** The reader gives up: the model reads to the end alone. */
  showRest() {
    this.counts = false;
    while (this.left.length) {
      const { text, word } = this.left.shift();
      const first = word ? this.reader.guesses(1)[0] : null;
      const { p, bits, kindBits } = this.reader.read(text);
      this.modelBits += bits + kindBits;
      this.shown.push({ text, word, model: first ? same(first.text, text) : false });
      if (word) this.rows.push({ word: text.trim(), p, first: first?.text.trim() ?? "", yours: "–" });
    }
    this.modelBits += this.reader.end();
    this.ended = true;
  }
}

/** The reader's sums over all texts that were played to the end, kept by `kept` (core/store.js). */
export class Sums {
  constructor(kept) {
    this.kept = kept;
    this.total = { ...Sums.nothing, ...kept.load({}) };
  }

  static nothing = { texts: 0, n: 0, you: 0, model: 0, youBits: 0, modelBits: 0 };

  add(game) {
    const { total } = this;
    this.total = { texts: total.texts + 1 };
    for (const key of ["n", "you", "model", "youBits", "modelBits"]) this.total[key] = total[key] + game[key];
    this.kept.save(this.total);
  }

  forget() {
    this.total = { ...Sums.nothing };
    this.kept.clear();
  }

  /** Guesses so far, with those of a game that has not ended. */
  known({ ended, you, model, n }) {
    const { total } = this;
    return ended
      ? { you: total.you, model: total.model, n: total.n }
      : { you: total.you + you, model: total.model + model, n: total.n + n };
  }
}
