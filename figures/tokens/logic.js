// What the tokenizer figure computes, without a page: watching BPE learn, how a token looks, what a
// text costs, where the letters went. The tokenizer itself is core/tokenizer.js, which equals
// glassbox.machine.tokens (figures/tokens/golden.json holds all three to the same answers).
import { BPE, chunks } from "../core/tokenizer.js";

const UTF8 = new TextEncoder();

// ---------------------------------------------------------------- learning, step by step

/**
 * Up to `n` merges learned from `text`, as { left, right, token, count, id, leftKey, rightKey }.
 * Stops early when no pair occurs `minCount` times: joining what occurs once saves nothing later.
 */
export function learn(text, n, minCount = 2) {
  const steps = [];
  if (n < 1) return steps;
  for (const step of BPE.trainSteps(text, 256 + n)) {
    if (step.count < minCount) break;
    steps.push(step);
    if (steps.length === n) break;
  }
  return steps;
}

/** The tokenizer that knows the first k of the steps. */
export const after = (steps, k) => BPE.fromMerges(steps.slice(0, k).map((s) => [s.leftKey, s.rightKey]));

/** A tokenizer from the pairs of ids [[left, right], …] that Python exported. */
export function fromPairs(pairs) {
  const base = BPE.fromMerges([]);
  const tokens = Array.from({ length: 256 }, (_, id) => base.tokens.get(id));
  const known = new Set(tokens);
  const merges = pairs.map(([l, r]) => {
    const merge = [tokens[l], tokens[r]];
    const token = merge.join("");
    if (!known.has(token)) known.add(tokens[tokens.push(token) - 1]);
    return merge;
  });
  return BPE.fromMerges(merges);
}

/** How often each chunk (word with its space, number, signs) occurs: what training looks at. */
export function chunkCounts(text) {
  const counts = new Map();
  for (const chunk of chunks(text)) counts.set(chunk, (counts.get(chunk) ?? 0) + 1);
  return counts;
}

/**
 * The pairs of neighbors that are most frequent now, the next merge first:
 * [{ left, right, count }] with ids; ties by the smaller ids.
 */
export function candidates(counts, bpe, n = 5) {
  const WIDTH = 2 ** 20;
  const pairs = new Map();
  for (const [chunk, times] of counts) {
    const ids = bpe.encodeChunk(chunk);
    for (let i = 0; i + 1 < ids.length; i++) {
      const pair = ids[i] * WIDTH + ids[i + 1];
      pairs.set(pair, (pairs.get(pair) ?? 0) + times);
    }
  }
  return [...pairs]
    .sort(([p, a], [q, b]) => b - a || p - q)
    .slice(0, n)
    .map(([pair, count]) => ({ left: Math.floor(pair / WIDTH), right: pair % WIDTH, count }));
}

/** The numbers of merges at which the curve is drawn: dense at the start, where it bends. */
export function curvePoints(n, m = 48) {
  const ks = new Set([0, n]);
  for (let i = 1; i < m; i++) ks.add(Math.round(n * (i / m) ** 1.6));
  return [...ks].sort((a, b) => a - b);
}

/** [[k, tokens]]: into how many tokens `text` falls with the first k merges. */
export const curve = (steps, text, m) =>
  curvePoints(steps.length, m).map((k) => [k, after(steps, k).encode(text).length]);

// ---------------------------------------------------------------- what a reader sees of a token

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Length in bytes of the whole UTF-8 character that starts at i, or 0 if none does. */
function characterAt(bytes, i) {
  const b = bytes[i];
  const n = b < 0x80 ? 1 : b < 0xc2 ? 0 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : b < 0xf5 ? 4 : 0;
  if (!n || i + n > bytes.length) return 0;
  try {
    STRICT.decode(bytes.subarray(i, i + n));
    return n;
  } catch {
    return 0;
  }
}

/** A token's bytes as whole characters and left-over bytes: [{ text } | { hex }]. */
export function pieces(bytes) {
  const out = [];
  const last = (kind) => {
    if (!out.length || !(kind in out[out.length - 1])) out.push({ [kind]: "" });
    return out[out.length - 1];
  };
  for (let i = 0; i < bytes.length; ) {
    const n = characterAt(bytes, i);
    if (n) last("text").text += STRICT.decode(bytes.subarray(i, i + n));
    else {
      const p = last("hex");
      p.hex += (p.hex ? " " : "") + bytes[i].toString(16).toUpperCase().padStart(2, "0");
    }
    i += n || 1;
  }
  return out;
}

// Blanks, joiners, direction marks, variation selectors, tags: characters without an own picture.
const NO_PICTURE =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each of them alone is what is looked for
  /[\u0080-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB]|[\u{E0000}-\u{E0FFF}]/gu;

/** Make the invisible visible: space ␣, line end ↵, tab ⇥, controls; a combining mark gets a circle. */
export function visible(text) {
  return text
    .replace(/^\p{M}/u, "\u25CC$&")
    .replace(/ /g, "\u2423")
    .replace(/\n/g, "\u21B5")
    .replace(/\t/g, "\u21E5")
    .replace(/[\u0000-\u001F]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/\u007F/g, "\u2421")
    .replace(NO_PICTURE, (c) => `\u27E8${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}\u27E9`);
}

/** One line of plain text for a token: whole characters shown, other bytes as <E6 B8>. */
export const label = (bytes) =>
  pieces(bytes)
    .map((p) => ("text" in p ? visible(p.text) : `<${p.hex}>`))
    .join("");

/** Which view a link is about: the one that it names, or the one that what it sets belongs to. */
export function viewOf(link) {
  const owns = { train: ["corpus", "merges", "text"], letters: ["word", "letter", "letters_mix"] };
  if (["tax", ...Object.keys(owns)].includes(link?.view)) return link.view;
  return Object.keys(owns).find((v) => owns[v].some((key) => Object.hasOwn(link ?? {}, key))) ?? "tax";
}

// ---------------------------------------------------------------- counting, cost, window, letters

/** Characters as a reader counts them: "é", "字" and a flag are one each. */
export const countCharacters = (text) => graphemes(text).length;

function graphemes(text) {
  if (typeof Intl === "undefined" || !Intl.Segmenter) return [...text];
  return [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)].map((s) => s.segment);
}

/**
 * A text in the smallest parts that end where both a token and a character (as a reader sees it) end:
 * [{ text, from, to }], from which token to which.
 */
export function cells(text, bpe) {
  const places = new Map(); // bytes so far -> place in the text, after each character
  let bytes = 0;
  let place = 0;
  for (const character of graphemes(text)) {
    bytes += UTF8.encode(character).length;
    place += character.length;
    places.set(bytes, place);
  }
  const out = [];
  let at = { from: 0, start: 0 };
  bytes = 0;
  bpe.encode(text).forEach((id, i) => {
    bytes += bpe.token(id).length;
    if (!places.has(bytes)) return;
    out.push({ text: text.slice(at.start, places.get(bytes)), from: at.from, to: i + 1 });
    at = { from: i + 1, start: places.get(bytes) };
  });
  return out;
}

/** The share of a text's characters that the first `k` tokens hold, from its cells. */
export function reached(list, k) {
  const letters = (part) => part.reduce((sum, c) => sum + countCharacters(c.text), 0);
  return list.length ? letters(list.filter((c) => c.to <= k)) / letters(list) : 0;
}

/** Size of a (cleaned) text in three currencies. */
export const measure = (text, bpe) => ({
  tokens: bpe.encode(text).length,
  characters: countCharacters(text),
  bytes: UTF8.encode(text).length,
});

/** What `tokens` tokens cost at a price per million, their share of a window, how many times they fit. */
export const bill = (tokens, pricePerMillion, window) => ({
  cost: (tokens * pricePerMillion) / 1e6,
  share: tokens / window,
  fit: tokens > 0 ? Math.floor(window / tokens) : Infinity,
});

/**
 * Where a letter of a word went: `count` times in the word, `alone` of them as a token of its own
 * (with or without a space), the others hidden inside longer tokens. Capitals count as their letter.
 */
export function letters(word, letter, bpe) {
  const ids = bpe.encode(word);
  const wanted = letter.toLowerCase();
  const count = wanted ? word.toLowerCase().split(wanted).length - 1 : 0;
  const tokens = ids.map((id) =>
    label(bpe.token(id))
      .replace(/^\u2423(?=.)/u, "")
      .toLowerCase(),
  );
  const alone = wanted ? tokens.filter((token) => token === wanted).length : 0;
  return { ids, count, alone, hidden: count - alone };
}
