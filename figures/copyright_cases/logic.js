// The case timeline: dates on an axis, filters, orders, and what the decisions shown come to. No page here.
// cases.json is the data; _ext/cases.py writes the same entries as a plain list for readers without JavaScript.

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** "2025-06-23" -> "June 23, 2025"; "2025-06" -> "June 2025"; "2025" -> "2025". */
export function dateText(date) {
  const [year, month, day] = date.split("-");
  return day ? `${MONTHS[month - 1]} ${+day}, ${year}` : month ? `${MONTHS[month - 1]} ${year}` : year;
}

/** A date as a year with a fraction; a month or a year alone stands at its middle. */
export function yearOf(date) {
  const [year, month, day] = date.split("-").map(Number);
  if (!month) return year + 0.5;
  return year + (month - 1 + (day ? (day - 0.5) / 31 : 0.5)) / 12;
}

/** The years that an axis must cover, whole. */
export function span(data) {
  const years = data.cases.flatMap((c) => c.events.map((e) => yearOf(e.date))).concat(yearOf(data.as_of));
  return [Math.floor(Math.min(...years)), Math.ceil(Math.max(...years))];
}

export const place = (date, [low, high]) => (yearOf(date) - low) / (high - low);

/** The entries that every chosen filter lets through; an empty filter lets all through. */
export const filtered = (cases, { place: where = "", question = "", status = "" }) =>
  cases.filter(
    (c) =>
      (!where || c.place === where) &&
      (!question || c.questions.includes(question)) &&
      (!status || c.status === status),
  );

/** For each value of one filter how many entries are left with it, the other filters as they are. */
export function counts(data, chosen, key) {
  const ids = { place: data.places, question: data.questions, status: data.statuses }[key].map((v) => v.id);
  return Object.fromEntries(ids.map((id) => [id, filtered(data.cases, { ...chosen, [key]: id }).length]));
}

const first = (c) => yearOf(c.events[0].date);
const last = (c) => yearOf(c.events.at(-1).date);

/** Entries in groups: by place, in the data's order and then by their beginning; or as one group, the newest event first. */
export function ordered(data, cases, order) {
  if (order === "latest") return [{ id: "", label: "", cases: [...cases].sort((a, b) => last(b) - last(a)) }];
  return data.places
    .map(({ id, label }) => ({
      id,
      label,
      cases: cases.filter((c) => c.place === id).sort((a, b) => first(a) - first(b)),
    }))
    .filter((g) => g.cases.length);
}

/** What the latest decisions of the cases (not of statutes and reports) come to, by whom they favored. */
export function tally(cases) {
  const out = { user: 0, owner: 0, split: 0, author: 0, "no-author": 0, none: 0 };
  for (const c of cases) if (c.kind === "case") out[c.leans] += 1;
  return out;
}

/** Whom a decision about training may favor, in the order of the buttons. */
export const SIDES = ["user", "owner", "split"];

/** Cases about training on works that have a decision: those that the reader judges. */
export const decidedTraining = (data) =>
  data.cases.filter((c) => c.kind === "case" && c.questions.includes("training") && SIDES.includes(c.leans));

export const agreed = (c, side) => c.leans === side;

/** Cases about training on works, and what each of their latest decisions came to: the sentence under the figure. */
export function finding(data) {
  const training = data.cases.filter((c) => c.kind === "case" && c.questions.includes("training"));
  const now = tally(training);
  return {
    n: training.length,
    decided: training.length - now.none,
    ...now,
    places: new Set(training.map((c) => c.place)).size,
  };
}
