// View "guess": Shannon's game. The reader guesses the next word, the model does, and both pay in bits.
import { button, dataTable, el, put, store, textField } from "../core/index.js";
import { Game, Sums } from "./game.js";
import { choicesAmong } from "./logic.js";
import { expectedPanel, scorePanel } from "./score.js";
import { inWords, percent, quoted } from "./words.js";

export function guessView(fig, main, ready) {
  const { t } = fig;
  const { texts, dictionary } = ready.data;
  const sums = new Sums(store("next_word", "score"));
  let number = Math.abs(Math.trunc(fig.get("text", 0))) % texts.length;
  let game;

  const text = textPanel(fig);
  const expected = expectedPanel(fig);
  const score = scorePanel(fig, sums);
  const table = dataTable({
    summary: t("table"),
    caption: t("table_caption"),
    columns: [t("col_word"), t("col_p"), t("col_first"), t("col_yours")],
  });
  const choices = choicesPanel(fig, ready.data.words, { take, giveUp, nextText, result });
  put(
    main,
    el("p", { class: "lead" }, t("lead")),
    text.node,
    el(
      "p",
      { class: "legend", "aria-hidden": "true" },
      el("span", { class: "l-you" }, t("legend_you")),
      el("span", { class: "l-model" }, t("legend_model")),
    ),
    fig.status,
    choices.node,
    el("div", { class: "panels" }, expected.node, score.node),
    score.sums,
    rules(t, dictionary),
    table.node,
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
    draw();
    const key = came.you ? (came.itself ? "both_right" : "you_right") : came.itself ? "model_right" : "none_right";
    const verdict = t(key, { word: came.word.trim(), p: inWords(t, came.p) });
    fig.say(game.ended ? result() : came.you ? verdict : `${t("you_said", { guess: quoted(typed) })} ${verdict}`, {
      shown: !game.ended,
    });
    if (!game.ended) return;
    if (game.counts) sums.add(game);
    draw();
  }

  function result() {
    const { you, n, model, youBits, modelBits, floor } = game;
    return t("done", {
      you,
      n,
      model,
      youBits: Math.round(youBits),
      modelBits: Math.round(modelBits),
      floor: Math.round(floor),
    });
  }

  function giveUp() {
    game.showRest();
    choices.update(game);
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
    score.update(game);
    table.update(game.rows.map((r) => [r.word, percent(r.p), r.first, r.yours]));
    table.node.hidden = game.rows.length === 0;
  }

  begin();
  return () => {};
}

const rules = (t, dictionary) =>
  el(
    "details",
    { class: "how" },
    el("summary", { "data-lm-suppress-shortcuts": "true" }, t("how")),
    el("p", {}, t("how_1")),
    el("p", {}, t("how_2", { dictionary: dictionary.toLocaleString("en") })),
    el("p", {}, t("how_3")),
  );

/** The text so far, each guessed word marked with who was right. */
function textPanel({ t }) {
  const node = el("div", { class: "text", role: "group", "aria-label": t("text_so_far") });
  const update = ({ shown, ended }) =>
    put(
      node,
      shown.map((w, i) => {
        const blank = i && /^\s/.test(w.text) ? w.text.match(/^\s+/)[0] : "";
        return [
          blank,
          el(
            "span",
            {
              class: `word ${w.you ? "you" : ""} ${w.model ? "model" : ""} ${w.fresh && i === shown.length - 1 ? "fresh" : ""}`,
            },
            w.text.trim() || w.text,
          ),
        ];
      }),
      ended ? null : [" ", el("span", { class: "gap" }, t("gap"))],
    );
  return { node, update };
}

/** Five words to choose among, a field for another, and after the last word the way to the next text. */
function choicesPanel({ t }, words, { take, giveUp, nextText, result }) {
  const node = el("div", { class: "choices", role: "group", "aria-label": t("choices") });

  /** `byChip` says how the reader guessed last, so that the keyboard stays there. */
  function update(game, byChip) {
    if (game.ended) {
      const next = button(t("next_text"), nextText, { class: "primary" });
      put(node, game.counts && el("p", { class: "result" }, result()), next);
      if (byChip !== undefined) next.focus({ preventScroll: true });
      return;
    }
    const chips = choicesAmong(game.guesses, words, game.dice).map((word) => button(word, () => take(word, true)));
    const own = textField({ label: t("own"), maxlength: 60, onenter: (value) => take(value, false) });
    put(
      node,
      el("p", {}, t("choices")),
      el("div", { class: "chips" }, chips),
      el(
        "div",
        { class: "own" },
        own.node,
        button(t("guess"), () => take(own.value, false)),
        button(t("give_up"), giveUp, { class: "quiet" }),
      ),
    );
    if (byChip === true) chips[0]?.focus({ preventScroll: true });
    if (byChip === false) own.input.focus({ preventScroll: true });
  }
  return { node, update };
}
