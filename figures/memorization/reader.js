// Where the reader stands before one poem that stays: in how many copies the model has read it, and which poem it is.
import { aloud, nearest, opener } from "./logic.js";
import { timesText } from "./words.js";

export class Reader {
  constructor(fig, one) {
    const { poems, copies } = one;
    Object.assign(this, { t: fig.t, one, which: opener(poems) });
    const wanted = Number(fig.get("verse", this.which + 1)) - 1;
    if (wanted in poems) this.which = wanted;
    this.at = nearest(copies, fig.get("times", copies[0]));
    this.seen = new Set([this.at]);
  }

  get copies() {
    return this.one.copies[this.at];
  }
  get poem() {
    return this.one.poems[this.which];
  }

  /** "once", "8 times" */
  times(i = this.at) {
    return timesText(this.t, this.one.copies[i]);
  }

  /** What stands there after so many copies: the poem's opening, what was written, and the longest run that both share. */
  look(i = this.at) {
    const { asked_at, target } = this.one;
    return aloud(this.poem, asked_at, this.poem.written[i], target);
  }

  go(i) {
    this.at = i;
    this.seen.add(i);
  }

  /** The next poem, of which nothing has been seen but what it is like after as many copies. */
  another() {
    this.which = (this.which + 1) % this.one.poems.length;
    this.seen = new Set([this.at]);
  }
}
