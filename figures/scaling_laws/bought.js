// The law of the recorded runs and its resamples, fitted a few at a time, so that the page stays alive.
import { random } from "../core/random.js";
import { interval, optimum, parametric, refit, spread } from "./logic.js";

export const REFITS = 120;
const ENOUGH = 40; // resamples for a band
export const BUDGET = { low: 8, high: 26, step: 0.1 }; // powers of ten

export class Bought {
  /** `ondraw()` hears that more is known. */
  constructor(fig, { recording, grid, larger, apart }, ondraw) {
    Object.assign(this, { fig, grid, apart, ondraw, town: recording.floor });
    this.canFix = this.town > 0 && this.town < Math.min(...grid.map((r) => r.loss));
    const wanted = fig.get("budget", 12);
    this.budget = Number.isFinite(wanted) ? Math.min(BUDGET.high, Math.max(BUDGET.low, wanted)) : 12;
    this.sets = { all: grid, cheap: cheaper(grid), ...(larger.length && { more: [...grid, ...larger] }) };
    const taken = fig.get("taken", "all");
    this.taken = Object.hasOwn(this.sets, taken) ? taken : "all";
    this.entropy = fig.get("entropy", this.canFix ? "fixed" : "free") === "free" || !this.canFix ? "free" : "fixed";
    this.shown = String(fig.get("shown", false)) === "true";
    Object.assign(this, { law: null, laws: [], asked: 0, failed: 0, job: 0, fittedFor: "" });
  }

  get c() {
    return 10 ** this.budget;
  }
  get used() {
    return this.sets[this.taken];
  }
  /** The least and the most compute of a run in the fit. */
  get spent() {
    const all = this.used.map((r) => r.flops);
    return [Math.min(...all), Math.max(...all)];
  }
  get busy() {
    return !!this.law && this.asked < REFITS;
  }
  get enough() {
    return this.laws.length >= ENOUGH;
  }
  get optimum() {
    return this.law && optimum(this.law, this.c);
  }
  spreadAt(c) {
    return this.enough ? spread(this.laws, c) : null;
  }
  intervalOf(of) {
    return this.enough ? interval(this.laws.map(of)) : null;
  }

  set(key, value) {
    this[key] = value;
    this.fig.set(key, value);
  }

  fit() {
    const want = `${this.taken}/${this.entropy}`;
    if (want === this.fittedFor) return;
    this.fittedFor = want;
    this.stop();
    const runs = this.used,
      floor = this.entropy === "fixed" ? this.town : null,
      rng = random(5);
    this.law = parametric(runs, { floor });
    Object.assign(this, { laws: [], asked: 0, failed: 0 });
    const some = () => {
      const until = performance.now() + 30;
      while (this.busy && performance.now() < until) this.resample(runs, floor, rng);
      if (this.busy) this.job = setTimeout(some, 0);
      this.ondraw();
    };
    if (this.law) this.job = setTimeout(some, 0);
  }

  resample(runs, floor, rng) {
    const again = refit(runs, this.law, floor, rng);
    this.asked += 1;
    if (again && optimum(again, 1e12)) this.laws.push(again);
    else this.failed += 1;
  }
  stop() {
    clearTimeout(this.job);
  }
}

/** The cheaper half of the runs. */
function cheaper(grid) {
  const cut = grid.map((r) => r.flops).sort((a, b) => a - b)[Math.ceil(grid.length / 2) - 1];
  return grid.filter((r) => r.flops <= cut);
}
