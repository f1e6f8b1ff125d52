// Byte-level BPE in the page: the algorithm of glassbox/machine/tokens.py, ids and ties included.
// Inside, a token is a string with one character per byte ("é" is "Ã©"), which a Map can look up.

export const GPT2_PATTERN = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

// JavaScript's \s counts U+FEFF as a blank and Python's does not; Python's counts U+0085. So it is spelled out.
const BLANK = "\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPLIT = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${BLANK}\\p{L}\\p{N}]+|[${BLANK}]+(?![^${BLANK}])|[${BLANK}]+`,
  "gu",
);

// GPT-2's order of the bytes, and the visible character that stands for each in its files ("Ġ" is the space).
const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);
const PRINTING = [...range(33, 127), ...range(161, 173), ...range(174, 256)];
const BYTES = [...PRINTING, ...range(0, 256).filter((b) => !PRINTING.includes(b))];
const CHAR_TO_BYTE = new Map(BYTES.map((b, i) => [String.fromCharCode(i < 188 ? b : 256 + i - 188), b]));
const BYTE_TO_CHAR = new Map([...CHAR_TO_BYTE].map(([char, byte]) => [byte, char]));
const fromVisible = (shown) => [...shown].map((c) => String.fromCharCode(CHAR_TO_BYTE.get(c))).join("");
const toVisible = (token) => [...token].map((c) => BYTE_TO_CHAR.get(c.charCodeAt(0))).join("");

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const toBytes = (token) => Uint8Array.from(token, (c) => c.charCodeAt(0));
const ofText = (text) => Array.from(utf8.encode(text), (b) => String.fromCharCode(b)).join("");

// A pair of ids as one number, which orders pairs as Python orders tuples.
const STEP = 2 ** 24;
const pairOf = (left, right) => left * STEP + right;

/** A binary heap; `before(a, b)` says which item comes first. */
class Heap {
  constructor(before) {
    this.items = [];
    this.before = before;
  }
  push(item) {
    const { items, before } = this;
    let i = items.push(item) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!before(item, items[up])) break;
      items[i] = items[up];
      i = up;
    }
    items[i] = item;
  }
  pop() {
    const { items, before } = this;
    const top = items[0];
    const last = items.pop();
    if (!items.length) return top;
    let i = 0;
    for (let child = 1; child < items.length; child = 2 * i + 1) {
      if (child + 1 < items.length && before(items[child + 1], items[child])) child += 1;
      if (!before(items[child], last)) break;
      items[i] = items[child];
      i = child;
    }
    items[i] = last;
    return top;
  }
  get size() {
    return this.items.length;
  }
}

/** Text cut into pieces that no token crosses; what the pattern does not match is kept too. */
export function chunks(text, pattern = GPT2_PATTERN) {
  if (pattern === null) return text ? [text] : [];
  if (pattern !== GPT2_PATTERN) throw new Error(`the page knows GPT-2's pattern only, not ${pattern}`);
  return text.match(SPLIT) ?? [];
}

function splitSpecial(text, names) {
  if (!names.length) return [text];
  const longestFirst = [...names].sort((a, b) => b.length - a.length);
  return text.split(
    new RegExp(`(${longestFirst.map((n) => n.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|")})`, "u"),
  );
}

/** Merge `pair` in one word, in place; tells of every neighboring pair that went (-1) or came (+1). */
function mergeInWord(ids, left, right, newId, tell) {
  for (let i = 0; i < ids.length - 1; i += 1) {
    if (ids[i] !== left || ids[i + 1] !== right) continue;
    if (i > 0) {
      tell(pairOf(ids[i - 1], left), -1);
      tell(pairOf(ids[i - 1], newId), +1);
    }
    ids.splice(i, 2, newId);
    if (i + 1 < ids.length) {
      tell(pairOf(right, ids[i + 1]), -1);
      tell(pairOf(newId, ids[i + 1]), +1);
    }
  }
}

export class BPE {
  /** merges: [[left, right], ...] and vocab: Map(token -> id), tokens as byte strings; special: { text: id }. */
  constructor(merges, vocab, special = {}, pattern = GPT2_PATTERN) {
    Object.assign(this, { merges, ids: vocab, special, pattern, cache: new Map() });
    this.tokens = new Map([...vocab].map(([token, id]) => [id, token]));
    for (const [text, id] of Object.entries(special)) this.tokens.set(id, ofText(text));
    this.ranks = new Map(merges.map(([l, r], rank) => [pairOf(vocab.get(l), vocab.get(r)), [rank, vocab.get(l + r)]]));
  }

  /** From the JSON that glassbox.machine.tokens.BPE.save writes. */
  static fromJSON(table) {
    if (table?.format !== "glassbox-bpe-1") throw new Error(`unknown tokenizer format ${table?.format}`);
    const vocab = new Map(Object.entries(table.vocab).map(([shown, id]) => [fromVisible(shown), id]));
    const merges = table.merges.map((pair) => pair.map(fromVisible));
    return new BPE(merges, vocab, table.special_tokens, table.pattern);
  }

  static fromMerges(merges, special = [], pattern = GPT2_PATTERN) {
    const vocab = new Map(BYTES.map((b, id) => [String.fromCharCode(b), id]));
    for (const [l, r] of merges) if (!vocab.has(l + r)) vocab.set(l + r, vocab.size);
    return new BPE(merges, vocab, Object.fromEntries(special.map((name, i) => [name, vocab.size + i])), pattern);
  }

  /** Learn a tokenizer of `vocabSize` ids (256 bytes and special tokens included) from text. */
  static train(text, vocabSize, options = {}) {
    const merges = [...BPE.trainSteps(text, vocabSize, options)].map((step) => [step.leftKey, step.rightKey]);
    return BPE.fromMerges(merges, options.special ?? [], options.pattern ?? GPT2_PATTERN);
  }

  /** The merges one at a time, to watch: { left, right, token (Uint8Arrays), count, id, leftKey, rightKey }. */
  static *trainSteps(text, vocabSize, { special = [], pattern = GPT2_PATTERN } = {}) {
    const nTokens = vocabSize - special.length;
    if (!(nTokens >= 256))
      throw new Error(
        `a vocabulary of ${vocabSize} has no room for the 256 bytes and ${special.length} special tokens`,
      );
    const times = new Map();
    for (const part of splitSpecial(text, special)) {
      if (special.includes(part)) continue;
      for (const chunk of chunks(part, pattern)) times.set(chunk, (times.get(chunk) ?? 0) + 1);
    }
    const tokens = BYTES.map((b) => String.fromCharCode(b));
    const idOf = new Map(tokens.map((token, id) => [token, id]));
    const words = [...times.keys()].map((chunk) => [...ofText(chunk)].map((c) => idOf.get(c)));
    const weight = [...times.values()];
    const counts = new Map();
    const add = (map, pair, n) => map.set(pair, (map.get(pair) ?? 0) + n);
    const note = (map, pair, word) => (map.get(pair) ?? map.set(pair, new Set()).get(pair)).add(word);
    let where = new Map();
    words.forEach((ids, w) => {
      for (let i = 0; i + 1 < ids.length; i += 1) {
        add(counts, pairOf(ids[i], ids[i + 1]), weight[w]);
        note(where, pairOf(ids[i], ids[i + 1]), w);
      }
    });
    // Most frequent first; ties: the pair with the smaller ids, then the one that was pushed earlier.
    const heap = new Heap(
      (a, b) => a.count > b.count || (a.count === b.count && (a.pair < b.pair || (a.pair === b.pair && a.n < b.n))),
    );
    let pushed = 0;
    const pushAll = () =>
      where.forEach((found, pair) => {
        if (counts.get(pair) > 0) heap.push({ count: counts.get(pair), pair, n: pushed++, found });
      });
    pushAll();
    while (heap.size && tokens.length < nTokens) {
      const top = heap.pop();
      if (top.count !== counts.get(top.pair)) {
        // out of date
        top.count = counts.get(top.pair);
        if (top.count > 0) heap.push(top);
        continue;
      }
      const left = Math.floor(top.pair / STEP);
      const right = top.pair % STEP;
      const token = tokens[left] + tokens[right];
      if (!idOf.has(token)) {
        idOf.set(token, tokens.length);
        tokens.push(token);
      }
      const id = idOf.get(token); // a second way to the same bytes takes the id of the first
      where = new Map();
      for (const w of top.found) {
        mergeInWord(words[w], left, right, id, (pair, change) => {
          add(counts, pair, change * weight[w]);
          if (change > 0) note(where, pair, w);
        });
      }
      pushAll();
      yield {
        left: toBytes(tokens[left]),
        right: toBytes(tokens[right]),
        token: toBytes(token),
        count: top.count,
        id,
        leftKey: tokens[left],
        rightKey: tokens[right],
      };
    }
  }

  get size() {
    return this.tokens.size;
  }

  /** Text to ids. Special tokens are spelled out unless `special` is true: what a reader types is only text. */
  encode(text, { special = false } = {}) {
    if (!text.isWellFormed?.() && /\p{Surrogate}/u.test(text))
      throw new Error("the text has half a character (a lone surrogate); pass it through clean() first");
    const ids = [];
    for (const part of splitSpecial(text, special ? Object.keys(this.special) : [])) {
      if (special && Object.hasOwn(this.special, part)) ids.push(this.special[part]);
      else for (const chunk of chunks(part, this.pattern)) for (const id of this.encodeChunk(chunk)) ids.push(id);
    }
    return ids;
  }

  encodeChunk(chunk) {
    let ids = this.cache.get(chunk);
    if (!ids) {
      if (this.cache.size > 20_000) this.cache.clear();
      ids = this.mergeChunk([...ofText(chunk)].map((c) => this.ids.get(c)));
      this.cache.set(chunk, ids);
    }
    return ids;
  }

  /** Always the earliest learned pair, leftmost first; a heap keeps a word of 10,000 letters from being a trap. */
  mergeChunk(ids) {
    const n = ids.length;
    const after = range(1, n + 1);
    const before = range(-1, n - 1);
    const heap = new Heap((a, b) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]));
    const consider = (i, j) => {
      if (i < 0 || j >= n) return;
      const rule = this.ranks.get(pairOf(ids[i], ids[j]));
      if (rule) heap.push([rule[0], i, ids[i], ids[j], rule[1]]);
    };
    for (let i = 0; i < n - 1; i += 1) consider(i, i + 1);
    while (heap.size) {
      const [, i, left, right, merged] = heap.pop();
      const j = after[i];
      if (ids[i] !== left || j >= n || ids[j] !== right) continue; // one of the two was merged away
      ids[i] = merged;
      ids[j] = null;
      after[i] = after[j];
      if (after[i] < n) before[after[i]] = i;
      consider(before[i], i);
      consider(i, after[i]);
    }
    return ids.filter((id) => id !== null);
  }

  /** The bytes of one token. */
  token(id) {
    const token = this.tokens.get(id);
    if (token === undefined) throw new Error(`id ${id} is not in the vocabulary of ${this.size} ids`);
    return toBytes(token);
  }

  /** Ids to text; an unfinished character shows as U+FFFD. */
  decode(ids) {
    return fromUtf8.decode(Uint8Array.from(ids.flatMap((id) => [...this.token(id)])));
  }

  /** A token as GPT-2's files print it ("Ġthe"), one visible character for each byte. */
  visible(id) {
    return toVisible(this.tokens.get(id) ?? "");
  }
}
