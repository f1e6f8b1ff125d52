import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as m from "./logic.js";

const recording = JSON.parse(
  readFileSync(new URL("../../glassbox/recordings/moderation_desk.json", import.meta.url), "utf8"),
);

/** A curve of shares stopped: `share` up to and with step `last`, then none. */
const until = (last, share = 1) => [...Array(m.STEPS + 1).keys()].map((step) => (step <= last ? share : 0));
const message = (group, score) => ({ text: `${group} ${score}`, group, score: { plain: score } });
const SMALL = {
  seeds: [0, 1],
  each: 10,
  filters: ["plain"],
  messages: [
    message("fine-harbor", 0.6),
    message("fine-harbor", 0.1),
    message("fine-uptown", 0.3),
    message("rude-harbor", 0.9),
    message("rude-uptown", 0.4),
    message("rude-uptown", 0.5),
  ],
  curves: {
    plain: {
      "fine-harbor": [until(60, 0.4), until(70, 0.2)],
      "fine-uptown": [until(60, 0.2), until(40, 0.1)],
      "rude-harbor": [until(90), until(95)],
      "rude-uptown": [until(50), until(90)],
    },
  },
};
const changed = (change) => {
  const copy = structuredClone(SMALL);
  change(copy.curves.plain, copy);
  return copy;
};

test("a threshold stops what has its score or more", () => {
  assert.deepEqual(
    [0.49, 0.5, 0.51].map((score) => m.stops(score, 50)),
    [false, true, true],
  );
  assert.ok(m.stops(0, 0));
  assert.ok(!m.stops(0.999, 100));
});

test("a mistake is a fine message stopped or a rude one let through", () => {
  assert.deepEqual([m.mistaken("fine", true), m.mistaken("fine", false)], [true, false]);
  assert.deepEqual([m.mistaken("rude", true), m.mistaken("rude", false)], [false, true]);
});

test("a group by rising score, with what became of each message", () => {
  const [harbor] = m.GROUPS;
  assert.deepEqual(m.sorted(SMALL, "plain", harbor, 50), [
    { text: "fine-harbor 0.1", score: 0.1, stopped: false, wrong: false },
    { text: "fine-harbor 0.6", score: 0.6, stopped: true, wrong: true },
  ]);
  assert.deepEqual(m.counts(SMALL, "plain", 50), {
    "fine-harbor": [1, 2],
    "fine-uptown": [0, 1],
    "rude-harbor": [1, 1],
    "rude-uptown": [1, 2],
  });
});

test("a mistake is shown before a message that is nearer, and without one the nearest", () => {
  const [harbor] = m.GROUPS;
  assert.equal(m.nearest(m.sorted(SMALL, "plain", harbor, 20), 20).score, 0.6);
  assert.equal(m.nearest(m.sorted(SMALL, "plain", harbor, 70), 70).score, 0.6);
  assert.equal(m.nearest(m.sorted(SMALL, "plain", harbor, 100), 0).score, 0.1);
});

test("marks of the same score stand on one another", () => {
  const places = m.stacked([{ score: 0 }, { score: 0.01 }, { score: 0.5 }, { score: 1 }], 10);
  assert.deepEqual(
    places.map(({ y }) => y),
    [0, 1, 0, 0],
  );
  assert.ok(places.every(({ x }) => x > 0 && x < 1));
});

test("shares are means over the draws with their range", () => {
  const { mean, low, high } = m.share(SMALL, "plain", "fine-harbor", 60);
  assert.ok(Math.abs(mean - 0.3) < 1e-12);
  assert.deepEqual([low, high], [0.2, 0.4]);
  const { silenced, through } = m.errors(SMALL, "plain", 45);
  assert.ok(Math.abs(silenced - 0.2) < 1e-12 && through === 0);
});

test("the sentence says what the curves bear out", () => {
  const found = m.finding(SMALL, "plain");
  assert.equal(found.loses, "harbor");
  assert.equal(found.clean, false);
  assert.equal(found.best, 41); // from here on uptown's second draw loses nobody; the rude ones are all stopped still
  assert.deepEqual([found.from, found.to], [0, 70]);
  const swapped = m.finding(
    changed((c) => {
      [c["fine-harbor"], c["fine-uptown"]] = [c["fine-uptown"], c["fine-harbor"]];
    }),
    "plain",
  );
  assert.equal(swapped.loses, "uptown");
  const undecided = m.finding(
    changed((c) => {
      c["fine-uptown"][1] = until(70, 0.3); // in the second draw uptown loses more
    }),
    "plain",
  );
  assert.equal(undecided.loses, null);
  const clean = m.finding(
    changed((c) => {
      for (const dialect of m.DIALECTS) c[`fine-${dialect}`] = [until(30), until(30)];
    }),
    "plain",
  );
  assert.deepEqual([clean.clean, clean.best], [true, 31]);
});

test("links name any number", () => {
  assert.deepEqual(
    ["40", "40.6", 7, -3, "999", "x", "", null].map((wanted) => m.parseStep(wanted, 50)),
    [40, 41, 7, 0, 100, 50, 50, 50],
  );
});

test("the recording has messages in all four groups, a score from every filter, and whole curves that fall", () => {
  for (const { id } of m.GROUPS) {
    const messages = recording.messages.filter((message) => message.group === id);
    assert.ok(messages.length >= 10, id);
    for (const { text, score } of messages) {
      assert.ok(text.trim());
      for (const filter of recording.filters) assert.ok(score[filter] >= 0 && score[filter] <= 1, text);
    }
    for (const filter of recording.filters) {
      const curves = recording.curves[filter][id];
      assert.equal(curves.length, recording.seeds.length);
      for (const curve of curves) {
        assert.equal(curve.length, m.STEPS + 1);
        assert.equal(curve[0], 1); // from 0% on everything is stopped
        assert.ok(curve.every((share, i) => share >= 0 && share <= 1 && (i === 0 || share <= curve[i - 1])));
      }
    }
  }
});

test("the desk can go wrong both ways: the figure has something to show", () => {
  const [filter] = recording.filters;
  const steps = [...Array(m.STEPS + 1).keys()];
  const wrong = steps.map((step) => {
    const now = m.counts(recording, filter, step);
    const silenced = now["fine-harbor"][0] + now["fine-uptown"][0];
    const through = ["rude-harbor", "rude-uptown"].reduce((sum, id) => sum + now[id][1] - now[id][0], 0);
    return [silenced, through];
  });
  assert.ok(wrong.some(([silenced, through]) => silenced > through));
  assert.ok(wrong.some(([silenced, through]) => through > silenced));
});
