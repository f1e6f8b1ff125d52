// Where the reader's threshold stands, which filter is looked at, and what was seen of both kinds of mistake.
import { counts, DIALECTS, finding, parseStep } from "./logic.js";

const START = 40; // where both mistakes can be seen

export class Desk {
  constructor(fig, data) {
    this.data = data;
    this.step = parseStep(fig.get("threshold", START), START);
    const asked = fig.get("filter", data.filters[0]);
    this.filter = data.filters.includes(asked) ? asked : data.filters[0];
    this.detailed = fig.get("filter", null) !== null;
    this.found = Object.fromEntries(data.filters.map((filter) => [filter, finding(data, filter)]));
    this.seen = new Set();
  }

  get counts() {
    return counts(this.data, this.filter, this.step);
  }

  /** Fine messages stopped and rude ones let through, each by dialect and in all. */
  get mistakes() {
    const now = this.counts;
    const silenced = DIALECTS.map((dialect) => now[`fine-${dialect}`][0]);
    const through = DIALECTS.map((dialect) => now[`rude-${dialect}`][1] - now[`rude-${dialect}`][0]);
    const all = (list) => list[0] + list[1];
    return { silenced, through, all: { silenced: all(silenced), through: all(through) } };
  }

  /** Remember which mistake is the more frequent one here; true once either has been. */
  look() {
    const { silenced, through } = this.mistakes.all;
    if (silenced > through) this.seen.add("silenced");
    if (through > silenced) this.seen.add("through");
    return this.seen.size === 2;
  }
}
