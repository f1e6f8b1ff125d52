// Shannon's guessing game against the trained model, and the model writing on from any beginning.
// State: { mode: "guess" | "write", text: number of the first text, prompt: a beginning }
import { el, frame, loadFile, loadModel, put, radios, whenNear } from "../core/index.js";
import { guessView } from "./guess.js";
import { vocabulary } from "./logic.js";
import strings from "./strings.json";
import css from "./style.css";
import { writeView } from "./write.js";

export default {
  render({ model, el: host }) {
    const fig = frame({
      model,
      host,
      name: "next_word",
      css,
      strings,
      permalink: ["mode", "text", "prompt"],
      title: false,
    });
    const { t } = fig;
    let stop = () => {};
    let ready = null;
    let alive = true;
    const main = el("div", {}, el("p", { class: "gb-muted" }, t("loading")));
    const mode = radios({
      legend: t("mode"),
      inline: true,
      value: fig.get("mode", "guess") === "write" ? "write" : "guess",
      options: [
        ["guess", t("mode_guess")],
        ["write", t("mode_write")],
      ],
      onchange: (value) => {
        fig.set("mode", value);
        open();
      },
    });
    put(fig.body, el("div", { class: "head" }, el("p", { class: "gb-title" }, t("title")), mode.node), main);
    function open() {
      stop();
      if (!ready) return;
      fig.say("");
      stop = (mode.value === "write" ? writeView : guessView)(fig, main, ready);
    }
    whenNear(fig.root)
      .then(() => Promise.all([loadModel(model, "base"), loadFile(model, "next_word")]))
      .then(([trained, data]) => {
        if (!alive) return;
        ready = { ...trained, data, vocab: vocabulary(trained.tokenizer, trained.gpt.config.vocab_size) };
        open();
      })
      .catch((error) => alive && fig.fail(error));
    return () => {
      alive = false;
      stop();
      fig.destroy();
    };
  },
};
