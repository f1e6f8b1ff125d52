// What the reader looks at: one conversation under one leash of the recording, at one iteration, in the run of one seed.
import { byBeta, change, finding, frontier, klScale, path, showiest } from "./logic.js";

export class View {
  constructor(fig, recording, judge) {
    const { leash, prompts } = recording;
    Object.assign(this, { t: fig.t, recording, leash, prompts, found: finding(recording) });
    this.before = { kl: 0, proxy: 0, ...recording.before }; // the chat model, from which both are counted
    this.ends = frontier(recording);
    this.paths = leash.map(path); // a leash's runs: at every iteration each measure's mean and range
    this.iterations = this.paths[0].map((stop) => stop.iteration);
    this.seeds = leash[0].runs.map((run) => run.seed);
    this.kl = klScale(1.04 * Math.max(...this.paths.flat().map((stop) => stop.kl.high), 0.1));
    this.linked(fig);
    this.order = showiest(this.turns(judge)); // the questions, by how visibly training turns their replies
    const wanted = Number(fig.get("prompt", this.order[0] + 1)) - 1;
    this.k = wanted in prompts ? wanted : this.order[0];
    this.seen = { free: false, held: false }; // what the reader has come to: the end of the free training, a leash after it
  }

  /** A page or a link may name a place; else we begin before the training, without a leash. */
  linked(fig) {
    const named = ["beta", "seed", "axis"].map((key) => fig.get(key));
    this.detailed = named.slice(1).some((value) => value !== undefined); // of what comes after
    const start = named.some((value) => value !== undefined) ? this.iterations.at(-1) : this.iterations[0];
    this.axis = named[2] === "iteration" ? "iteration" : "kl";
    this.i = byBeta(this.leash, fig.get("beta", this.leash[0].beta));
    this.at = this.nearestStop(Number(fig.get("iteration", start)));
    const seed = Number(fig.get("seed", this.seeds[0]));
    this.seed = this.seeds.includes(seed) ? seed : this.seeds[0];
  }

  /** The recorded stop that is nearest to an iteration; the last where it is no number. */
  nearestStop(iteration) {
    const off = (at) => Math.abs(this.iterations[at] - iteration);
    const stops = [...this.iterations.keys()];
    return stops.reduce((best, at) => (off(at) < off(best) ? at : best), stops.at(-1));
  }

  /** Of every question how its reply turns when nothing holds the training, and whether the best leash keeps it. */
  turns(judge) {
    const of = (i, at) => this.runOf(i).replies.at(at);
    return this.prompts.map((_, k) => {
      const [first, free, held] = [of(0, 0), of(0, -1), of(this.found.best, -1)].map((replies) => replies[k]);
      const right = (reply) => judge.verdict(k, reply) === "right";
      return {
        lost: right(first) && !right(free),
        kept: right(held) && this.found.best !== 0,
        change: change(first, free),
      };
    });
  }

  /** Note where the reader has come to. */
  look() {
    const ended = this.at === this.iterations.length - 1;
    this.seen.free ||= ended && this.i === 0;
    this.seen.held ||= this.seen.free && ended && this.i !== 0;
  }

  /** The slider goes from tight to loose, as the dots do in the charts. */
  get last() {
    return this.leash.length - 1;
  }
  get now() {
    return this.paths[this.i][this.at];
  }
  /** A measure of the run that is read, where the reader stands. */
  own(key) {
    return this.runOf(this.i).curve[this.at][key];
  }
  /** Which of the runs is read: "1 of 3". */
  get run() {
    return { run: this.seeds.indexOf(this.seed) + 1, of: this.seeds.length };
  }
  get prompt() {
    return this.prompts[this.k];
  }
  runOf(i) {
    return this.leash[i].runs.find((r) => r.seed === this.seed) ?? this.leash[i].runs[0];
  }
  /** The replies to all questions now. */
  get replies() {
    return this.runOf(this.i).replies[this.at];
  }
  /** The longest reply to this question in any run, which needs the most room. */
  get longest() {
    const all = this.leash.flatMap(({ runs }) => runs.flatMap(({ replies }) => replies.map((said) => said[this.k])));
    return all.reduce((a, b) => (b.length > a.length ? b : a));
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
