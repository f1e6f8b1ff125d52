// Beside the game: what the model had expected, and what both players have paid so far.
import { button, el, put, visible } from "../core/index.js";
import { same } from "./logic.js";
import { bar, percent } from "./words.js";

/** The model's guesses at the word that came, as bars. */
export function expectedPanel({ t }) {
  const node = el("div", { class: "panel" });
  return {
    node,
    clear() {
      put(node, el("p", { class: "gb-muted" }, t("expected_none")));
    },
    update({ guesses, word, p }, typed) {
      const rows = guesses.map((g) => ({ ...g, real: same(g.text, word), own: same(g.text, typed) }));
      if (!rows.some((r) => r.real)) rows.push({ text: word, p, real: true, own: same(word, typed) });
      put(
        node,
        el("p", {}, t("expected", { word: word.trim() })),
        el(
          "ul",
          { class: "bars" },
          rows.map((r) =>
            el(
              "li",
              { class: r.real ? "is-true" : "" },
              el("span", { class: "name" }, visible(r.text.trim())),
              bar(Math.min(r.p, 1)),
              el("span", { class: "share" }, percent(r.p)),
              el(
                "span",
                { class: "tags" },
                r.real && el("span", { class: "tag true" }, `✓ ${t("was_it")}`),
                r.own && el("span", { class: "tag own-tag" }, t("yours")),
              ),
            ),
          ),
        ),
      );
    },
  };
}

/** Bits and hits of both players, and under them the sums over all texts so far. */
export function scorePanel(fig, sums) {
  const { t } = fig;
  const node = el("div", { class: "panel" });
  const sumsNode = el("p", { class: "gb-muted" });

  function update(game) {
    const most = Math.max(game.counts ? game.youBits : 0, game.modelBits, game.floor, 1);
    // before the first guess: both have paid for what was shown, and for nothing else
    const given = () =>
      t("given", {
        text: game.shown
          .map((w) => w.text)
          .join("")
          .trim(),
      });
    const line = (kind, bits, hits) => [
      el("dt", {}, t(kind)),
      el(
        "dd",
        {},
        bar(bits / most, ` b-${kind}`),
        el("span", { class: "value" }, t("bits", { bits: Math.round(bits) })),
        hits !== undefined &&
          el("span", { class: "hits" }, game.n ? `${t("hits", { hits, n: game.n })} ${t("hits_label")}` : given()),
      ),
    ];
    put(
      node,
      el("p", {}, t("score")),
      el(
        "dl",
        { class: "score" },
        game.counts ? line("you", game.youBits, game.you) : null,
        line("model", game.modelBits, game.counts ? game.model : undefined),
        game.ended ? line("town", game.floor) : null,
      ),
    );
    const known = sums.known(game);
    fig.aha(
      t(
        known.n < 10 || known.you === known.model ? "aha" : known.model > known.you ? "aha_better" : "aha_worse",
        known,
      ),
    );
    const { total } = sums;
    const forget = () => {
      sums.forget();
      update(game);
      fig.say(t("forgotten"));
    };
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
