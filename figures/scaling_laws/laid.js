// The line that the reader lays through the runs: its ends, the floor taken off the loss, the runs that are in the fit.
import { random } from "../core/random.js";
import { mean } from "./chart.js";
import { AXES, beyond, interval, lawAt, powerLaw, refits, series, through } from "./logic.js";

const REFITS = 400;
const ENOUGH = 20; // fewer refits make no band
export const STEPS = 400; // of the sliders that move the line's ends
export const PRESETS = ["series", "all", "small", "upper"]; // choices of runs

export class LaidLine {
  constructor(fig, { recording, grid, larger, apart }) {
    const runs = [...grid, ...larger, ...apart];
    Object.assign(this, { fig, grid, larger, runs, more: [...larger, ...apart] }); // `more` is hidden until the reader asks
    this.most = Math.floor(970 * Math.min(...runs.map((r) => r.loss))) / 1000; // a floor must stay below every loss
    this.town = recording.floor > 0 && recording.floor <= this.most ? recording.floor : null;
    const axis = fig.get("axis", "n");
    this.axis = Object.hasOwn(AXES, axis) ? axis : "n";
    const floor = fig.get("floor", this.town ?? 0);
    this.floor = Number.isFinite(floor) ? Math.min(this.most, Math.max(0, floor)) : 0;
    this.shown = String(fig.get("shown", false)) === "true";
    const told = (key) => fig.get(key, null) !== null;
    this.tuned = ["axis", "floor", "off"].some(told); // a link or a page sets what is folded away
    // The fit is hidden until the reader commits to a line; a link that says nothing of it shows what it always showed.
    this.committed = told("committed")
      ? String(fig.get("committed", false)) === "true"
      : this.tuned || ["left", "right", "shown"].some(told);
    this.chosen = new Set(this.linked().map((r) => r.id));
    this.layFlat();
    const given = ["left", "right"].map((end) => Number(fig.get(end, Number.NaN)));
    this.moved = given.every((y) => y > this.floor && y < 100);
    if (this.moved) this.ends = given.map((y) => this.fromStep(Math.min(STEPS, Math.max(0, this.toStep(y)))));
  }

  /** The runs that a link leaves in the fit. */
  linked() {
    const off = this.fig.get("off", "");
    if (off === "none") return this.grid;
    const out = new Set(typeof off === "string" ? off.split(".") : []);
    return this.grid.some((r) => out.has(r.id)) ? this.grid.filter((r) => !out.has(r.id)) : this.preset("series");
  }

  x(r) {
    return r[AXES[this.axis]];
  }
  get reach() {
    const all = this.grid.map((r) => this.x(r));
    return [Math.min(...all), Math.max(...all)];
  }
  /** Of the runs kept apart those that the line foretells on this axis. */
  get ahead() {
    return beyond(this.grid, this.more, this.axis);
  }
  /** Larger runs that are only shown beside them. */
  get others() {
    const ids = new Set(this.ahead.map((r) => r.id));
    return ids.size && this.axis === "c" ? this.larger.filter((r) => !ids.has(r.id)) : [];
  }
  get heldX() {
    return this.ahead.length ? this.x(this.ahead[0]) : null;
  }
  get heldLoss() {
    return mean(this.ahead.map((r) => r.loss));
  }
  get points() {
    return this.grid.filter((r) => this.chosen.has(r.id)).map((r) => [this.x(r), r.loss]);
  }
  get mine() {
    const [from, to] = this.reach;
    return through([from, this.ends[0]], [to, this.ends[1]], this.floor);
  }

  /** The law of the chosen runs, and those of resamples with what they agree on; null and none where there are too few. */
  fit() {
    const { points, floor, axis } = this;
    const key = [axis, floor, ...this.chosen].join();
    if (key === this.fitted) return;
    this.fitted = key;
    this.law = new Set(points.map(([a]) => a)).size >= 3 ? powerLaw(points, floor) : null;
    this.laws = this.law ? refits(points, floor, random(11), REFITS) : [];
    const enough = this.laws.length > ENOUGH;
    this.slopes = enough ? interval(this.laws.map((l) => l.b)) : null;
    this.foretold = this.ahead.length && enough ? interval(this.laws.map((l) => lawAt(l, this.heldX))) : null;
  }

  // ---------------------------------------------------------------- the runs in the fit

  preset(name) {
    if (name === "all") return this.grid;
    const standard = series(this.grid, this.axis);
    return name === "series" ? standard : this.half(standard, name === "upper");
  }
  half(runs, upper) {
    const values = [...new Set(runs.map((r) => this.x(r)))].sort((a, b) => a - b);
    const middle = values[Math.ceil(values.length / 2) - (upper ? 1 : 0)] ?? values.at(-1);
    const kept = runs.filter((r) => (upper ? this.x(r) >= middle : this.x(r) < middle));
    return new Set(kept.map((r) => this.x(r))).size >= 3 ? kept : runs;
  }
  choose(runs) {
    this.chosen = new Set(runs.map((r) => r.id));
    this.keepChoice();
  }
  toggle(r) {
    if (!this.chosen.delete(r.id)) this.chosen.add(r.id);
    this.keepChoice();
  }
  keepChoice() {
    const standard = this.preset("series");
    const same = standard.length === this.chosen.size && standard.every((r) => this.chosen.has(r.id));
    this.fig.set(
      "off",
      same
        ? null
        : this.grid
            .filter((r) => !this.chosen.has(r.id))
            .map((r) => r.id)
            .join(".") || "none",
    );
  }

  // ---------------------------------------------------------------- its ends, its floor, its axis

  /** The vertical axis: what is above the floor, with room for the line to miss. It must not give the larger run away. */
  get lossRange() {
    const { floor, ahead } = this;
    const over = (this.shown ? [...this.grid, ...ahead] : this.grid).map((r) => r.loss - floor);
    const first =
      ahead.length > 0 &&
      powerLaw(
        this.preset("series").map((r) => [this.x(r), r.loss]),
        floor,
      );
    if (first) over.push(lawAt(first, this.heldX) - floor);
    const low = Math.min(...over),
      high = Math.max(...over);
    const room = Math.max(1.25, (high / low) ** 0.18);
    return [floor + low / room, floor + high * room];
  }
  toStep(y) {
    const [low, high] = this.lossRange.map((l) => l - this.floor);
    return Math.round((STEPS * Math.log((y - this.floor) / low)) / Math.log(high / low));
  }
  fromStep(k) {
    const [low, high] = this.lossRange.map((l) => l - this.floor);
    return this.floor + low * (high / low) ** (k / STEPS);
  }

  /** At first the reader's line lies flat, at the middle of the runs. */
  layFlat() {
    const middle = this.floor + Math.exp(mean(this.points.map(([, l]) => Math.log(l - this.floor))));
    this.ends = [middle, middle];
    this.moved = false;
  }
  lay(i, step) {
    this.ends[i] = this.fromStep(step);
    this.keepEnds();
  }
  layOnLaw() {
    this.ends = this.reach.map((x) => lawAt(this.law, x));
    this.keepEnds();
  }
  keepEnds() {
    this.moved = true;
    this.fig.set("committed", this.committed);
    ["left", "right"].forEach((end, i) => this.fig.set(end, +this.ends[i].toPrecision(5)));
  }
  setFloor(f) {
    this.floor = Math.min(this.most, Math.max(0, f));
    this.fig.set("floor", this.floor);
    const [low, high] = this.lossRange;
    this.ends = this.ends.map((y) => Math.min(high, Math.max(low, y)));
  }
  turnTo(axis) {
    this.axis = axis;
    this.fig.set("axis", axis);
    this.chosen = new Set(this.preset("series").map((r) => r.id));
    this.fig.set("left", null);
    this.fig.set("right", null);
    this.layFlat();
  }
  /** The reader stands by the line: the fit may be seen. */
  commit() {
    this.committed = true;
    this.fig.set("committed", true);
  }
  reveal() {
    this.shown = !this.shown;
    this.fig.set("shown", this.shown);
  }
  startOver() {
    this.committed = this.shown = false;
    for (const key of ["committed", "shown"]) this.fig.set(key, false);
    for (const end of ["left", "right"]) this.fig.set(end, null);
    this.layFlat();
  }
}
