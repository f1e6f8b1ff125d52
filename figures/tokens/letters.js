// View "letters": what a reader sees of a word, and the numbers that a model gets instead.
import { button, clean, el, put, select, textField } from "../core/index.js";
import { chip, count } from "./chips.js";
import { letters, visible } from "./logic.js";
import { CHOICES, mixOptions, oneOf } from "./mixes.js";

export function lettersView({ t, state, set, tokenizer, say, main }) {
  state.letters_mix = oneOf(state.letters_mix, CHOICES);
  let open = false;
  const word = textField({
    label: t("word"),
    value: state.word,
    oninput: (v) => {
      set("word", v);
      draw();
    },
  });
  const letter = textField({
    label: t("letter"),
    value: state.letter,
    class: "short",
    oninput: (v) => {
      set("letter", v);
      draw();
    },
  });
  const mix = select({
    label: t("letters_mix"),
    value: state.letters_mix,
    options: mixOptions(t),
    onchange: (v) => {
      set("letters_mix", v);
      draw();
    },
  });
  const seen = el("div", { class: "seen" });
  const numbers = el("div", { class: "toks" });
  const inside = el("div", { class: "toks" });
  const insideRow = el("div", { class: "rowpair", hidden: true }, el("p", { class: "sub" }, t("inside")), inside);
  const toggle = button(
    t("open"),
    () => {
      open = !open;
      draw();
    },
    { "aria-expanded": "false" },
  );
  const node = el(
    "div",
    {},
    el("div", { class: "gb-controls", ...main.control }, word.node, letter.node, mix.node),
    el(
      "div",
      main.response,
      el("div", { class: "rowpair" }, el("p", { class: "sub" }, t("you_see")), seen),
      el("div", { class: "rowpair" }, el("p", { class: "sub" }, t("model_gets")), numbers),
      insideRow,
    ),
    toggle,
  );

  function draw() {
    const text = clean(word.value, 200).text;
    const wanted = [...clean(letter.value).text.trim()][0] ?? "";
    const bpe = tokenizer(state.letters_mix);
    const found = letters(text, wanted, bpe);
    put(
      seen,
      [...text].map((c) =>
        el("bdi", { class: wanted && c.toLowerCase() === wanted.toLowerCase() ? "hit" : "" }, visible(c)),
      ),
    );
    put(
      numbers,
      found.ids.map((id) => el("span", { class: `tok c${id % 5}` }, id)),
    );
    put(
      inside,
      found.ids.map((id) => chip(bpe, id, { ids: true })),
    );
    insideRow.hidden = !open;
    toggle.textContent = t(open ? "close" : "open");
    toggle.setAttribute("aria-expanded", String(open));
    say(sentence(t, text, wanted, found));
  }
  return { node, draw };
}

/** What became of the letter, in words. */
function sentence(t, text, wanted, found) {
  const n = found.ids.length;
  const values = {
    word: visible(text.length > 40 ? `${[...text].slice(0, 39).join("")}…` : text),
    letter: visible(wanted),
    count: count(found.count),
    tokens: count(n),
    alone: count(found.alone),
    hidden: count(found.hidden),
    ids: found.ids[0],
  };
  if (!text || !wanted) return t("letters_none", values);
  if (!found.count) return t("letters_absent", values);
  if (n === 1) return t("letters_one", values);
  return t(found.hidden ? "letters_some" : "letters_all", values);
}
