// What the reader looks at: one leash of the recording, at one iteration, with the replies of one seed.
import { byBeta, finding, frontier, klScale, path } from "./logic.js";

export class View {
  constructor(fig, recording) {
    const { leash } = recording;
    Object.assign(this, { t: fig.t, recording, leash, prompts: recording.prompts });
    this.before = { kl: 0, proxy: 0, ...recording.before }; // the chat model, from which both are counted
    this.ends = frontier(recording);
    this.paths = leash.map(path); // a leash's runs: at every iteration each measure's mean and range
    this.iterations = this.paths[0].map((stop) => stop.iteration);
    this.seeds = leash[0].runs.map((run) => run.seed);
    this.kl = klScale(1.04 * Math.max(...this.paths.flat().map((stop) => stop.kl.high), 0.1));
    this.axis = fig.get("axis", "kl") === "iteration" ? "iteration" : "kl";
    this.i = byBeta(leash, fig.get("beta", finding(recording).top.beta));
    this.at = nearestTo(this.iterations, fig.get("iteration", this.iterations.at(-1)));
    const seed = Number(fig.get("seed", this.seeds[0]));
    this.seed = this.seeds.includes(seed) ? seed : this.seeds[0];
  }

  /** The slider goes from tight to loose, as the dots do in the charts. */
  get last() {
    return this.leash.length - 1;
  }
  get now() {
    return this.paths[this.i][this.at];
  }
  get run() {
    return this.leash[this.i].runs.find((r) => r.seed === this.seed) ?? this.leash[this.i].runs[0];
  }

  /** Where a stop lies on the axis, from 0 to 1. */
  across(stop) {
    return this.axis === "kl" ? this.kl(stop.kl.mean) : stop.iteration / this.iterations.at(-1);
  }

  betaText(k) {
    return this.leash[k].beta === 0 ? this.t("beta_none") : String(this.leash[k].beta);
  }
  withLeash(k) {
    return this.leash[k].beta === 0 ? this.t("leash_none") : this.t("leash_value", { beta: this.leash[k].beta });
  }
}

/** The place of the number nearest to `wanted`; the last where it is no number. */
const nearestTo = (list, wanted) =>
  list.reduce((best, n, k) => (Math.abs(n - wanted) < Math.abs(list[best] - wanted) ? k : best), list.length - 1);
