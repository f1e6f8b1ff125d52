import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as l from "./logic.js";

const DATA = JSON.parse(readFileSync(new URL("./cases.json", import.meta.url), "utf8"));
const entry = (id, where, status, questions, dates, leans = "none", kind = "case") => ({
  id,
  place: where,
  status,
  questions,
  leans,
  kind,
  events: dates.map((date) => ({ date, kind: "filed", what: "" })),
});
const SMALL = {
  as_of: "2025-06",
  places: [
    { id: "us", label: "United States" },
    { id: "cn", label: "China" },
  ],
  questions: [
    { id: "training", label: "Training" },
    { id: "copies", label: "Copies" },
  ],
  statuses: [
    { id: "open", label: "Open" },
    { id: "decided", label: "Decided" },
  ],
  cases: [
    entry("b", "us", "decided", ["training", "copies"], ["2023-05-01", "2025-02"], "owner"),
    entry("a", "us", "open", ["training"], ["2022", "2025-06"]),
    entry("c", "cn", "decided", ["copies"], ["2021-12-31"], "owner"),
    entry("d", "us", "decided", ["training"], ["2024-01"], "user", "statute"),
  ],
};

test("dates are written as exactly as they are known", () => {
  assert.deepEqual(["2025-06-03", "2025-06", "2025"].map(l.dateText), ["June 3, 2025", "June 2025", "2025"]);
});

test("dates lie in order, parts of dates in the middle of what they may mean", () => {
  assert.equal(l.yearOf("2024"), 2024.5);
  const days = ["2024-01-01", "2024-01", "2024-01-31", "2024-02-01", "2024-12-31", "2025-01-01"].map(l.yearOf);
  days.forEach((d, i) => assert.ok(i === 0 || d > days[i - 1], `${days}`));
  assert.ok(days.every((d) => d > 2024 && d < 2025.01));
});

test("the axis holds every event and the day of the list", () => {
  assert.deepEqual(l.span(SMALL), [2021, 2026]);
  const years = l.span(DATA);
  for (const c of DATA.cases)
    for (const e of c.events) {
      const x = l.place(e.date, years);
      assert.ok(x >= 0 && x <= 1, `${c.id} ${e.date}`);
    }
});

test("filters let through what fits all of them, and count what each choice would leave", () => {
  const ids = (chosen) => l.filtered(SMALL.cases, chosen).map((c) => c.id);
  assert.deepEqual(ids({}), ["b", "a", "c", "d"]);
  assert.deepEqual(ids({ question: "training", place: "us", status: "decided" }), ["b", "d"]);
  assert.deepEqual(ids({ question: "copies", place: "cn", status: "open" }), []);
  assert.deepEqual(l.counts(SMALL, { question: "copies", place: "", status: "decided" }, "place"), { us: 1, cn: 1 });
});

test("entries stand by place and beginning, or by their latest event", () => {
  const ids = (order) => l.ordered(SMALL, SMALL.cases, order).map((g) => g.cases.map((c) => c.id));
  assert.deepEqual(ids("place"), [["a", "b", "d"], ["c"]]);
  assert.deepEqual(ids("latest"), [["a", "b", "d", "c"]]);
  assert.deepEqual(
    l.ordered(SMALL, [SMALL.cases[2]], "place").map((g) => g.id),
    ["cn"],
  ); // no empty groups
});

test("the sentence counts cases, not statutes, and only those about training", () => {
  const { n, decided, owner, user } = l.finding(SMALL);
  assert.deepEqual({ n, decided, owner, user }, { n: 2, decided: 1, owner: 1, user: 0 });
});

test("the data: every filter's values are known, and nothing is lost between them", () => {
  for (const [key, values] of [
    ["place", DATA.places],
    ["status", DATA.statuses],
  ]) {
    const total = Object.values(l.counts(DATA, {}, key)).reduce((a, b) => a + b, 0);
    assert.equal(total, DATA.cases.length, key);
    assert.ok(DATA.cases.every((c) => values.some((v) => v.id === c[key])));
  }
  assert.equal(l.ordered(DATA, DATA.cases, "place").flatMap((g) => g.cases).length, DATA.cases.length);
});

test("the bench has the decided cases about training, no statutes, and only they count in the sentence", () => {
  const tried = l.decidedTraining(DATA);
  assert.equal(tried.length, l.finding(DATA).decided);
  for (const c of tried) {
    assert.ok(c.kind === "case" && c.questions.includes("training") && l.SIDES.includes(c.leans), c.id);
    // what is read before the decision must not tell it
    assert.ok(!c.about.includes(c.outcome) && c.decided && c.turned_on, c.id);
  }
  assert.deepEqual(
    l.decidedTraining(SMALL).map((c) => c.id),
    SMALL.cases
      .filter((c) => c.kind === "case" && c.questions.includes("training") && c.leans !== "none")
      .map((c) => c.id),
  );
  assert.ok(l.agreed({ leans: "owner" }, "owner") && !l.agreed({ leans: "owner" }, "user"));
});
