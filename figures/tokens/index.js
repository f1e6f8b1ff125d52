// The tokenizer figure: two languages race, merges are learned one by one, letters are looked for in tokens.
// A page opens it on one of these views; the others stand behind "More". The computing is in logic.js and
// core/tokenizer.js.
import { el, frame, later, loadFile, MAIN, more, put } from "../core/index.js";
import { count } from "./chips.js";
import { CORPORA } from "./corpus.js";
import { lettersView } from "./letters.js";
import { viewOf } from "./logic.js";
import { mixes, oneOf } from "./mixes.js";
import strings from "./strings.json";
import css from "./style.css";
import { taxView } from "./tax.js";
import { trainView } from "./train.js";

const VIEWS = { tax: taxView, train: trainView, letters: lettersView };
const LINKED = ["view", "corpus", "merges", "text", "mix", "price", "window", "lang", "word", "letter", "letters_mix"];
const BEHIND = { tax: ["price", "window", "yours"], train: ["corpus", "own", "ids"], letters: [] }; // what stands in a view's fold
const START = {
  corpus: "port_ellery",
  merges: 40,
  own: "",
  ids: false,
  text: "Mara Quill keeps a tame jackdaw on Anchor Street. 港口有鱼。 \u{1F6A2}",
  mix: "english",
  price: 1,
  window: 4097,
  lang: "",
  yours: "",
  word: "harbormaster",
  letter: "r",
  letters_mix: "english",
};

export default {
  render({ model, el: host }) {
    const given = LINKED.filter((key) => (model.get(key) ?? null) !== null).map((key) => [key, model.get(key)]);
    const home = viewOf(Object.fromEntries(given)); // a page or a notebook that sets a text wants to train
    const fig = frame({
      model,
      host,
      name: "tokens",
      css,
      strings: { ...strings, en: { ...strings.en, title: strings.en[`title_${home}`] } },
      permalink: LINKED,
      // of two on a page the one that trains takes the links to training, the other all else
      concerns: (link) => !model.get("view") || (home === "train") === (viewOf(link) === "train"),
    });
    const stops = [];
    put(fig.body, el("p", { class: "gb-muted" }, fig.t("loading")));
    loadFile(model, "tokens").then((data) => show(fig, data, home, stops), fig.fail);
    return () => {
      stops.forEach((stop) => stop());
      fig.destroy();
    };
  },
};

function show(fig, data, home, stops) {
  const { t } = fig;
  const state = Object.fromEntries(Object.entries(START).map(([key, value]) => [key, fig.get(key, value)]));
  state.corpus = oneOf(state.corpus, CORPORA);
  const set = (key, value) => {
    state[key] = value;
    fig.set(key, value);
  };
  const asked = (key) => fig.get(key, null) !== null;
  const folds = {};
  const shows = (v) => v === home || Boolean(folds[v]?.open);
  const ctx = { fig, t, data, state, set, stops, asked, shows, home };
  ctx.tokenizer = mixes(data, () => view("train").bpe());
  const views = {}; // each when it is first looked at
  const view = (v) => {
    views[v] ??= VIEWS[v]({ ...ctx, ...voices[v], main: v === home ? MAIN : { control: {}, response: {} } });
    return views[v];
  };
  const voices = Object.fromEntries(Object.keys(VIEWS).map((v) => [v, voiceOf(fig, v === home, stops)]));

  const top = view(home);
  const rest = top.rest && more(t(`rest_${home}`), top.rest);
  if (rest) {
    rest.open = BEHIND[home].some(asked);
    rest.addEventListener("toggle", () => top.draw());
  }
  for (const v of Object.keys(VIEWS).filter((other) => other !== home)) folds[v] = foldOf(v);

  /** Another view, made when its fold is opened. */
  function foldOf(v) {
    const box = el("div");
    const fold = more(t(`view_${v}`), box);
    fold.addEventListener("toggle", () => {
      if (!fold.open) {
        views[v].pause?.();
        return;
      }
      fig.set("view", v);
      if (!box.children.length) put(box, view(v).node, voices[v].line, view(v).rest);
      view(v).draw();
    });
    return fold;
  }
  put(fig.body, top.node);
  fig.under(
    ...[rest, ...Object.values(folds)].filter(Boolean),
    el(
      "p",
      { class: "gb-muted small" },
      t("simplified", { vocab: count(data.vocab_size), kb: count(data.training_bytes / 1000) }),
    ),
  );
  top.draw();
  const wanted = fig.linked && folds[viewOf(fig.linked)];
  if (wanted) wanted.open = true;
  fig.onChange("merges", (k) => {
    if (k !== state.merges) view("train").go(k);
  });
}

/** What a view says: in the figure's status line; one behind "More" shows it in a line of its own, near what it is about. */
function voiceOf(fig, top, stops) {
  const line = top ? null : el("p", { class: "gb-muted" });
  const tell = (text) => {
    put(line ?? el("p"), text);
    fig.say(text, { shown: top });
  };
  const say = later(tell, 500);
  stops.push(say.cancel);
  return { line, tell, say };
}
