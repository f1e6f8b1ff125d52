// Who works when, if a model is cut into stages and a batch into pieces (micro-batches): the schedules of
// glassbox/scale/pipeline.py, what waiting costs, and what a stage keeps in memory. No page here.

/** The numbers of pieces that the figure offers. */
export const PIECES = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
export const STAGES = [2, 4, 8];
export const KINDS = ["gpipe", "1f1b"];
export const CHIPS = 1000; // what the price is told for

/** The passes of one stage in their order: [[work, piece], ...]. */
export function order(kind, stage, stages, pieces) {
  const first = kind === "gpipe" ? pieces : Math.min(stages - 1 - stage, pieces);
  const passes = Array.from({ length: first }, (_, i) => ["forward", i]);
  for (let i = 0; i < pieces; i++) {
    if (first + i < pieces) passes.push(["forward", first + i]);
    passes.push(["backward", i]);
  }
  return passes;
}

/** Every pass of one step: [{ stage, piece, work, start, end }], sorted by start and stage. */
export function schedule(kind, stages, pieces, takes = { forward: 1, backward: 2 }) {
  const waiting = Array.from({ length: stages }, (_, s) => order(kind, s, stages, pieces));
  const free = Array(stages).fill(0);
  const done = new Map();
  const slots = [];
  while (waiting.some((passes) => passes.length)) {
    waiting.forEach((passes, stage) => {
      while (passes.length) {
        const [work, piece] = passes[0];
        const arrived = arrival(done, stage, stages, work, piece);
        if (arrived === undefined) return;
        passes.shift();
        const start = Math.max(free[stage], arrived);
        free[stage] = start + takes[work];
        done.set(`${stage} ${work} ${piece}`, free[stage]);
        slots.push({ stage, piece, work, start, end: free[stage] });
      }
    });
  }
  return slots.sort((a, b) => a.start - b.start || a.stage - b.stage);
}

/** When what a pass needs is there; undefined if that has not run yet. */
function arrival(done, stage, stages, work, piece) {
  if (work === "forward") return stage ? done.get(`${stage - 1} forward ${piece}`) : 0;
  if (stage === stages - 1) return done.get(`${stage} forward ${piece}`);
  return done.get(`${stage + 1} backward ${piece}`);
}

export const length = (slots) => Math.max(...slots.map((slot) => slot.end));
export const ofStage = (slots, stage) => slots.filter((slot) => slot.stage === stage);
const stagesOf = (slots) => Math.max(...slots.map((slot) => slot.stage)) + 1;

/** The share of all stages' time in which they wait. */
export function bubble(slots) {
  const worked = slots.reduce((sum, slot) => sum + slot.end - slot.start, 0);
  return 1 - worked / (stagesOf(slots) * length(slots));
}

/** (p - 1) / (m + p - 1). */
export const predicted = (stages, pieces) => (stages - 1) / (pieces + stages - 1);

/** How long a step takes, as a share of the time for the same batch in one piece. */
export const span = (slots, pieces) => length(slots) / pieces / length(schedule("gpipe", stagesOf(slots), 1));

/** The most pieces that each stage keeps: gone forward, not yet back. */
export function held(slots) {
  return Array.from({ length: stagesOf(slots) }, (_, stage) => {
    let [now, most] = [0, 0];
    for (const slot of ofStage(slots, stage)) {
      now += slot.work === "forward" ? 1 : -1;
      most = Math.max(most, now);
    }
    return most;
  });
}

/** The moments at which something begins or ends, from 0 to the end. */
export const moments = (slots) => [...new Set(slots.flatMap((slot) => [slot.start, slot.end]))].sort((a, b) => a - b);

/** What each stage does from a moment on: its slot, or null where it waits. */
export const doing = (slots, time) =>
  Array.from({ length: stagesOf(slots) }, (_, stage) => {
    return ofStage(slots, stage).find((slot) => slot.start <= time && time < slot.end) ?? null;
  });

/** Dollars an hour for a number of chips, and those of them that pay for waiting. */
export function bill(share, price, chips = CHIPS) {
  return { all: chips * price, wasted: chips * price * share };
}

/** The place in a list of the number nearest to a wanted one. */
export function nearest(list, wanted) {
  const off = (x) => Math.abs(x - (Number(wanted) || 0));
  return list.reduce((best, x, i) => (off(x) < off(list[best]) ? i : best), 0);
}
