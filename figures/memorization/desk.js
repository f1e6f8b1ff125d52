// Where the reader stands among the recorded runs: copies, size and prompt, and which of the poems is on the desk.
import { aloud, nearest } from "./logic.js";

export class Desk {
  /** `found` is logic.js's finding: the desk begins with the largest model and a poem that it mostly knows by heart. */
  constructor(fig, data, found) {
    this.data = data;
    this.lists = { copies: data.copies, size: data.parameters, prompt: data.prompts };
    this.asked = ["copies", "size", "prompt", "poem", "map"].some((key) => fig.get(key, null) !== null);
    const start = {
      copies: data.copies[Math.max(found.first, 0)],
      size: data.parameters.at(-1),
      prompt: data.asked_at,
    };
    this.at = Object.fromEntries(
      Object.entries(this.lists).map(([key, list]) => [key, nearest(list, fig.get(key, start[key]))]),
    );
    this.which = Math.min(this.poems.length - 1, Math.max(0, Math.trunc(Number(fig.get("poem", 0)) || 0)));
    this.over = fig.get("map", "size") === "prompt" ? "prompt" : "size";
  }

  get copies() {
    return this.data.copies[this.at.copies];
  }
  get size() {
    return this.data.parameters[this.at.size];
  }
  get prompt() {
    return this.data.prompts[this.at.prompt];
  }

  /** The poems that were planted this many times. */
  get poems() {
    return this.data.poems.map((p, i) => ({ ...p, i })).filter((p) => p.copies === this.copies);
  }

  /** What is on the desk: the poem's opening, what was written, and the longest run that both share. */
  look(size = this.at.size) {
    const { data, at, prompt } = this;
    const poem = this.poems[Math.min(this.which, this.poems.length - 1)];
    return aloud(poem, prompt, data.written[size][poem.i][at.prompt], data.target);
  }
}
