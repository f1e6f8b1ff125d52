// Everything the panels share: the pairs, whose labels count, the reader's shift with its clock, and the model fitted to the labels.
import { doublings, fit, marksSeen, pace, readReply, row } from "./logic.js";

export const WORKERS = ["you", "careful", "hurried", "tavern"];
const among = (x, list) => (list.includes(x) ? x : list[0]);
const bounded = (x, low, high) =>
  Math.round(Math.min(high, Math.max(low, Number.isFinite(Number(x)) ? Number(x) : low)));

export class Office {
  constructor(model, fig, recording) {
    Object.assign(this, { fig, workers: recording.workers });
    this.pairs = recording.pairs.map((p) => ({ ...p, a: readReply(p.a), b: readReply(p.b) }));
    this.pool = recording.pool.map((q) => ({ ...q, replies: q.replies.map(readReply) }));
    this.sizes = { of: this.pairs.length, questions: this.pool.length, replies: this.pool[0].replies.length };
    this.who = among(String(fig.get("who", "you")), WORKERS);
    this.given = bounded(fig.get("given", this.sizes.of), 0, this.sizes.of); // labels of a simulated labeler that count
    this.see = among(String(fig.get("see", "register")), ["register", "page"]);
    this.steps = doublings(this.sizes.replies);
    const n = Number(fig.get("n", 1)) || 1;
    this.step = this.steps.reduce((best, s, i) => (Math.abs(s - n) < Math.abs(this.steps[best] - n) ? i : best), 0);
    this.question = bounded(fig.get("question", 0), 0, this.sizes.questions - 1);
    /** What a link or a notebook asked for: folds that hold it stand open. */
    this.asked = Object.fromEntries(
      ["who", "given", "see", "n", "question"].map((k) => [k, fig.get(k, null) !== null]),
    );
    this.openShift(model.get("labels"));
  }

  get you() {
    return this.who === "you";
  }
  set(key, value) {
    this[key] = value;
    this.fig.set(key, value);
  }

  // ---------------------------------------------------------------- the reader's shift

  /** phase: "idle" before it, "on", "paused", "over" (the time is up, the desk stays open). `labels`: earlier choices, from a notebook. */
  openShift(labels) {
    this.mine = []; // { pair: number, pickedA, looked, timed }
    for (const [i, picked] of Array.isArray(labels) ? labels : []) {
      if (this.pairs[i]) this.mine.push({ pair: i, pickedA: !!picked, looked: false, timed: false });
    }
    this.at = this.mine.length ? Math.max(...this.mine.map((l) => l.pair)) + 1 : 0; // the pair on the desk
    Object.assign(this, { phase: "idle", spent: 0, since: 0, lookedUp: false, feedback: "", limit: this.limit ?? 2 }); // milliseconds; the limit in minutes
    this.reckon();
  }

  get pair() {
    return this.pairs[this.at];
  }
  get left() {
    return this.at < this.pairs.length;
  }
  get open() {
    return this.you && (this.phase === "on" || this.phase === "over") && this.left;
  }
  get elapsed() {
    return this.spent + (this.phase === "on" ? performance.now() - this.since : 0);
  }
  get timed() {
    return this.mine.filter((l) => l.timed).length;
  }
  /** Labels an hour, as of the last label or the end of the shift; the same wherever it is shown. */
  get rate() {
    return pace(this.worked.labels, this.worked.ms);
  }
  get looked() {
    return this.mine.filter((l) => l.looked).length;
  }
  reckon() {
    this.worked = { labels: this.timed, ms: this.elapsed };
  }
  get timeIsUp() {
    return this.limit > 0 && this.elapsed >= this.limit * 60_000;
  }

  start() {
    Object.assign(this, { phase: "on", since: performance.now() });
  }
  /** Stop the clock, and let it be started again. */
  stand() {
    Object.assign(this, { spent: this.elapsed, phase: "paused" });
  }
  end() {
    Object.assign(this, { spent: this.limit * 60_000, phase: "over" });
    this.reckon();
  }

  choose(pickedA) {
    this.mine.push({ pair: this.at, pickedA, looked: this.lookedUp, timed: this.phase === "on" });
    if (this.phase === "on") this.reckon();
    this.report();
  }
  next() {
    this.at += 1;
    this.lookedUp = false;
    if (this.left || this.phase !== "on") return;
    this.stand();
    this.phase = "over";
  }
  /** The last choice is taken back; false where there is none. */
  takeBack() {
    const last = this.mine.pop();
    if (!last) return false;
    Object.assign(this, { at: last.pair, lookedUp: last.looked, feedback: "" });
    if (this.phase === "over" && !this.timeIsUp) this.phase = "paused";
    this.reckon();
    this.report();
    return true;
  }
  beginAnew() {
    this.openShift([]);
    this.report();
  }
  /** In a notebook the reader's choices are the widget's `labels` and `seconds`; a page keeps them to itself. */
  report() {
    this.fig.set(
      "labels",
      this.mine.map((l) => [l.pair, l.pickedA ? 1 : 0]),
    );
    this.fig.set("seconds", Math.round(this.elapsed / 100) / 10);
  }

  // ---------------------------------------------------------------- the labels that count, and their model

  get labels() {
    const all = this.you
      ? this.mine
      : this.workers[this.who].slice(0, this.given).map((picked, i) => ({ pair: i, pickedA: !!picked }));
    return all.map((l) => ({ ...l, number: l.pair, pair: this.pairs[l.pair] }));
  }
  /** The Bradley-Terry model of the labels: { names of the marks, rows, weights, sd }. */
  fitted() {
    const names = marksSeen(this.see);
    const rows = this.labels.map((l) => row(l.pair, l.pickedA, names));
    return { names, rows, ...fit(rows, names.length) };
  }
}
