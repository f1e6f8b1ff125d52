// What the dividend desk computes: who is paid by which rule, and what changes when some poets leave. A town holds its
// poets, in order, and `worth`: for every group, written as the sorted places of its poets ("024"), what a model that
// has read their archives saves, in bits a poem. The same rules are in glassbox/society/dividends.py. No page here.

export const POT = 100; // dollars, if nobody leaves
export const RULES = ["length", "equal", "missing", "shapley"];

const places = (town) => town.poets.map((_, i) => i);
const named = (group) => [...group].sort((a, b) => a - b).join("");

/** What a group of poets, given by their places, is worth. */
export const worthOf = (town, group) => town.worth[named(group)];

/** What each of `inside` adds, averaged over all orders in which these could have come: { place: bits }. */
export function shapley(town, inside) {
  const values = Object.fromEntries(inside.map((i) => [i, 0]));
  const walk = (group, rest, share) => {
    for (const next of rest) {
      const larger = [...group, next];
      const part = share / rest.length;
      values[next] += part * (worthOf(town, larger) - worthOf(town, group));
      walk(
        larger,
        rest.filter((i) => i !== next),
        part,
      );
    }
  };
  walk([], inside, 1);
  return values;
}

/** What would be missing from `inside` without each of them: { place: bits }. */
export const missing = (town, inside) =>
  Object.fromEntries(
    inside.map((i) => [
      i,
      worthOf(town, inside) -
        worthOf(
          town,
          inside.filter((j) => j !== i),
        ),
    ]),
  );

/** The dollars to share among those who stay: a bit saved keeps its price, so the pot shrinks with the model's worth. */
export function pot(town, inside) {
  const all = worthOf(town, places(town));
  return all > 0 ? (POT * Math.max(0, worthOf(town, inside))) / all : 0;
}

/** Who is paid what by a rule, in dollars, in the poets' order; null for those who have left. */
export function paid(town, rule, inside) {
  const weights = {
    equal: () => Object.fromEntries(inside.map((i) => [i, 1])),
    length: () => Object.fromEntries(inside.map((i) => [i, town.poets[i].words])),
    missing: () => missing(town, inside),
    shapley: () => shapley(town, inside),
  }[rule]();
  const positive = inside.map((i) => Math.max(0, weights[i]));
  const total = positive.reduce((a, b) => a + b, 0);
  const dollars = pot(town, inside);
  return places(town).map((i) => {
    const at = inside.indexOf(i);
    if (at < 0) return null;
    return total > 0 ? (dollars * positive[at]) / total : dollars / inside.length;
  });
}

/** Who gains most in dollars when some have left, by the same rule: { place, gain }, or null if nobody gains. */
export function gainer(town, rule, inside) {
  const [before, after] = [paid(town, rule, places(town)), paid(town, rule, inside)];
  const gains = inside.map((i) => ({ place: i, gain: after[i] - before[i] }));
  const best = gains.reduce((a, b) => (b.gain > a.gain ? b : a), { gain: Number.NEGATIVE_INFINITY });
  return best.gain > 0.5 ? best : null;
}

/** The place of the poet with a habit. */
export const who = (town, habit) => town.poets.findIndex((poet) => poet.habit === habit);

/** The rule that a link names, or the first. */
export const ruleOf = (wanted) => (RULES.includes(wanted) ? wanted : RULES[0]);

/** The places that a link leaves in: "134" without the poets 1, 3 and 4. At least one stays. */
export function staying(town, out) {
  const gone = new Set([...String(out)].filter((c) => /\d/.test(c)).map(Number));
  const inside = places(town).filter((i) => !gone.has(i));
  return inside.length ? inside : places(town);
}

/** How those who left are written in a link; "none" if nobody did. */
export const leaving = (town, inside) => named(places(town).filter((i) => !inside.includes(i))) || "none";

export const dollars = (x) => `$${x < 0.5 && x > 0.005 ? x.toFixed(1) : Math.round(x)}`;
export const percent = (x) => `${Math.round(100 * x)}%`;
