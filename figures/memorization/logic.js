// What the memorization figure reads out of the recording: shares of poems continued word for word, with the
// range of the seeds, where in a text the longest shared run stands, and which sentence the recording bears out.
// No page here.

const WORD = /[\p{L}\p{N}_]+(?:'[\p{L}\p{N}_]+)?/gu;

/** The words of a text as glassbox.assistant.cleaning.words sees them: [{ word, from, to }], places in characters. */
export const words = (text) =>
  [...text.matchAll(WORD)].map((m) => ({ word: m[0].toLowerCase(), from: m.index, to: m.index + m[0].length }));

/** The longest run of words that two texts share: { length, a, b }, where it starts in each (first of equals in a). */
export function longestRun(textA, textB) {
  const [a, b] = [words(textA).map((w) => w.word), words(textB).map((w) => w.word)];
  let best = { length: 0, a: 0, b: 0 };
  let before = Array(b.length + 1).fill(0);
  for (let i = 0; i < a.length; i += 1) {
    const now = Array(b.length + 1).fill(0);
    for (let j = 0; j < b.length; j += 1) {
      if (a[i] !== b[j]) continue;
      now[j + 1] = before[j] + 1;
      if (now[j + 1] > best.length) best = { length: now[j + 1], a: i + 1 - now[j + 1], b: j + 1 - now[j + 1] };
    }
    before = now;
  }
  return best;
}

/** A text in three parts around a run of words: [before, run, after]. */
export function parts(text, start, length) {
  const found = words(text);
  if (!length || start + length > found.length) return [text, "", ""];
  const [from, to] = [found[start].from, found[start + length - 1].to];
  return [text.slice(0, from), text.slice(from, to), text.slice(to)];
}

/** What a poem's opening of so many tokens is, and what should follow. */
export const cut = ({ pieces }, tokens) => ({
  opening: pieces.slice(0, tokens).join(""),
  rest: pieces.slice(tokens).join(""),
});

/** Whether a continuation gives the next `target` tokens word for word. */
export const extracted = ({ pieces }, tokens, text, target) =>
  text.startsWith(pieces.slice(tokens, tokens + target).join(""));

/** A poem with what a model wrote after its opening: { opening, text, overlap, run, same, of, hit }. */
export function aloud(poem, tokens, { text, overlap, start }, target) {
  const { opening, rest } = cut(poem, tokens);
  const run = text.trim() ? parts(text, start, overlap) : [text, "", ""];
  const there = run[1] ? longestRun(run[1], rest) : { length: 0, b: 0 };
  return {
    opening,
    text,
    overlap,
    run,
    same: parts(rest, there.b, there.length),
    of: words(rest).length,
    hit: extracted(poem, tokens, text, target),
  };
}

/**
 * The poem to open on: the first that the model has lost after one copy and knows after the most, and of these one that it
 * never loses again once it has it; else the first.
 */
export function opener(poems) {
  const turns = ({ written }) => !written[0].hit && written.at(-1).hit;
  const stays = ({ written }) => written.every(({ hit }, i) => i === 0 || hit >= written[i - 1].hit);
  const first = (which) => poems.findIndex(which);
  return Math.max(0, [first((p) => turns(p) && stays(p)), first(turns)].find((i) => i >= 0) ?? 0);
}

/** Mean and range of some numbers. */
export function spread(values) {
  return {
    mean: values.reduce((a, b) => a + b, 0) / values.length,
    low: Math.min(...values),
    high: Math.max(...values),
  };
}

/** The models of one size, one a seed. */
export const ofSize = (data, size, deduplicated = false) =>
  data.models.filter((m) => m.size === size && m.deduplicated === deduplicated);

/** The share of the poems planted `copies[level]` times that a size continues word for word, over the seeds. */
export const share = (data, size, level, prompt, deduplicated = false) =>
  spread(ofSize(data, size, deduplicated).map((m) => m.extracted[level][prompt] / data.each));

/** The same for poems that nobody planted; null if none were asked for. */
export const control = (data, size, prompt) =>
  spread(ofSize(data, size).map((m) => m.extracted_fresh[prompt] / data.each));

/** A number that is recorded a level (loss, auc), over the seeds; `at` goes further in, such as a temperature. */
export const level = (data, size, key, index, at = null) =>
  spread(ofSize(data, size).map((m) => (at === null ? m[key][index] : m[key][index][at])));

/** The place of the entry that is nearest to a number, by ratio: 1, 2, 4 … are equally far apart. */
export function nearest(list, wanted) {
  const off = (x) => Math.abs(Math.log(x) - Math.log(Math.max(Number(wanted) || 0, 1e-9)));
  return list.reduce((best, x, i) => (off(x) < off(list[best]) ? i : best), 0);
}

/** 73,728 -> "74k", 2,100,000 -> "2.1M". */
export const short = (n) => (n < 999_500 ? `${Math.round(n / 1000)}k` : `${(n / 1e6).toFixed(1)}M`);

/**
 * What the recording bears out, at one length of prompt:
 *   copies   shares of the largest model never fall by more than `room` from one number of copies to the next, and rise in all
 *   size     in the mean over all numbers of copies the largest model is ahead of the smallest by more than `room`
 *   prompt   "up", "down" or "flat": the mean over all models and copies at the longest prompt against the shortest
 */
export function finding(data, prompt, room = 0.05) {
  const last = data.shapes.length - 1;
  const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
  const row = (size, p = prompt) => data.copies.map((_, i) => share(data, size, i, p).mean);
  const [small, large] = [row(0), row(last)];
  const rises = large.every((v, i) => i === 0 || v >= large[i - 1] - room) && large.at(-1) > large[0] + room;
  const at = (p) => mean(data.shapes.flatMap((_, size) => row(size, p)));
  const [shortest, longest] = [at(0), at(data.prompts.length - 1)];
  return {
    copies: rises,
    size: mean(large) > mean(small) + room,
    small,
    large,
    shortest,
    longest,
    prompt: longest > shortest + room ? "up" : longest < shortest - room ? "down" : "flat",
    control: Math.max(...data.shapes.flatMap((_, size) => data.prompts.map((__, p) => control(data, size, p).high))),
    first: large.findIndex((v) => v >= 0.5),
  };
}
