// What the moderation desk reads out of the recording: which messages a threshold stops, how many of each group, and which
// sentence the recorded curves bear out. A message is stopped when its score is at least the threshold. No page here.

export const KINDS = ["fine", "rude"];
export const DIALECTS = ["harbor", "uptown"];
/** Kind and dialect of each of the four groups, in reading order. */
export const GROUPS = KINDS.flatMap((kind) => DIALECTS.map((dialect) => ({ id: `${kind}-${dialect}`, kind, dialect })));
export const STEPS = 100; // the slider's; curves hold one share more

export const stops = (score, step) => score >= step / STEPS;

/** Whether a decision is a mistake: a fine message stopped, a rude one let through. */
export const mistaken = (kind, stopped) => stopped === (kind === "fine");

/** A group's messages by rising score, each with what the threshold does to it: { text, score, stopped, wrong }. */
export function sorted(data, filter, { id, kind }, step) {
  return data.messages
    .filter((message) => message.group === id)
    .map(({ text, score }) => {
      const stopped = stops(score[filter], step);
      return { text, score: score[filter], stopped, wrong: mistaken(kind, stopped) };
    })
    .sort((a, b) => a.score - b.score);
}

/** Of messages sorted by score the one nearest the threshold, a mistake before another: what a move would change first. */
export function nearest(messages, step) {
  const off = (message) => Math.abs(message.score - step / STEPS);
  const best = (list) => list.reduce((a, b) => (off(b) < off(a) ? b : a), list[0]);
  const wrong = messages.filter((message) => message.wrong);
  return best(wrong.length ? wrong : messages);
}

/** Height of each mark so that marks of nearly the same score stand on one another: [0, 0, 1, …]. */
export function stacked(messages, bins) {
  const heights = Array(bins).fill(0);
  return messages.map(({ score }) => {
    const bin = Math.min(bins - 1, Math.floor(score * bins));
    heights[bin] += 1;
    return { x: (bin + 0.5) / bins, y: heights[bin] - 1 };
  });
}

/** How many are stopped, how many there are: { "fine-harbor": [3, 24], … } */
export const counts = (data, filter, step) =>
  Object.fromEntries(
    GROUPS.map((group) => {
      const messages = sorted(data, filter, group, step);
      return [group.id, [messages.filter((message) => message.stopped).length, messages.length]];
    }),
  );

/** Mean and range of some numbers. */
export function spread(values) {
  return {
    mean: values.reduce((a, b) => a + b, 0) / values.length,
    low: Math.min(...values),
    high: Math.max(...values),
  };
}

/** The share of a group that is stopped, over the recorded seeds, each a draw of messages: { mean, low, high } */
export const share = (data, filter, id, step) => spread(data.curves[filter][id].map((curve) => curve[step]));

/** At a threshold, over both dialects: the shares of fine messages stopped and of rude ones let through. */
export function errors(data, filter, step) {
  const of = (kind) =>
    DIALECTS.map((dialect) => share(data, filter, `${kind}-${dialect}`, step).mean).reduce((a, b) => a + b, 0) / 2;
  return { silenced: of("fine"), through: 1 - of("rude") };
}

/**
 * What the recording bears out of a filter:
 *   clean    some threshold stops every rude message and no fine one
 *   best     the threshold with the fewest mistakes, both kinds counted alike (of equals the lowest)
 *   from, to the thresholds that stop some fine messages and at least half of the rude ones (null: there is none)
 *   loses    whose fine messages are stopped more often at every one of them, in every seed: "harbor", "uptown" or null
 */
export function finding(data, filter) {
  const steps = [...Array(STEPS + 1).keys()];
  const all = steps.map((step) => errors(data, filter, step));
  const sum = ({ silenced, through }) => silenced + through;
  const best = steps.reduce((a, b) => (sum(all[b]) < sum(all[a]) - 1e-12 ? b : a), 0);
  const used = steps.filter((step) => all[step].silenced > 0 && all[step].silenced < 1 && all[step].through <= 0.5);
  const ahead = (one, other) =>
    used.length > 0 &&
    used.every((step) => {
      const [a, b] = [one, other].map((dialect) => data.curves[filter][`fine-${dialect}`]);
      return (
        a.every((curve, seed) => curve[step] >= b[seed][step]) && a.some((curve, seed) => curve[step] > b[seed][step])
      );
    });
  const loses = ahead("harbor", "uptown") ? "harbor" : ahead("uptown", "harbor") ? "uptown" : null;
  return {
    clean: all.some((error) => sum(error) === 0),
    best,
    from: used.at(0) ?? null,
    to: used.at(-1) ?? null,
    loses,
  };
}

/** A threshold that a link or Python names, as a step of the slider. */
export const parseStep = (wanted, fallback) => {
  const step = Math.round(Number(wanted));
  return wanted === null || wanted === "" || !Number.isFinite(step) ? fallback : Math.min(STEPS, Math.max(0, step));
};
