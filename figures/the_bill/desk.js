// What is counted, for which run, with which values of the unknowns, and what the reader has looked at.
import { bill, COUNTS, extremes, idle, inputs, nearest, RUNS, stops, tornado, UNKNOWNS } from "./logic.js";

export class Desk {
  constructor(fig) {
    this.fig = fig;
    this.count = one(fig.get("count", null), COUNTS);
    this.run = one(fig.get("run", null), Object.keys(RUNS));
    this.place = Object.fromEntries(UNKNOWNS.map((name) => [name, nearest(this.range(name), fig.get(name, null))]));
    this.detailed = ["run", ...UNKNOWNS].some((key) => fig.get(key, null) !== null);
    this.seen = new Set([this.count]);
  }

  get about() {
    return RUNS[this.run];
  }

  range(name) {
    return this.about.unknown[name];
  }

  value(name) {
    return stops(this.range(name))[this.place[name]];
  }

  /** The unknowns as they are set. */
  get set() {
    return Object.fromEntries(UNKNOWNS.map((name) => [name, this.value(name)]));
  }

  get inputs() {
    return inputs(this.about, this.set);
  }

  get bill() {
    return bill(this.inputs);
  }

  get rows() {
    return tornado(this.about, this.set, this.count);
  }

  get idle() {
    return idle(this.about, this.set, this.count);
  }

  get extremes() {
    return extremes(this.about, this.count);
  }

  /** The widest unknown for something counted. */
  widest(count) {
    return tornado(this.about, this.set, count)[0].name;
  }

  toMiddle() {
    for (const name of UNKNOWNS) this.place[name] = nearest(this.range(name), null);
  }
}

const one = (wanted, all) => (all.includes(wanted) ? wanted : all[0]);
