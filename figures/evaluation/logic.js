// What the league table reads out of the recorded marks: scores with their intervals, ranks, who moved, and whether the
// first is ahead of the second by more than chance. No page here.

export const ALL = "all"; // the pooled test: one question of each test in turn
const Z = 1.959964; // 95% of a normal distribution
const ALPHA = 0.05;

/** The marks of a model as a string of "0" and "1", the first `n` of them. */
export function marks(data, test, rule, model, n = Number.POSITIVE_INFINITY) {
  if (test !== ALL) return data.marks[test][rule][model].slice(0, n);
  const each = data.tests.map(({ id }) => data.marks[id][rule][model]);
  const length = Math.min(...each.map((m) => m.length));
  let pooled = "";
  for (let i = 0; i < length && pooled.length < n; i += 1) pooled += each.map((m) => m[i]).join("");
  return pooled.slice(0, n);
}

const ones = (text) => text.split("1").length - 1;

/** How many questions there are of a test. */
export const questions = (data, test) => marks(data, test, data.rules[0], data.models[0]).length;

/** Wilson's 95% interval for a share of right answers. */
export function wilson(right, of) {
  if (of === 0) return [0, 1];
  const share = right / of;
  const middle = (share + Z ** 2 / (2 * of)) / (1 + Z ** 2 / of);
  const half = (Z / (1 + Z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** The chance of a split at least as uneven as a : b, if a coin decided each: the exact sign test, two-sided. */
export function signTest(a, b) {
  const n = a + b;
  if (a === b) return 1;
  let log = -n * Math.LN2; // of all n to one side
  let tail = Math.exp(log);
  for (let k = 1; k <= Math.min(a, b); k += 1) {
    log += Math.log((n - k + 1) / k);
    tail += Math.exp(log);
  }
  return Math.min(1, 2 * tail);
}

/** Two models on the same questions: what only one of them got right, and whether that can be chance. */
export function versus(data, test, rule, one, other, n) {
  const [left, right] = [one, other].map((model) => marks(data, test, rule, model, n));
  let [only, others] = [0, 0];
  for (let i = 0; i < left.length; i += 1) {
    if (left[i] === right[i]) continue;
    if (left[i] === "1") only += 1;
    else others += 1;
  }
  const p = signTest(only, others);
  return { only, others, of: left.length, lead: (only - others) / left.length, p, clear: p < ALPHA };
}

/** The league table, best first: [{ model, rank, right, of, share, low, high }]. Equal scores share a rank. */
export function league(data, test, rule, n) {
  const rows = data.models.map((model) => {
    const text = marks(data, test, rule, model, n);
    const right = ones(text);
    const [low, high] = wilson(right, text.length);
    return { model, right, of: text.length, share: right / text.length, low, high };
  });
  rows.sort((a, b) => b.right - a.right || data.models.indexOf(a.model) - data.models.indexOf(b.model));
  return rows.map((row) => ({ ...row, rank: 1 + rows.filter((other) => other.right > row.right).length }));
}

/** The first two of a table, and whether the first is ahead by more than chance. */
export function top(data, test, rule, n) {
  const [first, second] = league(data, test, rule, n);
  return {
    first,
    second,
    tied: first.right === second.right,
    ...versus(data, test, rule, first.model, second.model, n),
  };
}

/** Places gained (+) or lost (-) by each model from one table to another: { model: places }. */
export function moves(before, after) {
  const place = Object.fromEntries(before.map((row, i) => [row.model, i]));
  return Object.fromEntries(after.map((row, i) => [row.model, place[row.model] - i]));
}

/** How many pairs of models stand the other way around in two tables. */
export function swaps(before, after) {
  const rank = Object.fromEntries(before.map((row) => [row.model, row.rank]));
  let count = 0;
  for (let i = 0; i < after.length; i += 1)
    for (let j = i + 1; j < after.length; j += 1)
      if (after[i].rank < after[j].rank && rank[after[i].model] > rank[after[j].model]) count += 1;
  return count;
}

/** Numbers of questions that the slider stops at: ever longer steps up to all of them. */
export function stops(total) {
  const wanted = [10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1200, 1600, 2400];
  return [...wanted.filter((n) => n < total), total];
}

/** The stop nearest to a number of questions; the last for anything that is no number. */
export function nearestStop(list, wanted) {
  const n = Number(wanted);
  if (!Number.isFinite(n) || n <= 0) return list.length - 1;
  return list.reduce((best, stop, i) => (Math.abs(stop - n) < Math.abs(list[best] - n) ? i : best), 0);
}

/** The stop from which on two models are told apart, to the end, and always the same way; -1 if there is none. */
export function apartFrom(data, test, rule, one, other) {
  const list = stops(questions(data, test));
  const found = list.map((n) => versus(data, test, rule, one, other, n));
  const way = Math.sign(found.at(-1).lead);
  let from = -1;
  for (let i = list.length - 1; i >= 0 && found[i].clear && Math.sign(found[i].lead) === way; i -= 1) from = i;
  return { list, from, told: found.map((f) => f.clear) };
}

/**
 * Pairs of models of which one is ahead by one rule and the other by another, both times by more than chance:
 * [{ up, down, apart }], `up` ahead by the second rule; the pair that is farthest apart in the two first.
 */
export function reversals(data, test, ruleA, ruleB, n) {
  const found = [];
  for (const up of data.models)
    for (const down of data.models) {
      const [a, b] = [ruleA, ruleB].map((rule) => versus(data, test, rule, up, down, n));
      if (a.clear && b.clear && a.lead < 0 && b.lead > 0) found.push({ up, down, apart: b.lead - a.lead });
    }
  return found.sort((x, y) => y.apart - x.apart);
}

/** The test whose table tumbles best from the first rule to another: most pairs reversed, then most turned around. */
export function telling(data) {
  const [first, ...others] = data.rules;
  const score = ({ id }) =>
    Math.max(
      ...others.map((rule) => {
        const turned = swaps(league(data, id, first), league(data, id, rule));
        return 1000 * reversals(data, id, first, rule).length + turned;
      }),
    );
  const scores = data.tests.map(score);
  return data.tests[scores.indexOf(Math.max(...scores))].id;
}

/** The rule that turns most pairs around against the first, beyond chance; the first if none does. */
export function upset(data, test) {
  const count = (rule) => reversals(data, test, data.rules[0], rule).length;
  return data.rules.reduce((best, rule) => (count(rule) > count(best) ? rule : best), data.rules[0]);
}

/** The share that a guesser gets of a test; pooled, the mean over the tests. */
export function chance(data, test) {
  const each = data.tests.filter(({ id }) => test === ALL || id === test).map(({ options }) => 1 / options);
  return each.reduce((a, b) => a + b, 0) / each.length;
}

/** What is above guessing, as a share of what could be: 0 for a guesser, 1 for all right. */
export const aboveChance = (share, guess) => (share - guess) / (1 - guess);
