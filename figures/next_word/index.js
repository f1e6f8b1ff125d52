// Shannon's guessing game against the trained model, and the model writing on from any beginning.
// State: { mode: "guess" | "write", text: number of the first text, prompt: a beginning }
import { arrive, el, frame, loadFile, loadModel, put } from "../core/index.js";
import { guessView } from "./guess.js";
import { vocabulary } from "./logic.js";
import strings from "./strings.json";
import css from "./style.css";
import { writeView } from "./write.js";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "next_word", css, strings, permalink: ["mode", "text", "prompt"] });
    return arrive(
      fig,
      () => Promise.all([loadModel(model, "base"), loadFile(model, "next_word")]),
      ([trained, data], stops) => {
        const vocab = vocabulary(trained.tokenizer, trained.gpt.config.vocab_size);
        show(fig, { ...trained, data, vocab }, stops);
      },
    );
  },
};

/** One of the two views; each has a button that leads to the other. */
function show(fig, ready, stops) {
  const views = { guess: guessView, write: writeView };
  const main = el("div");
  let halt = () => {};
  function open(mode, moved) {
    halt();
    fig.say("");
    fig.aha("");
    halt = views[mode](fig, main, ready, () => {
      const other = mode === "write" ? "guess" : "write";
      fig.set("mode", other);
      open(other, true);
    });
    if (moved) main.querySelector("textarea, .chips button")?.focus({ preventScroll: true });
  }
  put(fig.body, main);
  open(fig.get("mode", "guess") === "write" ? "write" : "guess");
  stops.push(() => halt());
}
