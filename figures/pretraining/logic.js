// What the training scrubber computes from the recording: where a step lies on the axis, which words of a
// sample are not words of the town, what was learned when, and how a reader's guess compares. No page here.
import { scaleLinear, scaleLog, scaleSymlog } from "d3-scale";

/** Steps of a run as places from 0 to 1. "log": log(1 + step), so that step 0 has a place too. */
export const axis = (last, kind) => (kind === "log" ? scaleSymlog : scaleLinear)([0, last], [0, 1]);

/** Steps to write under the axis: 0, powers of ten (or even parts), and the last step. */
export function ticks(last, kind) {
  if (kind === "log") {
    const tens = scaleLog()
      .domain([1, last])
      .ticks()
      .filter((t) => Math.log10(t) % 1 === 0);
    return [0, ...tens.filter((t) => t < last / 3), last]; // room for the last one in a narrow chart
  }
  const even = scaleLinear().domain([0, last]).ticks(4);
  return [...even.filter((t) => t <= last - even[1] / 2), last];
}

/** The number of the checkpoint that is nearest to a step; of two as near, the earlier. */
export function nearest(frames, step) {
  let best = 0;
  frames.forEach((c, i) => {
    if (Math.abs(c.step - step) < Math.abs(frames[best].step - step)) best = i;
  });
  return best;
}

/** The same by place on the axis, for a finger on the chart. */
export function nearestPlace(frames, place, where) {
  let best = 0;
  frames.forEach((c, i) => {
    if (Math.abs(where(c.step) - place) < Math.abs(where(frames[best].step) - place)) best = i;
  });
  return best;
}

const WORD = /<\|\w+\|>|\p{L}+(?:['’]\p{L}+)*/gu;

/**
 * A sample in parts, each with what it is: "" (signs, digits, blanks), "word" (a word of the town) or
 * "invented". A word that the sample's end cut off is not judged, and neither are <|special|> tokens.
 *
 * judge("The oun.", new Set(["the"])) -> [{text: "The", is: "word"}, {text: " ", is: ""},
 *                                         {text: "oun", is: "invented"}, {text: ".", is: ""}]
 */
export function judge(text, vocabulary, ended = false) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(WORD)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index), is: "" });
    at = match.index + match[0].length;
    const skipped = match[0].startsWith("<") || (at === text.length && !ended);
    const known = vocabulary.has(match[0].toLowerCase().replaceAll("’", "'"));
    parts.push({ text: match[0], is: skipped ? "" : known ? "word" : "invented" });
  }
  if (at < text.length) parts.push({ text: text.slice(at), is: "" });
  return parts;
}

/** How many words of some samples were judged, and how many of them are invented. */
export function tally(samples, vocabulary) {
  let n = 0;
  let invented = 0;
  for (const text of samples) {
    for (const part of judge(text, vocabulary)) {
      n += part.is !== "";
      invented += part.is === "invented";
    }
  }
  return { n, invented };
}

/** The share of the way from the first checkpoint's loss to the floor that a checkpoint has come. */
export const covered = ({ frames, floor }, i) =>
  (frames[0].held_out - frames[i].held_out) / (frames[0].held_out - floor);

/** The first checkpoint from which on `good` holds to the end; -1 when it does not hold at the end. */
export function settled(frames, good) {
  let i = frames.length;
  while (i > 0 && good(frames[i - 1], i - 1)) i -= 1;
  return i < frames.length ? i : -1;
}

export const REAL = 0.9; // of a stop's sampled words, about sixty: from there on it writes the town's words
export const HALF = 0.5; // of the facts

/**
 * What the figure states: when the samples' words had become the town's, and when half of the facts
 * were right. `key` says which sentence holds for this recording.
 */
export function finding(recording) {
  const { frames } = recording;
  const vocabulary = new Set(recording.words);
  const words = settled(frames, (c) => {
    const { n, invented } = tally(c.samples, vocabulary);
    return n > 0 && invented <= (1 - REAL) * n;
  });
  const facts = settled(frames, (c) => c.right >= HALF);
  if (words < 0 || facts < 0) return { key: "none", words, facts };
  return {
    key: facts > words ? "later" : facts === words ? "together" : "earlier",
    words,
    facts,
    covered: covered(recording, words),
    known: frames[words].right,
    times: frames[words].tokens > 0 ? frames[facts].tokens / frames[words].tokens : Infinity,
  };
}

/** The three frames that a reader guesses for: at about 1/35 and 1/6 of the run, and its end. */
export function asked(frames) {
  const last = frames.at(-1).step;
  const found = [last / 35, last / 6, last].map((step) => nearest(frames, step));
  return [...new Set(found)];
}

/** "5-30-80" -> [5, 30, 80]; null for anything that is no such guess. */
export function parseGuess(text, n) {
  const parts = String(text).split("-");
  const numbers = parts.map(Number);
  const good = parts.length === n && parts.every((p) => /^\d{1,3}$/.test(p)) && numbers.every((x) => x <= 100);
  return good ? numbers : null;
}

/** The guess as a line on the chart: [[step, percent], ...], from nothing right at step 0. */
export const guessLine = (frames, steps, guess) => [
  [frames[0].step, 0],
  ...steps.map((i, k) => [frames[i].step, guess[k]]),
];

/** How far the guess was off at each of its steps, in percentage points, and the one that was off most. */
export function verdict(frames, steps, guess) {
  const rows = steps.map((i, k) => ({ step: frames[i].step, guess: guess[k], real: 100 * frames[i].right }));
  const off = rows.map((r) => Math.abs(r.guess - r.real));
  return { rows, mean: off.reduce((a, b) => a + b, 0) / off.length, worst: rows[off.indexOf(Math.max(...off))] };
}

export const PAGE = 1800; // characters: a typed page of thirty lines of sixty

/** Tokens as typed pages. */
export const pages = (tokens, bytesPerToken) => (tokens * bytesPerToken) / PAGE;

/**
 * What one head looks at in one sentence: the mean share on the token just before, and on tokens three
 * or more back, the first token aside. Row r of `rows` holds the r + 1 shares of token r.
 */
export function looks(rows) {
  const late = rows.slice(2);
  const mean = (xs) => xs.reduce((a, b) => a + b, 0) / Math.max(xs.length, 1);
  return {
    before: mean(late.map((row) => row.at(-2))),
    back: mean(rows.slice(4).map((row) => row.slice(1, -3).reduce((a, b) => a + b, 0))),
  };
}

/** The widest 95% margin of a share counted on n questions, in percentage points. */
export const noise = (n) => (196 * 0.5) / Math.sqrt(n);
