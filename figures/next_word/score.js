// Beside the game: who was right how often, what the model had expected, and what both players paid in bits.
import { button, el, put, visible } from "../core/index.js";
import { same } from "./logic.js";
import { bar, percent } from "./words.js";

/** Two rows of marks, one for each word of the text: who had it. */
export function duelPanel({ t }) {
  const node = el("div", { class: "duel" });
  const marks = (rows, left, who) => [
    rows.map((row) => el("i", { class: row[who] ? "hit" : "miss" })),
    Array.from({ length: left }, () => el("i")),
  ];
  function update(game) {
    const left = game.words();
    const row = (kind, who, hits) =>
      el(
        "p",
        { class: `d-${kind}` },
        el("span", { class: "who" }, t(kind)),
        el("span", { class: "marks", "aria-hidden": "true" }, marks(game.rows, left, who)),
        el("span", { class: "tally" }, game.n ? t("hits", { hits, n: game.n }) : ""),
      );
    node.hidden = !game.counts;
    put(node, row("you", "you", game.you), row("model", "itself", game.model));
  }
  return { node, update };
}

/** The model's guesses at the word that came, as bars. */
export function expectedPanel({ t }) {
  const node = el("div", { class: "panel expected" });
  const row = (r) =>
    el(
      "li",
      { class: r.real ? "is-true" : "" },
      el("span", { class: "name" }, visible(r.text.trim())),
      bar(Math.min(r.p, 1)),
      el("span", { class: "share" }, percent(r.p)),
      el(
        "span",
        { class: "tags" },
        r.real && el("span", { class: "tag true" }, "✓", el("span", { class: "long" }, ` ${t("was_it")}`)),
        r.own && el("span", { class: "tag own-tag" }, t("yours")),
      ),
    );
  return {
    node,
    clear() {
      put(node, el("p", { class: "gb-muted" }, t("expected_none")));
    },
    update({ guesses, word, p }, typed) {
      const rows = guesses.map((g) => ({ ...g, real: same(g.text, word), own: same(g.text, typed) }));
      if (!rows.some((r) => r.real)) rows.push({ text: word, p, real: true, own: same(word, typed) });
      put(node, el("p", {}, t("expected", { word: word.trim() })), el("ul", { class: "bars" }, rows.map(row)));
    },
  };
}

/** Bits of both players, and under them the sums over all texts so far; `onforget()` hears that those are cleared. */
export function bitsPanel(fig, sums, onforget) {
  const { t } = fig;
  const node = el("div", { class: "panel" });
  const sumsNode = el("p", { class: "gb-muted" });
  const line = (kind, bits, most, words) => [
    el("dt", {}, t(kind)),
    el(
      "dd",
      {},
      bar(bits / most, ` b-${kind}`),
      el("span", { class: "value" }, t("bits", { bits: Math.round(bits) })),
      words && el("span", { class: "hits" }, words),
    ),
  ];
  const forget = () => {
    sums.forget();
    onforget();
    fig.say(t("forgotten"));
  };

  function update(game) {
    const most = Math.max(game.counts ? game.youBits : 0, game.modelBits, game.floor, 1);
    // before the first guess: both have paid for what was shown, and for nothing else
    const given = t("given", { n: game.given });
    const words = (hits) => (game.n ? `${t("hits", { hits, n: game.n })} ${t("hits_label")}` : given);
    put(
      node,
      el("p", {}, t("score")),
      el(
        "dl",
        { class: "score" },
        game.counts ? line("you", game.youBits, most, words(game.you)) : null,
        line("model", game.modelBits, most, game.counts && words(game.model)),
        game.ended ? line("town", game.floor, most) : null,
      ),
    );
    const { total } = sums;
    put(
      sumsNode,
      total.texts > 0 && [
        t("total", { ...total, youBits: Math.round(total.youBits), modelBits: Math.round(total.modelBits) }),
        " ",
        button(t("forget"), forget, { class: "quiet" }),
      ],
    );
  }
  return { node, sums: sumsNode, update };
}

/** The sentence under the game, once there was a guess. */
export function finding(t, known) {
  if (!known.n) return "";
  const even = known.n < 10 || known.you === known.model;
  return t(even ? "aha" : known.model > known.you ? "aha_better" : "aha_worse", known);
}
