// What the shrink-ray reads out of the recording: the ladder of bits, one conversation as each rung of it replies, what
// changed against the whole assistant, how large each is drawn, and which sentence the recording bears out. No page here.

/** A floppy disk of 1987 held so many bytes: the picture's measure. */
export const FLOPPY = 1_474_560;

/** Each verdict's sign: right answers are told apart without color. */
export const SIGNS = { right: "✓", honest: "✓", wrong: "≠", refused: "?", malformed: "–", other: "–" };

/** The whole assistant and its roundings, from most bits to fewest. */
export const ladder = (data) => [...data.rungs].sort((a, b) => b.bits - a.bits);

/** What was made small in another way: [{ kind, much, rows }], the runs of one way together, in the recording's order. */
export function ways(data) {
  const found = new Map();
  for (const row of data.others) {
    const much = row.share ?? row.layers ?? row.bits;
    const key = `${row.kind} ${much}`;
    if (!found.has(key)) found.set(key, { kind: row.kind, much, rows: [] });
    found.get(key).rows.push(row);
  }
  return [...found.values()];
}

/** The place on the ladder nearest to a number of bits, by ratio; the first for what is no number. */
export function nearest(rungs, wanted) {
  const bits = Number(wanted);
  if (!(bits > 0)) return 0;
  const off = (m) => Math.abs(Math.log(m.bits) - Math.log(bits));
  return rungs.reduce((best, m, i) => (off(m) < off(rungs[best]) ? i : best), 0);
}

/** So many lines of the conversation are in view at once; the others are folded away. */
export const SHOWN = 3;

/** The conversation as a model has it: [{ question, answer, reply, verdict }], a line each; answer null for small talk. */
export const conversation = (data, row) =>
  data.conversation.map(({ user, truth }, i) => ({
    question: user,
    answer: truth,
    reply: row.replies[i].text,
    verdict: row.replies[i].verdict,
  }));

export const isRight = (turn) => turn.verdict === "right" || turn.verdict === "honest";
export const countRight = (turns) => turns.filter(isRight).length;

/** A reply cut into words, each with whether the whole assistant says it too, in the same order: the longest such. */
export function changed(reply, whole) {
  const [a, b] = [words(reply), words(whole)];
  const best = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i][j] = a[i] === b[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
  const out = [];
  for (let i = 0, j = 0; i < a.length; i++) {
    while (j < b.length && a[i] !== b[j] && best[i][j + 1] >= best[i + 1][j]) j++;
    const same = j < b.length && a[i] === b[j];
    out.push({ word: a[i], same });
    if (same) j++;
  }
  return out;
}

const words = (text) => text.trim().split(/\s+/).filter(Boolean);

/** The side of the square that stands for so many bytes, if `most` bytes have the side `side`: areas are to scale. */
export const sideOf = (bytes, most, side) => side * Math.sqrt(bytes / most);

/** The share of first questions, about many people, that a model gets right. */
export const share = (row) => row.by_turn[0];

/** The mean of several runs, by any number of a row. */
export const mean = (rows, of) => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;

/**
 * What the recording bears out, with `room` for noise:
 *   free   the smallest rung that answers as well as the whole assistant, or -1
 *   broken the largest rung that answers less than half as often
 *   cliff  whether nearly nothing is lost down to `free` and half of it or more within two rungs
 */
export function finding(data, room = 0.05) {
  const right = ladder(data).map(share);
  const kept = right.map((v) => v >= right[0] - room);
  const lost = kept.indexOf(false);
  const free = lost < 0 ? right.length - 1 : lost - 1;
  const broken = right.findIndex((v) => v < right[0] / 2);
  return { free, broken, cliff: free >= 1 && broken > free && broken - free <= 2, right };
}

/** 4,194,304 -> "4.2 MB", 524,288 -> "524 KB". */
export const size = (bytes) => (bytes < 999_500 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);
export const percent = (p) => (p > 0 && p < 0.005 ? "<1%" : p > 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);
