// Shannon's guessing game against the trained model, and the model writing on from any beginning.
// State: { mode: "guess" | "write", text: number of the first text, prompt: a beginning }
import {
  button,
  clean,
  dataTable,
  el,
  frame,
  loadFile,
  loadModel,
  put,
  radios,
  random,
  reducedMotion,
  store,
  textField,
  visible,
  whenNear,
} from "../core/index.js";
import { softmax } from "../softmax_sampling/logic.js";
import { choicesAmong, draw, pieces, same, TwinCode, top, vocabulary, WordReader } from "./logic.js";
import strings from "./strings.json";
import css from "./style.css";

const FIRST_PROMPT = "On a foggy morning";
const PAUSE = 110; // milliseconds between pieces: as fast as one reads
const AT_ONCE = 60; // pieces before it stops by itself

const percent = (p) =>
  p >= 0.995 ? ">99%" : p >= 0.1 ? `${Math.round(100 * p)}%` : p >= 0.001 ? `${(100 * p).toFixed(1)}%` : "<0.1%";
const inWords = (t, p) => (p >= 0.995 ? t("nearly_all") : p < 0.001 ? t("nearly_none") : percent(p));
/** What a reader typed, short, and held together where it is written from right to left. */
const quoted = (typed) => {
  const { text, cropped } = clean(typed.trim(), 40);
  return `\u2068${visible(text)}${cropped ? "…" : ""}\u2069`;
};
const width = (p) => ({ "inline-size": `${(100 * p).toFixed(1)}%` });

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
    let ready = null;
    function open() {
      stop();
      if (!ready) return;
      fig.say("");
      stop = (mode.value === "write" ? write : guess)(fig, main, ready);
    }
    let alive = true;
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

// ---------------------------------------------------------------- the guessing game

function guess(fig, main, { gpt, tokenizer, vocab, data }) {
  const { t } = fig;
  const { texts, dictionary, words } = data;
  const kept = store("next_word", "score");
  const nothing = { texts: 0, n: 0, you: 0, model: 0, youBits: 0, modelBits: 0 };
  let total = { ...nothing, ...kept.load({}) };
  let number = Math.abs(Math.trunc(fig.get("text", 0))) % texts.length;
  let game;

  const text = el("div", { class: "text", role: "group", "aria-label": t("text_so_far") });
  const choices = el("div", { class: "choices", role: "group", "aria-label": t("choices") });
  const expected = el("div", { class: "panel" });
  const score = el("div", { class: "panel" });
  const table = dataTable({
    summary: t("table"),
    caption: t("table_caption"),
    columns: [t("col_word"), t("col_p"), t("col_first"), t("col_yours")],
  });
  const sums = el("p", { class: "gb-muted" });
  put(
    main,
    el("p", { class: "lead" }, t("lead")),
    text,
    el(
      "p",
      { class: "legend", "aria-hidden": "true" },
      el("span", { class: "l-you" }, t("legend_you")),
      el("span", { class: "l-model" }, t("legend_model")),
    ),
    fig.status,
    choices,
    el("div", { class: "panels" }, expected, score),
    sums,
    el(
      "details",
      { class: "how" },
      el("summary", { "data-lm-suppress-shortcuts": "true" }, t("how")),
      el("p", {}, t("how_1")),
      el("p", {}, t("how_2", { dictionary: dictionary.toLocaleString("en") })),
      el("p", {}, t("how_3")),
    ),
    table.node,
  );

  function begin() {
    game = {
      reader: new WordReader(gpt, tokenizer, vocab),
      left: pieces(texts[number].text),
      floor: texts[number].bits,
      shown: [],
      rows: [],
      youBits: 0,
      modelBits: 0,
      n: 0,
      you: 0,
      model: 0,
      guesses: [],
      ended: false,
      counts: true,
      code: new TwinCode(dictionary, { hits: total.you, n: total.n }),
      dice: random(number + 1),
    };
    free(); // the first word
    signs();
    text.replaceChildren();
    choose();
    put(expected, el("p", { class: "gb-muted" }, t("expected_none")));
    draw_();
  }

  /** Show one piece for nothing; both pay what the model would. */
  function free() {
    const piece = game.left.shift();
    const { bits, kindBits } = game.reader.read(piece.text);
    game.youBits += bits + kindBits;
    game.modelBits += bits + kindBits;
    game.shown.push({ text: piece.text });
  }

  function signs() {
    while (game.left.length && !game.left[0].word) free();
    if (game.left.length) {
      game.guesses = game.reader.guesses(5);
      return;
    }
    const end = game.reader.end();
    game.youBits += end;
    game.modelBits += end;
    game.ended = true;
  }

  function take(typed, byChip) {
    if (!typed.trim()) {
      fig.say(t("empty"));
      return;
    }
    const piece = game.left.shift();
    const guesses = game.guesses;
    const { p, bits, kindBits } = game.reader.read(piece.text);
    const you = same(typed, piece.text);
    const itself = guesses.length > 0 && same(guesses[0].text, piece.text);
    game.modelBits += bits + kindBits;
    game.youBits += game.code.add(you) + kindBits;
    game.n += 1;
    game.you += you;
    game.model += itself;
    game.shown.push({ text: piece.text, you, model: itself, fresh: true });
    game.rows.push([piece.text.trim(), percent(p), guesses[0]?.text.trim() ?? "", typed.trim().slice(0, 40)]);
    bars(guesses, piece.text, p, typed);
    signs();
    choose(byChip);
    draw_();
    const key = you ? (itself ? "both_right" : "you_right") : itself ? "model_right" : "none_right";
    const verdict = t(key, { word: piece.text.trim(), p: inWords(t, p) });
    fig.say(game.ended ? result() : you ? verdict : `${t("you_said", { guess: quoted(typed) })} ${verdict}`, {
      shown: !game.ended,
    });
    if (game.ended) finish();
  }

  const result = () =>
    t("done", {
      you: game.you,
      n: game.n,
      model: game.model,
      youBits: Math.round(game.youBits),
      modelBits: Math.round(game.modelBits),
      floor: Math.round(game.floor),
    });

  function finish() {
    if (game.counts) {
      total = {
        texts: total.texts + 1,
        n: total.n + game.n,
        you: total.you + game.you,
        model: total.model + game.model,
        youBits: total.youBits + game.youBits,
        modelBits: total.modelBits + game.modelBits,
      };
      kept.save(total);
    }
    draw_();
  }

  function showRest() {
    game.counts = false;
    while (game.left.length) {
      const piece = game.left.shift();
      const first = piece.word ? game.reader.guesses(1)[0] : null;
      const { p, bits, kindBits } = game.reader.read(piece.text);
      game.modelBits += bits + kindBits;
      const itself = first ? same(first.text, piece.text) : false;
      game.shown.push({ text: piece.text, model: itself });
      if (piece.word) game.rows.push([piece.text.trim(), percent(p), first?.text.trim() ?? "", "–"]);
    }
    game.modelBits += game.reader.end();
    game.ended = true;
    choose();
    draw_();
    fig.say(t("gave_up"));
  }

  function nextText() {
    number = (number + 1) % texts.length;
    fig.set("text", number);
    fig.say("");
    begin();
    choices.querySelector("button")?.focus({ preventScroll: true });
  }

  function choose(byChip) {
    if (game.ended) {
      const next = button(t("next_text"), nextText, { class: "primary" });
      put(choices, game.counts && el("p", { class: "result" }, result()), next);
      if (byChip !== undefined) next.focus({ preventScroll: true });
      return;
    }
    const chips = choicesAmong(game.guesses, words, game.dice).map((word) => button(word, () => take(word, true)));
    const own = textField({ label: t("own"), maxlength: 60, onenter: (value) => take(value, false) });
    put(
      choices,
      el("p", {}, t("choices")),
      el("div", { class: "chips" }, chips),
      el(
        "div",
        { class: "own" },
        own.node,
        button(t("guess"), () => take(own.value, false)),
        button(t("give_up"), showRest, { class: "quiet" }),
      ),
    );
    if (byChip === true) chips[0]?.focus({ preventScroll: true });
    if (byChip === false) own.input.focus({ preventScroll: true });
  }

  function bars(guesses, truth, p, typed) {
    const rows = guesses.map((g) => ({ ...g, real: same(g.text, truth), own: same(g.text, typed) }));
    if (!rows.some((r) => r.real)) rows.push({ text: truth, p, real: true, own: same(truth, typed), far: true });
    put(
      expected,
      el("p", {}, t("expected", { word: truth.trim() })),
      el(
        "ul",
        { class: "bars" },
        rows.map((r) =>
          el(
            "li",
            { class: r.real ? "is-true" : "" },
            el("span", { class: "name" }, visible(r.text.trim())),
            el("span", { class: "track" }, el("span", { class: "bar", style: width(Math.min(r.p, 1)) })),
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
  }

  function draw_() {
    put(
      text,
      game.shown.map((w, i) => {
        const blank = i && /^\s/.test(w.text) ? w.text.match(/^\s+/)[0] : "";
        return [
          blank,
          el(
            "span",
            {
              class: `word ${w.you ? "you" : ""} ${w.model ? "model" : ""} ${w.fresh && i === game.shown.length - 1 ? "fresh" : ""}`,
            },
            w.text.trim() || w.text,
          ),
        ];
      }),
      game.ended ? null : [" ", el("span", { class: "gap" }, t("gap"))],
    );
    const most = Math.max(game.counts ? game.youBits : 0, game.modelBits, game.floor, 1);
    // before the first guess: both have paid for what was shown, and for nothing else
    const given = () =>
      t("given", {
        text: game.shown
          .map((w) => w.text)
          .join("")
          .trim(),
      });
    const line = (kind, name, bits, hits) => [
      el("dt", {}, name),
      el(
        "dd",
        {},
        el("span", { class: "track" }, el("span", { class: `bar b-${kind}`, style: width(bits / most) })),
        el("span", { class: "value" }, t("bits", { bits: Math.round(bits) })),
        hits !== undefined &&
          el("span", { class: "hits" }, game.n ? `${t("hits", { hits, n: game.n })} ${t("hits_label")}` : given()),
      ),
    ];
    put(
      score,
      el("p", {}, t("score")),
      el(
        "dl",
        { class: "score" },
        game.counts ? line("you", t("you"), game.youBits, game.you) : null,
        line("model", t("model"), game.modelBits, game.counts ? game.model : undefined),
        game.ended ? line("town", t("town"), game.floor) : null,
      ),
    );
    table.update(game.rows);
    table.node.hidden = game.rows.length === 0;
    const known = {
      you: total.you + (game.ended ? 0 : game.you),
      model: total.model + (game.ended ? 0 : game.model),
      n: total.n + (game.ended ? 0 : game.n),
    };
    fig.aha(
      t(
        known.n < 10 || known.you === known.model ? "aha" : known.model > known.you ? "aha_better" : "aha_worse",
        known,
      ),
    );
    put(
      sums,
      total.texts > 0 && [
        t("total", { ...total, youBits: Math.round(total.youBits), modelBits: Math.round(total.modelBits) }),
        " ",
        button(
          t("forget"),
          () => {
            total = { ...nothing };
            kept.clear();
            draw_();
            fig.say(t("forgotten"));
          },
          { class: "quiet" },
        ),
      ],
    );
  }

  begin();
  return () => {};
}

// ---------------------------------------------------------------- the model writes on

function write(fig, main, { gpt, tokenizer, vocab }) {
  const { t } = fig;
  const end = tokenizer.special["<|endoftext|>"];
  let timer = 0;
  const throws = random(Date.now());
  let session, shares, drawn, written, over;

  const prompt = textField({
    label: t("prompt"),
    rows: 2,
    value: fig.get("prompt", FIRST_PROMPT),
    name: "prompt",
    oninput: (value) => {
      fig.set("prompt", value);
      halt();
      begin();
    },
  });
  const story = el("div", { class: "story", role: "group", "aria-label": t("output"), tabindex: "0" });
  const odds = el("div", { class: "panel" });
  const table = dataTable({
    summary: t("table"),
    caption: t("odds_caption"),
    columns: [t("col_piece"), t("col_share")],
  });
  const run = button(t("run"), () => (timer ? finish("") : start()), { class: "primary" });
  const one = button(t("one"), () => {
    halt();
    const piece = step();
    show();
    fig.say(over ? t("stopped_end") : t("one_written", { piece: visible(piece.text), p: inWords(t, piece.p) }));
  });
  const again = button(t("again"), () => {
    halt();
    begin();
    fig.say("");
  });
  put(
    main,
    el("p", { class: "lead" }, t("write_lead")),
    prompt.node,
    el("div", { class: "row" }, run, one, again),
    fig.status,
    el("div", { class: "panels" }, el("div", {}, story, el("p", { class: "legend" }, t("line"))), odds),
    el("p", { class: "gb-muted" }, t("write_note")),
    table.node,
  );
  fig.aha(t("aha"));

  function begin() {
    const { text, cropped } = clean(prompt.value);
    const ids = [end, ...tokenizer.encode(text)];
    session = gpt.start();
    shares = softmax(session.feed(ids));
    written = [];
    drawn = null;
    over = false;
    begin.text = text;
    const window = gpt.config.block_size;
    fig.say(cropped ? t("cropped") : ids.length > window ? t("window", { n: window }) : "");
    show();
  }

  /** Draw one piece; returns it. */
  function step() {
    if (over) begin();
    const id = draw(shares, throws());
    drawn = { id, shares, p: shares[id] };
    if (id === end) {
      over = true;
      return { text: "", p: drawn.p };
    }
    shares = softmax(session.feed(id));
    written.push({ id, p: drawn.p });
    return { text: vocab[id].text, p: drawn.p };
  }

  function start() {
    let left = AT_ONCE;
    put(run, t("stop"));
    if (reducedMotion()) {
      while (left > 0 && !over) {
        step();
        left -= 1;
      }
      finish(over ? t("stopped_end") : t("stopped_long"));
      return;
    }
    fig.say("");
    const tick = () => {
      step();
      left -= 1;
      show();
      if (over || left === 0) {
        finish(over ? t("stopped_end") : t("stopped_long"));
        return;
      }
      timer = setTimeout(tick, PAUSE);
    };
    timer = setTimeout(tick, 0);
  }

  function halt() {
    if (timer) clearTimeout(timer);
    timer = 0;
    put(run, t("run"));
  }

  function finish(why) {
    halt();
    show();
    if (why) fig.say(why);
    else
      fig.say(t("written", { text: visible(tokenizer.decode(written.map((w) => w.id)), { spaces: "none" }) }), {
        shown: false,
      });
  }

  /** Pieces may end inside a character, so they are shown in the smallest groups that decode whole. */
  function groups() {
    const out = [];
    let open = [];
    for (const { id, p } of written) {
      open.push(id);
      const text = tokenizer.decode(open);
      if (!text.endsWith("\uFFFD") || open.length > 3) {
        out.push({ text, p });
        open = [];
      }
    }
    if (open.length) out.push({ text: tokenizer.decode(open), p: 1 });
    return out;
  }

  function show() {
    const spans = groups();
    put(
      story,
      el("span", { class: "given" }, visible(begin.text, { spaces: "none" }).replace(/↵/g, "\n")),
      spans.map((g, i) =>
        el(
          "span",
          {
            class: `piece ${i === spans.length - 1 ? "latest" : ""}`,
            style: { "--p": g.p.toFixed(3) },
            title: percent(g.p),
          },
          g.text,
        ),
      ),
    );
    story.scrollTop = story.scrollHeight;
    const name = (id) => (id === end ? t("end_piece") : visible(vocab[id].text) || "·");
    const now = drawn?.shares ?? shares;
    const rows = top(now, 6);
    if (drawn && !rows.some((r) => r.id === drawn.id)) rows.push({ id: drawn.id, p: drawn.p });
    const rest = 1 - rows.reduce((sum, r) => sum + r.p, 0);
    put(
      odds,
      el("p", {}, t(drawn ? "odds_drawn" : "odds")),
      el(
        "ul",
        { class: "bars" },
        rows.map((r) => {
          const hit = drawn?.id === r.id;
          return el(
            "li",
            { class: hit ? "is-true" : "" },
            el("span", { class: "name gb-mono" }, name(r.id)),
            el("span", { class: "track" }, el("span", { class: "bar", style: width(r.p) })),
            el("span", { class: "share" }, percent(r.p)),
            el("span", { class: "tags" }, hit && el("span", { class: "tag true" }, `✓ ${t("drawn")}`)),
          );
        }),
        el(
          "li",
          { class: "more" },
          el("span", { class: "name" }, t("others", { n: (now.length - rows.length).toLocaleString("en") })),
          el("span", { class: "track" }, el("span", { class: "bar", style: width(Math.max(0, rest)) })),
          el("span", { class: "share" }, percent(Math.max(0, rest))),
        ),
      ),
    );
    table.update(rows.map((r) => [name(r.id), percent(r.p)]));
  }

  begin();
  return () => {
    halt();
  };
}
