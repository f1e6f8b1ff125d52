// The question of fact: every answer of its kind is followed through the model once; the shares of the answers
// under any settings are then a matter of multiplying.
import { answerShares, answerTree, prepare } from "./logic.js";

export const TEMPERATURES = Array.from({ length: 61 }, (_, i) => i / 20); // the stops of the slider
const SLICE = 12; // milliseconds at a time, so that the page stays light

/** `answers.ask(fact)` reads a question; then `shares(temperature)` are those of `texts`, in their order. */
export class Answers {
  constructor(bench) {
    this.bench = bench;
    this.asked = 0; // which reading is the latest
    this.fact = null;
    this.read = null; // { tree, asked: ids of the question, after: node of the tree -> logits }, once it is computed
    this.forget();
  }

  /** The settings have changed: what was computed under others is of no use. */
  forget() {
    this.prepared = new Map();
    this.known = new Map();
  }

  get texts() {
    return this.bench.answers[this.fact.attribute];
  }

  /** Resolves to true when all is read, to false when another question was asked meanwhile. */
  async ask(fact) {
    this.asked += 1;
    const mine = this.asked;
    this.fact = fact;
    this.read = null;
    this.forget();
    const found = await follow(this.bench, fact, () => mine !== this.asked);
    if (mine !== this.asked) return false;
    this.read = found;
    return true;
  }

  shares(temperature) {
    if (!this.known.has(temperature)) {
      const settings = { ...this.bench.settings(), temperature };
      const at = (node) => this.preparedAt(node);
      this.known.set(temperature, answerShares(this.read.tree, this.texts.length, at, settings, this.bench.ends));
    }
    return this.known.get(temperature);
  }

  preparedAt(node) {
    const { after, asked } = this.read;
    if (!this.prepared.has(node)) {
      const { penalty } = this.bench.state;
      this.prepared.set(node, prepare(after.get(node), penalty, [...asked, ...node.path]));
    }
    return this.prepared.get(node);
  }

  /** The probability that the answer is right. */
  right(temperature = this.bench.state.temperature) {
    return this.shares(temperature)[this.texts.indexOf(this.fact.answer)];
  }

  /** The answers at a temperature, likeliest first: [{ text, p, right }]. */
  sorted(temperature = this.bench.state.temperature) {
    const all = this.shares(temperature);
    return this.texts
      .map((text, i) => ({ text, i, p: all[i], right: text === this.fact.answer }))
      .sort((a, b) => b.p - a.p || a.i - b.i);
  }

  /** Compute every stop of the slider, a few at a time; `done()` hears when the whole curve is there. */
  fill(done) {
    clearTimeout(this.filling);
    const { asked, known } = this;
    const go = () => {
      if (asked !== this.asked || known !== this.known || !this.read) return;
      const since = performance.now();
      for (const temperature of TEMPERATURES) {
        if (known.has(temperature)) continue;
        this.shares(temperature);
        if (performance.now() - since > SLICE) {
          this.filling = setTimeout(go, 4);
          return;
        }
      }
      done();
    };
    this.filling = setTimeout(go, 4);
  }

  stop() {
    this.asked += 1;
    clearTimeout(this.filling);
  }
}

/** Follow every answer of the fact's kind through the model, a few tokens at a time. */
async function follow({ gpt, tokenizer, end, answers }, fact, outdated) {
  const tree = answerTree(answers[fact.attribute].map((text) => ({ text, ids: tokenizer.encode(text) })));
  const walker = gpt.start();
  const first = walker.feed([end, ...tokenizer.encode(fact.prompt)]);
  const after = new Map();
  const asked = [...walker.ids];
  let since = performance.now();
  const visit = async (node, logits) => {
    after.set(node, logits);
    for (const [id, child] of node.next) {
      walker.ids.length = asked.length + node.path.length; // back to this node: what is cached behind it is overwritten
      await visit(child, walker.feed(id));
      if (performance.now() - since > 2 * SLICE) {
        await new Promise((resume) => setTimeout(resume));
        since = performance.now();
      }
      if (outdated()) return;
    }
  };
  await visit(tree, first);
  return { tree, asked, after };
}
