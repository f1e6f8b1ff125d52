// The text that the merges are learned from: one of three, or the reader's own.
import { clean, el, later, MAX_CHARS, select, textField } from "../core/index.js";
import { count } from "./chips.js";

export const CORPORA = ["port_ellery", "mixed", "chinese", "own"];

/** Say in `node` what clean() did to a typed text. */
export function remark(t, node, { cropped, repaired }) {
  node.textContent = [cropped && t("cropped", { n: count(MAX_CHARS) }), repaired && t("repaired")]
    .filter(Boolean)
    .join(" ");
  node.hidden = !node.textContent;
}

/** `onchange(text)` hears every text that is to be learned from; `begin()` gives the first. */
export function corpusPanel({ t, state, set, data, stops }, onchange) {
  const kilobytes = (c) => Math.round(new TextEncoder().encode(data.corpora[c] ?? "").length / 1000);
  const menu = select({
    label: t("corpus"),
    value: state.corpus,
    options: CORPORA.map((c) => [c, t(`corpus_${c}`, { kb: kilobytes(c) })]),
    onchange: (c) => {
      set("corpus", c);
      own.node.hidden = c !== "own";
      if (c === "own") own.input.focus();
      give();
    },
  });
  const own = textField({
    label: t("own"),
    value: state.own,
    rows: 4,
    oninput: (v) => {
      set("own", v);
      giveSoon();
    },
  });
  own.node.hidden = state.corpus !== "own";
  const note = el("p", { class: "gb-muted small" });

  function give() {
    const typed = clean(state.corpus === "own" ? own.value : "");
    remark(t, note, typed);
    onchange(state.corpus === "own" ? typed.text : data.corpora[state.corpus]);
  }
  const giveSoon = later(give, 250);
  stops.push(giveSoon.cancel);
  return { nodes: [el("div", { class: "gb-controls" }, menu.node), own.node, note], begin: give };
}
