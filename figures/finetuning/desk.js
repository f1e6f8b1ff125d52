// What all parts of the figure share: the town's books, the models that have arrived, and the settings.
import { FORMS, town } from "./logic.js";

export const MAX_SEED = 999_999;
export const DICE = 0.7; // the temperature of a throw
const bounded = (x, low, high) => Math.min(high, Math.max(low, Number(x) || 0));

/** `alive` ends with the figure; `form` is how the base model is asked, the others are always asked as in a chat. */
export function layOut(fig, data, base) {
  const form = fig.get("form", "bare");
  return {
    data,
    books: town(data),
    models: { base },
    alive: true,
    asked: null, // what readQuestion made of the latest question
    seen: { plain: false, paper: false, stranger: false }, // what the reader has asked so far
    // the likeliest words at first; the dice come into play when a link or the reader wants them
    temperature: bounded(fig.get("temperature", fig.get("seed") === undefined ? 0 : DICE), 0, 2),
    seed: Math.trunc(bounded(fig.get("seed", 1), 0, MAX_SEED)),
    form: FORMS.includes(form) ? form : "bare",
    formOf(name) {
      return name === "base" ? this.form : "chat";
    },
    tokenizerOf(name) {
      return (this.models[name] ?? base).tokenizer;
    },
    arrived(name) {
      return Object.hasOwn(this.models, name);
    },
  };
}
