// Shannon's guessing game with words. The model guesses tokens; a word may be several of them, so its
// guesses are gathered into words here. No DOM.
import { shuffle } from "../core/random.js";
import { chunks } from "../core/tokenizer.js";
import { softmax } from "../softmax_sampling/logic.js";

/** The kind of the character that a piece of text ends or begins with: letter, digit, blank or sign. */
function kindOf(character) {
  if (character === undefined) return "none";
  if (/\p{L}/u.test(character)) return "letter";
  if (/\p{N}/u.test(character)) return "digit";
  return /\s/u.test(character) ? "blank" : "sign";
}

/**
 * What the game needs to know about a vocabulary, for each id: its text, the kind of character it begins
 * with (null: it always begins a new piece) and ends with, and whether a piece it begins is a word.
 */
export function vocabulary(tokenizer, size) {
  const special = new Set(Object.values(tokenizer.special));
  return Array.from({ length: size }, (_, id) => {
    if (special.has(id)) return { text: "", special: true, joins: null, ends: "none", word: false };
    const text = tokenizer.decode([id]);
    const kind = kindOf([...text][0]);
    const first = kindOf([...text.replace(/^ /, "")][0]);
    // a lone blank waits for what it belongs to, which is a word more often than not
    return {
      text,
      special: false,
      joins: kind === "blank" ? null : kind,
      ends: text === " " ? "waiting" : kindOf([...text].at(-1)),
      word: text === " " || first === "letter" || first === "digit",
    };
  });
}

/** Whether `token` goes on with a piece of text whose last token is `last` (as the tokenizer cuts text). */
const goesOn = (last, token) =>
  last !== null && token.joins !== null && (last.ends === "waiting" || token.joins === last.ends);

/** Share of the probability that goes to tokens which begin a new piece: the word before is over. */
function chanceToEnd(shares, last, vocab) {
  if (last === null) return 1;
  let sum = 0;
  for (let id = 0; id < shares.length; id += 1) if (!goesOn(last, vocab[id])) sum += shares[id];
  return sum;
}

const bitsOf = (p) => -Math.log2(p);

/**
 * A reader of one text, piece by piece. A piece is a word with the blank before it, or a sign.
 *   guesses(n)   the n likeliest words, given that a word comes: [{ text, p }], likeliest first
 *   read(piece)  go on by one piece -> { p, bits, kindBits }
 *   end()        the bits of ending here
 * A piece's p is the chance of all its tokens, and of the piece being over after them, given that the
 * piece before is over and given its kind (word, or else sign); kindBits is the price of the kind. So
 * bits and kindBits of all pieces, and the end, add up to the bits of the tokens.
 */
export class WordReader {
  constructor(gpt, tokenizer, vocab = vocabulary(tokenizer, gpt.config.vocab_size)) {
    Object.assign(this, { gpt, tokenizer, vocab, session: gpt.start() });
    this.stop = tokenizer.special["<|endoftext|>"];
    this.last = null; // the token before the cursor; null at the beginning
    this.shares = softmax(this.session.feed(this.stop));
  }

  /** Shares after `ids`, as if they had been read; the session is left as it was. */
  lookAhead(ids) {
    const here = this.session.ids.length;
    const shares = softmax(this.session.feed(ids));
    this.session.rewind(here);
    return shares;
  }

  /** Probability that the next piece begins, and is a word (or is none). */
  chanceOfKind(word) {
    let sum = 0;
    for (let id = 0; id < this.shares.length; id += 1) {
      if (!goesOn(this.last, this.vocab[id]) && this.vocab[id].word === word) sum += this.shares[id];
    }
    return sum;
  }

  guesses(n = 5, patience = 60) {
    const { vocab } = this;
    const all = this.chanceOfKind(true);
    // `open` holds beginnings of words; no word is likelier than its beginning, so the search may stop
    // when n whole words are likelier than every beginning that is left.
    let open = [];
    for (let id = 0; id < this.shares.length; id += 1) {
      if (vocab[id].word && !goesOn(this.last, vocab[id])) open.push({ ids: [id], p: this.shares[id] / all });
    }
    open = open.sort((a, b) => b.p - a.p).slice(0, 200);
    let words = [];
    for (let looked = 0; open.length && looked < patience; looked += 1) {
      words = words.sort((a, b) => b.p - a.p).slice(0, n);
      if (words.length === n && words[n - 1].p >= open[0].p) break;
      const beginning = open.shift();
      if (this.session.ids.length + beginning.ids.length >= this.gpt.config.block_size) break;
      const last = vocab[beginning.ids.at(-1)];
      const next = this.lookAhead(beginning.ids);
      const p = beginning.p * chanceToEnd(next, last, vocab);
      if (last.ends !== "waiting") words.push({ text: this.tokenizer.decode(beginning.ids), p });
      for (let id = 0; id < next.length; id += 1) {
        if (beginning.p * next[id] > 1e-5 && goesOn(last, vocab[id]))
          open.push({ ids: [...beginning.ids, id], p: beginning.p * next[id] });
      }
      open.sort((a, b) => b.p - a.p);
    }
    return words.sort((a, b) => b.p - a.p).slice(0, n);
  }

  read(piece) {
    const ids = this.tokenizer.encode(piece);
    const over = chanceToEnd(this.shares, this.last, this.vocab);
    const kind = this.chanceOfKind(this.vocab[ids[0]].word);
    let p = 1 / kind;
    for (const id of ids) {
      p *= this.shares[id];
      this.shares = softmax(this.session.feed(id));
      this.last = this.vocab[id];
    }
    p *= chanceToEnd(this.shares, this.last, this.vocab);
    return { p, bits: bitsOf(p), kindBits: bitsOf(kind / over) };
  }

  end() {
    return bitsOf(this.shares[this.stop] / chanceToEnd(this.shares, this.last, this.vocab));
  }
}

/** A text as the pieces of the game: [{ text, word }]; signs are not guessed. */
export const pieces = (text) =>
  chunks(text).map((piece) => ({ text: piece, word: /[\p{L}\p{N}]/u.test(piece) && !/^'/.test(piece) }));

/** How a guess is compared: without blanks around it, in any case. */
export const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();

/**
 * Words to choose from: the model's guesses that it means (1% and more), filled up to `n` with words of the
 * town that begin as its best guess does, large or small, in an order that gives nothing away.
 */
export function choicesAmong(guesses, words, rng, n = 5) {
  const chosen = guesses.filter((g, i) => i === 0 || g.p >= 0.01).map((g) => g.text.trim());
  const large = (word) => /^\p{Lu}/u.test(word);
  for (const word of shuffle(words, rng)) {
    if (chosen.length >= n) break;
    if ((!chosen.length || large(word) === large(chosen[0])) && !chosen.some((c) => same(c, word))) chosen.push(word);
  }
  return shuffle(chosen, rng);
}

/**
 * What guesses are worth in bits, after Shannon (1951): a twin who guesses as you do needs to be told
 * only "right" or "wrong", and after "wrong" which of the `dictionary` words it was. Telling takes the
 * bits of an answer that was given (hits + 1) times in (n + 2): the twin learns how good you are.
 */
export class TwinCode {
  constructor(dictionary, { hits = 0, n = 0, bits = 0 } = {}) {
    Object.assign(this, { dictionary, hits, n, bits });
  }
  add(hit) {
    const often = ((hit ? this.hits : this.n - this.hits) + 1) / (this.n + 2);
    const bits = -Math.log2(often) + (hit ? 0 : Math.log2(this.dictionary));
    this.hits += hit ? 1 : 0;
    this.n += 1;
    this.bits += bits;
    return bits;
  }
}

/** Draw an id from shares with one throw u in [0, 1). */
export function draw(shares, u) {
  let sum = 0,
    last = 0;
  for (let id = 0; id < shares.length; id += 1) {
    if (shares[id] > 0) last = id;
    sum += shares[id];
    if (u < sum) return id;
  }
  return last;
}

/** The n largest shares, [{ id, p }], largest first. */
export function top(shares, n) {
  return Array.from(shares, (p, id) => ({ id, p }))
    .sort((a, b) => b.p - a.p || a.id - b.id)
    .slice(0, n);
}
