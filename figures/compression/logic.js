// What the compression figure reads out of the recording: one entry as each size of model remembers it, the
// register as a picture of facts, what survives at each size, and which sentence the recording bears out.
// No page here.

export const VERDICTS = { r: "right", a: "another", n: "nobody", "-": "missing" };

/** One resident's entry as one size has it: [{ fact, value, truth, verdict, owners }], value null where there is none. */
export function entry(data, who, size) {
  const person = data.people[who];
  const found = person.remembered[size];
  return data.facts.map((fact, i) => ({
    fact,
    value: found.values[i],
    truth: person.truth[i],
    verdict: VERDICTS[found.verdicts[i]],
    owners: found.owners[i],
  }));
}

/** How many of an entry's facts have a verdict. */
export const tally = (rows, verdict) => rows.filter((row) => row.verdict === verdict).length;

/** Whether what a size writes for a resident has all fields of an entry. */
export const inForm = (rows) => rows.every((row) => row.verdict !== "missing");

/** The register as a picture: [{ who, fact, verdict }], resident by resident in the register's order. */
export const cells = (data, size) =>
  data.mosaic[size].flatMap((signs, who) => [...signs].map((sign, fact) => ({ who, fact, verdict: VERDICTS[sign] })));

/** Mean and range of some numbers. */
export function spread(values) {
  return {
    mean: values.reduce((a, b) => a + b, 0) / values.length,
    low: Math.min(...values),
    high: Math.max(...values),
  };
}

export const ofSize = (data, size) => data.models.filter((m) => m.size === size);
const facts = (data) => data.residents * data.facts.length;
const NAMES = { right: "right", another: "another's", nobody: "nobody's", missing: "missing" };

/** The share of all facts of the register that have a verdict at a size, over the towns. */
export const share = (data, size, verdict) =>
  spread(ofSize(data, size).map((m) => m.counts[NAMES[verdict]] / facts(data)));

/** The share of the entries that have all fields. */
export const form = (data, size) => spread(ofSize(data, size).map((m) => m.in_form / data.residents));

/** Of the values that are wrong, the share that is true of another resident; null where nothing is wrong. */
export function neighbors(data, size) {
  const sum = (name) => ofSize(data, size).reduce((n, m) => n + m.counts[name], 0);
  const [others, nobodys] = [sum("another's"), sum("nobody's")];
  return others + nobodys ? others / (others + nobodys) : null;
}

/** Bits of an entry's facts that survive, of those that all facts have. */
export const keptBits = (data, size) =>
  spread(ofSize(data, size).map((m) => Object.values(m.kept_bits).reduce((a, b) => a + b, 0)));
export const allBits = (data) => Object.values(data.blind_bits).reduce((a, b) => a + b, 0);

/** Bytes of a model's file at two bytes a parameter, as the shipped models are kept. */
export const bytes = (data, size) => 2 * data.parameters[size];

/** The place of the size nearest to a number of parameters, by ratio. */
export function nearest(list, wanted) {
  const off = (x) => Math.abs(Math.log(x) - Math.log(Math.max(Number(wanted) || 0, 1e-9)));
  return list.reduce((best, x, i) => (off(x) < off(list[best]) ? i : best), 0);
}

/** 73,728 -> "74k", 2,100,000 -> "2.1M". */
export const short = (n) => (n < 999_500 ? `${Math.round(n / 1000)}k` : `${(n / 1e6).toFixed(1)}M`);

/**
 * The resident whose entry shows the point best: the largest model has all facts right, some smaller one writes a whole
 * entry with as many wrong as possible, each true of somebody else, and between them are as many steps as possible.
 */
export function telling(data) {
  const score = (_, who) => {
    const sizes = data.parameters.map((__, size) => entry(data, who, size));
    const whole = sizes.filter((rows) => rows.every((row) => row.verdict === "right" || row.verdict === "another"));
    const lost = Math.max(0, ...whole.map((rows) => tally(rows, "another")));
    return 10 * tally(sizes[0], "right") + 2 * lost + new Set(whole.map((rows) => tally(rows, "right"))).size;
  };
  const scores = data.people.map(score);
  return scores.indexOf(Math.max(...scores));
}

/**
 * What the recording bears out, with `room` for noise:
 *   facts      the share of right facts never rises from one size to the next smaller, and falls in all
 *   form       somewhere nearly all entries have their form while at most half of the facts are right
 *   neighbors  there, nearly all wrong values are true of another resident
 * `at` is the largest size where form is whole and facts are lost, or -1.
 */
export function finding(data, room = 0.05) {
  const right = data.parameters.map((_, size) => share(data, size, "right").mean);
  const at = right.findIndex((v, size) => v <= 0.5 && form(data, size).mean >= 0.9);
  return {
    facts: right.every((v, i) => i === 0 || v <= right[i - 1] + room) && right[0] > right.at(-1) + room,
    form: at >= 0,
    neighbors: at >= 0 && neighbors(data, at) >= 0.9,
    at,
    right,
  };
}
