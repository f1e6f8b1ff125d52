// What lies on the sampling bench: the model, the reader's settings, the distribution after the prompt, the dice.
import { random } from "../core/index.js";
import { label } from "../tokens/logic.js";
import { distribution, endsWord, pick, seedOf } from "./logic.js";

const END = "<|endoftext|>";
export const KS = [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 50, 75, 100, 200, 500, 0]; // 0: off
export const START = { prompt: "", fact: "", temperature: 1, top_k: 0, top_p: 1, min_p: 0, penalty: 1, seed: 1 };

/** The reader's state as the link or the page gives it, within what the controls can show. */
function begun(fig) {
  const state = Object.fromEntries(Object.entries(START).map(([key, value]) => [key, fig.get(key, value)]));
  const bounded = (key, low, high) => Math.min(high, Math.max(low, Number(state[key]) || 0));
  return {
    ...state,
    seed: seedOf(state.seed),
    temperature: bounded("temperature", 0, 3),
    top_k: KS.includes(state.top_k) ? state.top_k : 0,
    top_p: bounded("top_p", 0.01, 1),
    min_p: bounded("min_p", 0, 0.5),
    penalty: bounded("penalty", 1, 2),
  };
}

/** `bench.read(text)`, `bench.look()` and `bench.throwDice(n)` change logits, context, dist, drawn and tally, which the panels show. */
export function layOut(fig, { gpt, tokenizer }, { facts, answers, openings, n_documents }) {
  const vocab = gpt.config.vocab_size;
  const state = begun(fig);
  const bench = {
    gpt,
    tokenizer,
    vocab,
    facts,
    answers,
    openings,
    n_documents,
    state,
    end: tokenizer.special[END],
    specials: new Set(Object.values(tokenizer.special)),
    ends: Array.from({ length: vocab }, (_, id) => (tokenizer.tokens.has(id) ? endsWord(tokenizer.token(id)) : true)),
    logits: null,
    context: [],
    dist: null,
    rng: random(state.seed),
    tally: new Map(),
    drawn: [],
    set(key, value) {
      state[key] = value;
      fig.set(key, value);
    },
    settings: () => ({
      temperature: state.temperature,
      topK: state.top_k,
      topP: state.top_p,
      minP: state.min_p,
      penalty: state.penalty,
    }),
    show: (id) => label(tokenizer.token(id)),
    /** The model reads a prompt; returns how many tokens it was given, of which only the window's worth is kept. */
    read(text) {
      const ids = [bench.end, ...tokenizer.encode(text)];
      const session = gpt.start();
      bench.logits = session.feed(ids);
      bench.context = [...session.ids];
      return ids.length;
    },
    look() {
      bench.dist = distribution(bench.logits, bench.settings(), bench.context);
    },
    /** Same seed, same dice: from the start again. */
    restart() {
      bench.rng = random(state.seed);
      bench.tally = new Map();
      bench.drawn = [];
    },
    throwDice(n) {
      for (let i = 0; i < n; i++) {
        const id = pick(bench.dist, bench.rng());
        bench.drawn.push(id);
        bench.tally.set(id, (bench.tally.get(id) ?? 0) + 1);
      }
    },
  };
  return bench;
}
