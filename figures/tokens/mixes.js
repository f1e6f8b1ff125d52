// The tokenizers to choose among: three that were trained on the same amount of text, and the reader's own.
import { fromPairs } from "./logic.js";

export const MIXES = ["english", "mixed", "chinese"];
export const CHOICES = [...MIXES, "mine"];

export const oneOf = (value, choices) => (choices.includes(value) ? value : choices[0]);

/** mixes(data, mine)("chinese") -> the tokenizer, made when it is first asked for; `mine()` is the reader's. */
export function mixes(data, mine) {
  const made = new Map();
  return (name) => {
    if (name === "mine") return mine();
    if (!made.has(name)) {
      const flat = data.tokenizers[name];
      made.set(name, fromPairs(Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]])));
    }
    return made.get(name);
  };
}

export const mixOptions = (t) => CHOICES.map((m) => [m, t(`mix_${m}`)]);
