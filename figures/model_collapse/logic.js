// What the copying game reads out of the recording: which facts a generation still tells, how it fills in the town's page,
// and which sentence the recording bears out. No page here.

/** The diets that the boards show, in this order. */
export const BOARDS = ["own", "cautious", "mixed", "accumulated"];

/** The first seed is the one that is shown; its generations have pages and lamps. */
export const generations = (data, diet) => data.runs[diet][0];
export const last = (data) => data.runs.own[0].length - 1;

/** The generation nearest to what was asked for; the first for what is no number. */
export function nearest(data, wanted) {
  const n = Math.round(Number(wanted));
  return Number.isFinite(n) ? Math.min(Math.max(n, 0), last(data)) : 0;
}

/** A diet that was recorded and is shown, or the first. */
export const dietOf = (wanted) => (BOARDS.includes(wanted) ? wanted : BOARDS[0]);

/** A lamp for every fact of the town's first text, those told most often first: [{ lit, times }]. */
export const lamps = (data, row) => data.times.map((times, i) => ({ times, lit: row.told[i] === "1" }));

export const countLit = (row) => [...row.told].filter((c) => c === "1").length;

/** The page as a generation fills it in: [{ stem, value, truth, manner, times, reply, right }]. */
export const pageOf = (data, row) =>
  data.page.map((line, i) => {
    const reply = row.page[i].trim();
    return { ...line, reply, right: `${line.stem} ${reply}` === line.truth };
  });

export const countRight = (page) => page.filter((line) => line.right).length;

/** One measure of all seeds at a generation: { mean, low, high }. */
export function over(data, diet, key, generation) {
  const all = data.runs[diet].map((seed) => seed[generation][key]);
  return { mean: all.reduce((a, b) => a + b, 0) / all.length, low: Math.min(...all), high: Math.max(...all) };
}

/**
 * What holds in every seed, or null: of the facts that generation 0 told, those left to the last one that reads its like alone
 * (`own`) and to the one that reads all there ever was (`kept`), as shares.
 */
export function finding(data) {
  const end = last(data);
  const left = (diet) => data.runs[diet].map((seed) => seed[end].facts / seed[0].facts);
  const [own, kept] = [left("own"), left("accumulated")];
  return own.every((share, i) => share < kept[i] - 0.1) ? { own: own[0], kept: kept[0] } : null;
}

export const percent = (p) => (p > 0 && p < 0.005 ? "<1%" : p > 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);

/** Ends of lines, moved apart so that their names can be read: [{ y, at }], `at` where the name stands, at most `lowest`. */
export function spread(ends, lowest, gap = 15) {
  const order = [...ends].sort((a, b) => a.y - b.y);
  for (const [i, one] of order.entries()) one.at = i ? Math.max(one.y, order[i - 1].at + gap) : one.y;
  const beyond = Math.max(0, order.at(-1).at - lowest);
  for (const one of order) one.at -= beyond;
  return ends;
}
