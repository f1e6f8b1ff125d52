// The tokenizer figure: learn merges one by one, weigh the same words in sixteen languages, look for
// letters in tokens. The computing is in logic.js and core/tokenizer.js.
import { el, frame, later, loadFile, put, radios } from "../core/index.js";
import { count } from "./chips.js";
import { CORPORA } from "./corpus.js";
import { lettersView } from "./letters.js";
import { mixes, oneOf } from "./mixes.js";
import strings from "./strings.json";
import css from "./style.css";
import { taxView } from "./tax.js";
import { trainView } from "./train.js";

const VIEWS = { train: trainView, tax: taxView, letters: lettersView };
const START = {
  view: "train",
  corpus: "port_ellery",
  merges: 40,
  own: "",
  ids: false,
  text: "Mara Quill keeps a tame jackdaw on Anchor Street. 港口有鱼。 \u{1F6A2}",
  mix: "english",
  price: 1,
  window: 4097,
  lang: "zh",
  yours: "",
  word: "harbormaster",
  letter: "r",
  letters_mix: "english",
};

export default {
  render({ model, el: host }) {
    const fig = frame({
      model,
      host,
      name: "tokens",
      css,
      strings,
      permalink: [
        "view",
        "corpus",
        "merges",
        "text",
        "mix",
        "price",
        "window",
        "lang",
        "word",
        "letter",
        "letters_mix",
      ],
    });
    const stops = [];
    put(fig.body, el("p", { class: "gb-muted" }, fig.t("loading")));
    loadFile(model, "tokens").then((data) => show(fig, data, stops), fig.fail);
    return () => {
      stops.forEach((stop) => stop());
      fig.destroy();
    };
  },
};

function show(fig, data, stops) {
  const { t } = fig;
  const state = Object.fromEntries(Object.entries(START).map(([key, value]) => [key, fig.get(key, value)]));
  state.view = oneOf(state.view, Object.keys(VIEWS));
  state.corpus = oneOf(state.corpus, CORPORA);
  const set = (key, value) => {
    state[key] = value;
    fig.set(key, value);
  };
  const say = later((text) => fig.say(text), 500);
  stops.push(say.cancel);
  const ctx = { fig, t, data, state, set, say, stops };
  const views = { train: trainView(ctx) }; // the others when they are first looked at
  ctx.tokenizer = mixes(data, views.train.bpe);

  const stage = el("div", { class: "stage" });
  const tabs = radios({
    legend: t("view"),
    inline: true,
    value: state.view,
    options: Object.keys(VIEWS).map((v) => [v, t(`view_${v}`)]),
    onchange: (v) => {
      set("view", v);
      turnTo();
    },
  });
  tabs.node.classList.add("tabs");
  tabs.node.querySelector("legend").classList.add("gb-hidden-text");
  function turnTo() {
    views.train.pause();
    views[state.view] ??= VIEWS[state.view](ctx);
    put(stage, views[state.view].node);
    views[state.view].draw();
  }
  put(fig.body, tabs.node, stage);
  fig.aha(t("aha"));
  fig.under(
    el(
      "p",
      { class: "gb-muted small" },
      t("simplified", { vocab: count(data.vocab_size), kb: count(data.training_bytes / 1000) }),
    ),
  );
  fig.onChange("merges", (k) => {
    if (k !== state.merges) views.train.go(k);
  });
  turnTo();
}
