// The tokenizer figure: learn merges one by one, weigh the same words in sixteen languages, look for
// letters in tokens. The computing is in logic.js and core/tokenizer.js.
import {
  button,
  checkbox,
  clean,
  dataTable,
  el,
  frame,
  loadFile,
  MAX_CHARS,
  put,
  radios,
  reducedMotion,
  select,
  slider,
  svg,
  textField,
} from "../core/index.js";
import {
  after,
  bill,
  candidates,
  chunkCounts,
  countCharacters,
  curve,
  fromPairs,
  label,
  learn,
  letters,
  measure,
  pieces,
  visible,
} from "./logic.js";
import strings from "./strings.json";
import css from "./style.css";

const MAX_MERGES = 500;
const SHOWN = 1200; // chips drawn; counting goes on behind
const MIXES = ["english", "mixed", "chinese"];
const MARKS = { english: "E", mixed: "M", chinese: "C" };
const VIEWS = ["train", "tax", "letters"];
const WINDOWS = [2048, 4097, 8192, 32768, 128000, 200000, 1000000];
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

const count = (n) => n.toLocaleString("en-US");
const money = (x) =>
  x.toLocaleString("en-US", { style: "currency", currency: "USD", maximumFractionDigits: x < 100 ? 2 : 0 });
const percent = (x) =>
  `${(100 * x).toLocaleString("en-US", x < 0.01 ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 1, maximumFractionDigits: 1 })}%`;
const oneOf = (value, choices) => (choices.includes(value) ? value : choices[0]);

/** One token as a chip: whole characters as text, other bytes as hex, its id if asked for. */
function chip(bpe, id, { ids = false, fresh = false } = {}) {
  const parts = pieces(bpe.token(id)).map((p) =>
    "text" in p ? el("bdi", {}, visible(p.text)) : el("span", { class: "hex" }, p.hex),
  );
  return el("span", { class: `tok c${id % 5}${fresh ? " fresh" : ""}` }, parts, ids && el("span", { class: "id" }, id));
}

function chips(node, bpe, ids, t, options = {}) {
  put(
    node,
    ids.slice(0, SHOWN).map((id) => chip(bpe, id, { ...options, fresh: id === options.freshId })),
    ids.length > SHOWN && el("span", { class: "gb-muted" }, t("more", { n: count(ids.length - SHOWN) })),
  );
}

/** Call at most once in `ms`, with the last arguments. */
function later(fn, ms) {
  let timer = 0;
  const call = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => fn(...args), ms);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}

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
    const { t } = fig;
    const state = Object.fromEntries(Object.entries(START).map(([key, value]) => [key, fig.get(key, value)]));
    const set = (key, value) => {
      state[key] = value;
      fig.set(key, value);
    };
    const stops = [];
    put(fig.body, el("p", { class: "gb-muted" }, t("loading")));
    loadFile(model, "tokens").then((data) => build(data), fig.fail);

    const say = later((text) => fig.say(text), 500);
    stops.push(say.cancel);

    function build(data) {
      const corpora = ["port_ellery", "mixed", "chinese", "own"];
      state.view = oneOf(state.view, VIEWS);
      state.corpus = oneOf(state.corpus, corpora);
      const views = {
        train: trainView(data, corpora),
        tax: null,
        letters: null,
      };
      const trained = { train: views.train };
      const make = { tax: () => taxView(data, trained.train), letters: () => lettersView(data, trained.train) };
      const stage = el("div", { class: "stage" });
      const tabs = radios({
        legend: t("view"),
        inline: true,
        value: state.view,
        options: VIEWS.map((v) => [v, t(`view_${v}`)]),
        onchange: (v) => {
          set("view", v);
          show();
        },
      });
      tabs.node.classList.add("tabs");
      tabs.node.querySelector("legend").classList.add("gb-hidden-text");
      function show() {
        views.train.pause();
        views[state.view] ??= make[state.view]();
        put(stage, views[state.view].node);
        views[state.view].draw();
      }
      put(fig.body, tabs.node, stage);
      fig.aha(t("aha"));
      fig.root
        .querySelector(".gb-aha")
        .after(
          el(
            "p",
            { class: "gb-muted small" },
            t("simplified", { vocab: count(data.vocab_size), kb: count(data.training_bytes / 1000) }),
          ),
        );
      fig.onChange("merges", (k) => {
        if (k !== state.merges) views.train.go(k);
      });
      show();
    }

    // ------------------------------------------------------------ train it

    function trainView(data, corpora) {
      let steps = [],
        counts = new Map(),
        bpe = null,
        text = "",
        timer = 0;
      const note = el("p", { class: "gb-muted small" });
      const ownNote = el("p", { class: "gb-muted small" });
      const remark = (node, { cropped, repaired }) => {
        node.textContent = [cropped && t("cropped", { n: count(MAX_CHARS) }), repaired && t("repaired")]
          .filter(Boolean)
          .join(" ");
        node.hidden = !node.textContent;
      };
      const corpus = select({
        label: t("corpus"),
        value: state.corpus,
        options: corpora.map((c) => [
          c,
          t(`corpus_${c}`, { kb: Math.round(new TextEncoder().encode(data.corpora[c] ?? "").length / 1000) }),
        ]),
        onchange: (c) => {
          set("corpus", c);
          own.node.hidden = c !== "own";
          if (c === "own") own.input.focus();
          relearn();
        },
      });
      const own = textField({
        label: t("own"),
        value: state.own,
        rows: 4,
        oninput: (v) => {
          set("own", v);
          relearnSoon();
        },
      });
      own.node.hidden = state.corpus !== "own";
      const field = textField({
        label: t("text"),
        value: state.text,
        rows: 2,
        dir: "auto",
        oninput: (v) => {
          set("text", v);
          retext();
          drawSoon();
          if (!text) unsay();
        },
      });
      const merges = slider({
        label: t("merges"),
        min: 0,
        max: MAX_MERGES,
        step: 1,
        value: state.merges,
        format: (k) => t("of", { k: count(k), n: count(Math.min(MAX_MERGES, steps.length || MAX_MERGES)) }),
        oninput: (k) => {
          pause();
          go(k);
        },
      });
      const back = button(t("back"), () => {
        pause();
        go(state.merges - 1);
      });
      const forward = button(
        t("step"),
        () => {
          pause();
          go(state.merges + 1);
        },
        { class: "primary" },
      );
      const play = button(t("play"), () => (timer ? pause() : start()));
      const ids = checkbox({
        label: t("ids"),
        value: state.ids,
        onchange: (v) => {
          set("ids", v);
          draw();
        },
      });
      play.hidden = reducedMotion();
      const tokens = el("div", {
        class: "toks",
        dir: "auto",
        tabindex: "0",
        "data-lm-suppress-shortcuts": "true",
        role: "group",
        "aria-label": t("pieces"),
      });
      const stats = el("dl", { class: "stats" });
      const plot = el("div", { class: "curve" });
      const contest = el("ol", { class: "contest" });
      const contestNote = el("p", { class: "gb-muted small" });
      const learned = el("div", { class: "learned" });
      const learnedNote = el("p", { class: "gb-muted small" });
      const mergeTable = dataTable({
        summary: t("train_table"),
        caption: t("train_caption"),
        columns: ["column_merge", "column_left", "column_right", "column_token", "column_count", "column_id"].map((c) =>
          t(c),
        ),
      });
      const curveTable = dataTable({
        summary: t("curve_table"),
        caption: t("curve_caption"),
        columns: [t("merges"), t("n_tokens")],
      });
      const node = el(
        "div",
        {},
        el("div", { class: "gb-controls" }, corpus.node),
        own.node,
        ownNote,
        el("div", { class: "gb-controls wide" }, field.node),
        note,
        el("div", { class: "gb-controls" }, merges.node, el("div", { class: "buttons" }, back, forward, play)),
        plot,
        stats,
        tokens,
        ids.node,
        el(
          "div",
          { class: "two" },
          el("div", {}, el("p", { class: "sub" }, t("next")), contest, contestNote),
          el("div", {}, el("p", { class: "sub" }, t("learned")), learned, learnedNote),
        ),
        el("div", { class: "tables" }, mergeTable.node, curveTable.node),
      );

      function pause() {
        if (!timer) return;
        clearInterval(timer);
        timer = 0;
        play.textContent = t("play");
      }
      function start() {
        if (state.merges >= steps.length) go(0);
        play.textContent = t("pause");
        timer = setInterval(() => (state.merges < steps.length ? go(state.merges + 1) : pause()), 220);
      }
      stops.push(pause);

      /** An emptied box is said at once: the old count is wrong now. */
      function unsay() {
        say.cancel();
        fig.say(t("text_empty"));
      }
      function retext() {
        const cleaned = clean(field.value);
        text = cleaned.text;
        remark(note, cleaned);
        plotted = null;
      }
      function relearn() {
        pause();
        const typed = clean(state.corpus === "own" ? own.value : "");
        remark(ownNote, typed);
        const source = state.corpus === "own" ? typed.text : data.corpora[state.corpus];
        counts = chunkCounts(source);
        steps = learn(source, MAX_MERGES);
        merges.input.max = steps.length;
        plotted = null;
        mergeTable.update(
          steps.map((s, i) => [count(i + 1), label(s.left), label(s.right), label(s.token), count(s.count), s.id]),
        );
        show(wanted);
      }
      const relearnSoon = later(relearn, 250);
      stops.push(relearnSoon.cancel);

      let wanted = state.merges; // kept when a short text has fewer merges to learn
      function go(k) {
        wanted = k;
        show(k);
      }
      function show(k) {
        set("merges", Math.max(0, Math.min(Math.round(k) || 0, steps.length)));
        merges.value = state.merges;
        draw();
      }

      let plotted = null; // the curve, until the text or the steps change
      let asked = 0;
      function draw() {
        const k = state.merges;
        bpe = after(steps, k);
        const encoded = bpe.encode(text);
        const characters = countCharacters(text);
        const per = encoded.length ? (characters / encoded.length).toFixed(2) : "–";
        chips(tokens, bpe, encoded, t, { ids: state.ids, freshId: steps[k - 1]?.id });
        put(
          stats,
          [
            [encoded.length, "n_tokens"],
            [per, "per_token"],
            [256 + new Set(steps.slice(0, k).map((s) => s.id)).size, "n_vocabulary"],
          ].map(([n, key]) => el("div", {}, el("dd", {}, typeof n === "number" ? count(n) : n), el("dt", {}, t(key)))),
        );
        back.disabled = k === 0;
        forward.disabled = k === steps.length;
        put(
          learned,
          steps
            .slice(Math.max(0, k - 12), k)
            .reverse()
            .map((s, i) => chip(bpe, s.id, { ids: state.ids, fresh: i === 0 })),
        );
        learnedNote.textContent = k ? t("learned_sentence", { n: count(k) }) : t("learned_none");
        plotted ??= curve(steps, text, text.length > 2000 ? 16 : 48);
        drawCurve(plot, plotted, k, encoded.length, t);
        cancelAnimationFrame(asked);
        const points = plotted; // a text typed before the next frame takes the curve away
        if (state.view === "train") asked = requestAnimationFrame(() => drawContest(encoded, per, points));
      }
      const drawSoon = later(draw, 120);
      stops.push(drawSoon.cancel, () => cancelAnimationFrame(asked));

      function drawContest(encoded, per, points) {
        const best = candidates(counts, bpe, 5).filter((c) => c.count > 1);
        put(
          contest,
          best.map((c, i) =>
            el(
              "li",
              { class: i ? "" : "winner" },
              el(
                "span",
                { class: "pair" },
                chip(bpe, c.left),
                el("span", { "aria-hidden": "true" }, "+"),
                chip(bpe, c.right),
              ),
              el(
                "span",
                { class: "track" },
                el("span", { class: "gb-fill", style: { "inline-size": `${(100 * c.count) / best[0].count}%` } }),
              ),
              el("span", { class: "num" }, t("times", { count: count(c.count) })),
            ),
          ),
        );
        const none = counts.size ? t("next_none") : t("learn_empty");
        contestNote.textContent = !best.length
          ? none
          : state.merges === MAX_MERGES
            ? t("next_limit")
            : best[1]?.count === best[0].count
              ? t("next_tie")
              : "";
        curveTable.update(points.map(([k, n]) => [count(k), count(n)]));
        const next =
          best.length &&
          t("train_next", {
            left: label(bpe.token(best[0].left)),
            right: label(bpe.token(best[0].right)),
            count: count(best[0].count),
          });
        if (state.view === "train")
          say(
            text
              ? t("train_say", { k: count(state.merges), tokens: count(encoded.length), per, next: next || none })
              : t("text_empty"),
          );
      }

      retext();
      relearnSoon.cancel();
      relearn();
      return { node, draw, go, pause, bpe: () => bpe };
    }

    // ------------------------------------------------------------ the language tax

    const tokenizers = {};
    const tokenizer = (data, train, mix) => {
      if (mix === "mine") return train.bpe();
      const flat = data.tokenizers[mix];
      tokenizers[mix] ??= fromPairs(Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]));
      return tokenizers[mix];
    };
    const mixOptions = () => [...MIXES, "mine"].map((m) => [m, t(`mix_${m}`)]);

    function taxView(data, train) {
      state.mix = oneOf(state.mix, [...MIXES, "mine"]);
      state.window = oneOf(state.window, [4097, ...WINDOWS]);
      const mix = radios({
        legend: t("mix"),
        value: state.mix,
        options: mixOptions(),
        inline: true,
        onchange: (v) => {
          set("mix", v);
          draw();
        },
      });
      const price = textField({
        label: t("price"),
        value: String(state.price),
        type: "number",
        min: "0",
        step: "0.01",
        inputmode: "decimal",
        oninput: (v) => {
          const x = Number(v);
          if (v !== "" && Number.isFinite(x) && x >= 0) {
            set("price", Math.min(x, 1e6));
            draw();
          }
        },
      });
      const window_ = select({
        label: t("window"),
        value: String(state.window),
        options: WINDOWS.map((w) => [String(w), count(w)]),
        onchange: (v) => {
          set("window", +v);
          draw();
        },
      });
      const yours = textField({
        label: t("yours"),
        value: state.yours,
        dir: "auto",
        oninput: (v) => {
          set("yours", v);
          drawSoon();
        },
      });
      const list = el("ul", { class: "tax" });
      const legend = el("p", { class: "gb-muted small" });
      const title = el("p", { class: "sub" });
      const tokens = el("div", { class: "toks", tabindex: "0", role: "group", "data-lm-suppress-shortcuts": "true" });
      const table = dataTable({
        summary: t("tax_table"),
        caption: t("tax_caption"),
        columns: [
          t("head_language"),
          t("column_bytes"),
          ...MIXES.map((m) => t(`mix_${m}`)),
          t("column_cost"),
          t("column_share"),
          t("column_fit"),
        ],
      });
      const node = el(
        "div",
        {},
        el("p", {}, t("tax_intro")),
        mix.node,
        el("div", { class: "gb-controls" }, price.node, window_.node, yours.node),
        el(
          "p",
          { class: "taxhead gb-muted small", "aria-hidden": "true" },
          el("span", { class: "name" }, t("head_language")),
          el("span", { class: "tokens" }, t("head_tokens")),
          el("span", { class: "times" }, t("head_times")),
          el("span", { class: "cost" }, t("head_cost")),
          el("span", { class: "share" }, t("head_share")),
        ),
        list,
        legend,
        el("div", {}, title, tokens),
        table.node,
      );

      // The rows stay; only what is in them changes, so that keyboard focus does too.
      const rows = new Map();
      const row = (p) => {
        if (!rows.has(p.code)) {
          const parts = {
            name: button(
              "",
              () => {
                set("lang", p.code);
                draw();
              },
              { class: "quiet name", "aria-pressed": "false" },
            ),
            track: el("span", { class: "track", "aria-hidden": "true" }),
            tokens: el("span", { class: "tokens" }),
            times: el("span", { class: "times" }),
            cost: el("span", { class: "cost" }),
            share: el("span", { class: "share" }),
          };
          put(parts.name, p.name, p.own && p.own !== p.name && [" ", el("bdi", { class: "own", lang: p.code }, p.own)]);
          rows.set(p.code, {
            ...parts,
            node: el("li", {}, parts.name, parts.tokens, parts.times, parts.cost, parts.share, parts.track),
          });
        }
        return rows.get(p.code);
      };

      function draw() {
        const own = clean(yours.value);
        const texts = [...data.paragraphs];
        if (own.text) texts.unshift({ code: "yours", name: t("yours_name"), own: "", dir: "auto", text: own.text });
        const chosen = tokenizer(data, train, state.mix);
        const sizes = texts.map((p) => {
          const by = Object.fromEntries(MIXES.map((m) => [m, tokenizer(data, train, m).encode(p.text).length]));
          const m = measure(p.text, chosen);
          return { p, by, ...m, ...bill(m.tokens, state.price, state.window) };
        });
        const english = sizes.find((s) => s.p.code === "en").tokens;
        const scale = 1.1 * Math.max(...sizes.flatMap((s) => [s.tokens, ...Object.values(s.by)])); // room for the marks
        for (const s of sizes) {
          const r = row(s.p);
          const marks = [];
          for (const m of MIXES.filter((m) => m !== state.mix).sort((a, b) => s.by[a] - s.by[b])) {
            const at = (100 * s.by[m]) / scale;
            const near = marks.at(-1);
            const mark = el(
              "span",
              { class: "mark", style: { "inset-inline-start": `${at}%` } },
              el("b", {}, MARKS[m]),
            );
            if (near && at - near.at < 5) near.node.classList.add(near.close ? "below" : "before"); // too close for two labels on one side
            marks.push({ at, node: mark, close: near && at - near.at < 5 });
          }
          put(
            r.track,
            el("span", {
              class: `gb-fill${s.p.code === state.lang ? " on" : ""}`,
              style: { "inline-size": `${(100 * s.tokens) / scale}%` },
            }),
            marks.map((m) => m.node),
          );
          r.tokens.textContent = count(s.tokens);
          r.times.textContent = t("times_english", { x: (s.tokens / english).toFixed(1) });
          r.cost.textContent = money(s.cost * 1e6);
          r.share.textContent = percent(s.share);
          r.name.setAttribute("aria-pressed", String(s.p.code === state.lang));
        }
        const wanted = sizes.map((s) => row(s.p).node);
        if (wanted.length !== list.children.length) put(list, wanted); // moving a row would take the focus from it
        legend.textContent = t("ticks", {
          marks: MIXES.filter((m) => m !== state.mix)
            .map((m) => t("mark", { letter: MARKS[m], name: t(`mix_${m}`) }))
            .join(", "),
        });
        const shown = texts.find((p) => p.code === state.lang) ?? texts.at(-1);
        title.textContent = t("tax_chips", { language: shown.name });
        tokens.setAttribute("dir", shown.dir);
        tokens.setAttribute("aria-label", title.textContent);
        chips(tokens, chosen, chosen.encode(shown.text), t);
        table.update(
          sizes.map((s) => [
            s.p.name,
            count(s.bytes),
            ...MIXES.map((m) => count(s.by[m])),
            money(s.cost * 1e6),
            percent(s.share),
            s.fit === Infinity ? "–" : count(s.fit),
          ]),
        );
        const top = data.paragraphs.map((p) => sizes.find((s) => s.p === p)).sort((a, b) => b.tokens - a.tokens)[0];
        const of = (code) => count(sizes.find((s) => s.p.code === code).tokens);
        say(
          t("tax_say", {
            mix: t(`mix_${state.mix}`),
            en: of("en"),
            zh: of("zh"),
            most: top.p.name,
            n: count(top.tokens),
          }),
        );
      }
      const drawSoon = later(draw, 150);
      stops.push(drawSoon.cancel);
      return { node, draw };
    }

    // ------------------------------------------------------------ find the letters

    function lettersView(data, train) {
      state.letters_mix = oneOf(state.letters_mix, [...MIXES, "mine"]);
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
        options: mixOptions(),
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
        el("div", { class: "gb-controls" }, word.node, letter.node, mix.node),
        el("div", { class: "rowpair" }, el("p", { class: "sub" }, t("you_see")), seen),
        el("div", { class: "rowpair" }, el("p", { class: "sub" }, t("model_gets")), numbers),
        insideRow,
        toggle,
      );

      function draw() {
        const text = clean(word.value, 200).text;
        const wanted = [...clean(letter.value).text.trim()][0] ?? "";
        const bpe = tokenizer(data, train, state.letters_mix);
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
        const n = found.ids.length;
        const key =
          !text || !wanted
            ? "letters_none"
            : !found.count
              ? "letters_absent"
              : n === 1
                ? "letters_one"
                : found.hidden
                  ? "letters_some"
                  : "letters_all";
        say(
          t(key, {
            word: visible(text.length > 40 ? `${[...text].slice(0, 39).join("")}…` : text),
            letter: visible(wanted),
            count: count(found.count),
            tokens: count(n),
            alone: count(found.alone),
            hidden: count(found.hidden),
            ids: found.ids[0],
          }),
        );
      }
      return { node, draw };
    }

    return () => {
      stops.forEach((stop) => stop());
      fig.destroy();
    };
  },
};

/** Tokens of the text against merges learned, with a dot where the reader is. */
function drawCurve(node, points, k, now, t) {
  const [W, H, PAD] = [600, 84, 6];
  const n = points.at(-1)[0] || 1;
  const first = points[0][1];
  const x = (m) => PAD + ((W - 2 * PAD) * m) / n;
  const y = (tokens) => H - PAD - ((H - 3.6 * PAD) * tokens) / (first || 1);
  const line = points.map(([m, tokens]) => `${x(m).toFixed(1)},${y(tokens).toFixed(1)}`).join(" ");
  put(
    node,
    svg(
      "svg",
      {
        viewBox: `0 0 ${W} ${H}`,
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": t("curve", {
          first: count(first),
          now: count(now),
          k: count(k),
          last: count(points.at(-1)[1]),
          n: count(points.at(-1)[0]),
        }),
      },
      svg("polygon", { class: "area", points: `${x(0)},${H - PAD} ${line} ${x(n)},${H - PAD}` }),
      svg("polyline", { class: "line", points: line, "vector-effect": "non-scaling-stroke" }),
      svg("line", {
        class: "here",
        x1: x(k),
        x2: x(k),
        y1: y(now),
        y2: H - PAD,
        "vector-effect": "non-scaling-stroke",
      }),
    ),
    el("span", {
      class: "dot",
      "aria-hidden": "true",
      style: { "inset-inline-start": `${(100 * x(k)) / W}%`, "inset-block-start": `${(100 * y(now)) / H}%` },
    }),
    el("span", { class: "start", "aria-hidden": "true" }, t("curve_bytes", { n: count(first) })),
    el("span", { class: "end", "aria-hidden": "true" }, t("curve_tokens", { n: count(points.at(-1)[1]) })),
  );
}
