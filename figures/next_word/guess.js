// View "guess": Shannon's game. The reader guesses the next word, and so does the model: first it counts who was right,
// and when the text has ended, what both paid in bits.
import { button, cardPanel, dataTable, el, MAIN, more, put, store, textField } from "../core/index.js";
import { Game, Sums } from "./game.js";
import { choicesAmong } from "./logic.js";
import { bitsPanel, duelPanel, expectedPanel, finding } from "./score.js";
import { inWords, percent, quoted } from "./words.js";

/** `write()` leads to the other view. */
export function guessView(fig, main, ready, write) {
  const { t } = fig;
  const { texts, dictionary } = ready.data;
  const sums = new Sums(store("next_word", "score"));
  let number = Math.abs(Math.trunc(fig.get("text", 0))) % texts.length;
  let game;

  const text = textPanel(fig);
  const duel = duelPanel(fig);
  const expected = expectedPanel(fig);
  const bits = bitsPanel(fig, sums, draw);
  const table = dataTable({
    summary: t("table"),
    caption: t("table_caption"),
    columns: [t("col_word"), t("col_p"), t("col_first"), t("col_yours")],
  });
  const card = cardPanel(fig, "next_word", () => duelCard(t, sums.known(game)));
  const choices = choicesPanel(fig, ready.data.words, { take, nextText, write });
  const own = ownPanel(fig, { take, giveUp });
  const bitsHere = el("div", { class: "bits-here" });
  const bitsLater = el("div");
  put(
    main,
    el("p", { class: "lead" }, t("lead")),
    el(
      "div",
      { class: "play" },
      el("div", {}, text.node, choices.node, bitsHere),
      el("div", { ...MAIN.response, class: "answer" }, fig.status, duel.node, expected.node),
    ),
    more(
      t("more"),
      own.node,
      bitsLater,
      bits.sums,
      card.node,
      rules(t, dictionary),
      table.node,
      button(t("mode_write"), write, { class: "to-write" }),
    ),
  );

  function begin() {
    game = new Game(ready, texts[number], number + 1, dictionary, { hits: sums.total.you, n: sums.total.n });
    choices.update(game);
    expected.clear();
    draw();
  }

  function take(typed, byChip) {
    if (!typed.trim()) {
      fig.say(t("empty"));
      return;
    }
    const came = game.take(typed);
    expected.update(came, typed);
    choices.update(game, byChip);
    if (game.ended && game.counts) sums.add(game);
    draw();
    fig.say(verdict(t, came, typed));
    if (game.ended) fig.say(result(t, game), { shown: false });
  }

  function giveUp() {
    game.showRest();
    choices.update(game, true);
    draw();
    fig.say(t("gave_up"));
  }

  function nextText() {
    number = (number + 1) % texts.length;
    fig.set("text", number);
    fig.say("");
    begin();
    choices.node.querySelector("button")?.focus({ preventScroll: true });
  }

  function draw() {
    text.update(game);
    duel.update(game);
    bits.update(game);
    own.update(game);
    put(game.ended ? bitsHere : bitsLater, bits.node);
    table.update(game.rows.map((r) => [r.word, percent(r.p), r.first, r.yours]));
    table.node.hidden = game.rows.length === 0;
    fig.aha(finding(t, sums.known(game)));
  }

  begin();
  return card.stop;
}

/** Who had the word that came. */
function verdict(t, { word, p, you, itself }, typed) {
  const key = you ? (itself ? "both_right" : "you_right") : itself ? "model_right" : "none_right";
  const said = t(key, { word: word.trim(), p: inWords(t, p) });
  return you ? said : `${t("you_said", { guess: quoted(typed) })} ${said}`;
}

function result(t, { you, n, model, youBits, modelBits, floor }) {
  const [mine, its, least] = [youBits, modelBits, floor].map(Math.round);
  return t("done", { you, n, model, youBits: mine, modelBits: its, floor: least });
}

/** All guesses of this reader so far, as a picture; null before the first. */
function duelCard(t, { you, model, n }) {
  if (!n) return null;
  const bar = (who, hits, tone) => ({ name: who, value: t("hits", { hits, n }), to: hits / n, tone });
  return {
    headline: t("card", { you, model, n }),
    bars: [bar(t("card_me"), you, "second"), bar(t("model"), model, "first")],
    notes: [t("card_note")],
  };
}

const rules = (t, dictionary) =>
  el(
    "details",
    { class: "how" },
    el("summary", { "data-lm-suppress-shortcuts": "true" }, t("how")),
    el("p", {}, t("how_1")),
    el("p", {}, t("how_2", { dictionary: dictionary.toLocaleString("en") })),
    el("p", {}, t("how_3")),
    el("p", {}, t("how_4")),
  );

/** The text so far, each guessed word marked with who was right. */
function textPanel({ t }) {
  const node = el("div", { class: "text", role: "group", "aria-label": t("text_so_far") });
  const update = ({ shown, ended }) =>
    put(
      node,
      shown.map((w, i) => {
        const blank = i && /^\s/.test(w.text) ? w.text.match(/^\s+/)[0] : "";
        const fresh = w.fresh && i === shown.findLastIndex((piece) => piece.fresh);
        const is = [w.word && "word", w.you && "you", w.model && "model", fresh && "fresh"].filter(Boolean);
        return [blank, el("span", { class: is.join(" ") || null }, w.text.trim() || w.text)];
      }),
      ended ? null : [" ", el("span", { class: "gap" }, t("gap"))],
    );
  return { node, update };
}

/** Five words to choose among, and after the last word the result and the ways on. */
function choicesPanel({ t }, words, { take, nextText, write }) {
  const node = el("div", { class: "choices", role: "group", "aria-label": t("choices") });

  /** `byChip` says how the reader guessed last, so that the keyboard stays there. */
  function update(game, byChip) {
    if (game.ended) {
      const next = button(t("next_text"), nextText, { class: "primary" });
      const row = el("div", { class: "row" }, next, button(t("mode_write"), write));
      put(node, game.counts && el("p", { class: "result" }, result(t, game)), row);
      if (byChip !== undefined) next.focus({ preventScroll: true });
      return;
    }
    const chips = choicesAmong(game.guesses, words, game.dice).map((word) => button(word, () => take(word, true)));
    put(node, el("p", {}, t("choices")), el("div", { ...MAIN.control, class: "chips" }, chips));
    if (byChip === true) chips[0]?.focus({ preventScroll: true });
  }
  return { node, update };
}

/** A word of the reader's own, and the way out of a text. */
function ownPanel({ t }, { take, giveUp }) {
  const node = el("div");
  let field = null;
  const guess = () => {
    const typed = field.value;
    field.value = "";
    take(typed, false);
  };
  function update({ ended }) {
    if (ended) {
      put(node);
      field = null;
    }
    if (ended || field) return;
    field = textField({ label: t("own"), maxlength: 60, onenter: guess });
    put(
      node,
      el(
        "div",
        { class: "own" },
        field.node,
        button(t("guess"), guess),
        button(t("give_up"), giveUp, { class: "quiet" }),
      ),
    );
  }
  return { node, update };
}
