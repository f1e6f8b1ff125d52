// What the figure opens with: the letter up to the name that is due, what one head looks at there, a switch for
// that head, and what the model then expects.
import { button, dataTable, el, MAIN, put, svg } from "../core/index.js";
import { endsWord } from "../softmax_sampling/logic.js";
import { which } from "./after.js";
import { percent } from "./words.js";

const LOOKED = 0.05; // a share of the look that is shown
const [FROM_ON, FROM_OFF, ROWS] = [2, 4, 5]; // likeliest words taken from each side, and rows in all

/** `ontoggle()` hears that the reader has used the switch. */
export function scenePanel(fig, look, ontoggle) {
  const { t } = fig;
  const { engine, data } = look;
  const head = data.jobs.fetch;
  const letter = letterParts(look);
  const text = textPanel(look, letter);
  const rows = wordRows(t, letter.name);
  const flip = button("", ontoggle, { class: "flip", role: "switch" });
  const said = el("p", { class: "said" });
  const table = dataTable({
    summary: t("table_words"),
    caption: t("table_words"),
    columns: ["word", "on", "now"].map((key) => t(`column_word_${key}`)),
  });
  let words = null; // [{ path, text, on }]
  let acted = false;

  /** Read the letter with all heads and without the one, so that the switch finds its answer ready. */
  async function begin() {
    const ends = letter.ends;
    const [whole, on, off] = await Promise.all([
      engine.ask("read", letter.ids, []),
      engine.ask("guess", letter.ids, [], FROM_ON, ends),
      engine.ask("guess", letter.ids, [head], FROM_OFF, ends),
    ]);
    const paths = [letter.path, ...off, ...on].filter(
      (path, i, all) => all.findIndex((other) => String(other) === String(path)) === i,
    );
    words = paths.slice(0, ROWS).map((path) => ({ path, text: wordOf(look, path) }));
    text.look(whole.shares[head].at(-1));
    const with_all = await expected([]);
    words.forEach((word, i) => {
      word.on = with_all[i];
    });
    rows.choose(words);
    await Promise.all([expected([head]), draw()]);
  }

  const known = new Map(); // heads that are off -> shares of the words
  function expected(off) {
    const key = off.join();
    if (!known.has(key))
      known.set(
        key,
        engine.ask(
          "shares",
          letter.ids,
          off,
          words.map((word) => word.path),
        ),
      );
    return known.get(key);
  }

  async function draw() {
    const { off } = look;
    const isOn = !off.includes(head);
    flip.setAttribute("aria-checked", String(isOn));
    put(flip, el("span", { class: "knob", "aria-hidden": "true" }), t("flip", { head: look.name(head) }), " ");
    flip.append(el("b", {}, t(isOn ? "is_on" : "is_off")));
    if (!words) return;
    const shares = await expected(off);
    if (off !== look.off) return;
    const best = shares.indexOf(Math.max(...shares));
    text.draw(isOn, words[best].text, best === 0);
    rows.draw(shares, acted || off.length > 0);
    put(said, sentence(isOn));
    table.update(words.map((word, i) => [word.text, percent(word.on), percent(shares[i])]));
    if (!acted) return;
    const numbers = { name: letter.name, head: look.name(head), on: percent(words[0].on), now: percent(shares[0]) };
    if (String(off) === String(head)) fig.aha(t(shares[0] < words[0].on / 2 ? "aha" : "aha_little", numbers));
    const heads = off.length ? t("say_heads_off", { heads: which(t, look) }) : t("say_on");
    fig.say(`${heads} ${t("say_word", numbers)}`, { shown: false });
  }
  function sentence(isOn) {
    const share = text.looked.reduce((sum, x) => sum + x.share, 0);
    const others = look.off.filter((n) => n !== head).length;
    const first = isOn
      ? t("scene_look", { head: look.name(head), share: percent(share), name: text.words() })
      : t("scene_off", { head: look.name(head) });
    return others ? `${first} ${t("scene_others", { n: others })}` : first;
  }

  const node = el(
    "div",
    { class: "scene" },
    text.node,
    said,
    el("div", { ...MAIN.control }, flip),
    el("div", { ...MAIN.response }, el("p", { class: "subsub" }, t("expects")), rows.node),
  );
  return { node, table: table.node, begin, draw, act: () => (acted = true), head, stop: text.stop };
}

/** The letter up to where it says the name again: its ids, the name, and the name's tokens. */
function letterParts(look) {
  const { text, at } = look.data.texts.find((x) => x.kind === "letter");
  const { tokenizer, end } = look;
  const name = /^\p{L}+/u.exec(text.slice(at))[0];
  const all = tokenizer.encode(text);
  const [before, after] = [0, name.length].map((n) => new TextEncoder().encode(text.slice(0, at + n)).length);
  let bytes = 0;
  const stops = all.map((id) => (bytes += tokenizer.token(id).length));
  const from = stops.findIndex((stop) => stop > before);
  const to = stops.findIndex((stop) => stop >= after);
  const known = Array.from({ length: look.gpt.config.vocab_size }, (_, id) => id);
  return {
    name,
    ids: [end, ...all.slice(0, from)],
    path: all.slice(from, to + 1),
    ends: known.map((id) => (tokenizer.tokens.has(id) ? endsWord(tokenizer.token(id)) : true)),
  };
}

const bytesOf = (look, ids) => Uint8Array.from(ids.flatMap((id) => [...look.tokenizer.token(id)]));
const wordOf = (look, ids) => new TextDecoder().decode(bytesOf(look, ids)).trim();

/** The letter's beginning; what the head looks at is marked, and threads run to it from the gap. */
function textPanel(look, letter) {
  const tokens = letter.ids.slice(1).map((id) => {
    const shown = wordOf(look, [id]);
    const whole = new TextDecoder().decode(bytesOf(look, [id]));
    const node = el("span", { class: "word" }, shown);
    return { node, parts: [whole.startsWith(" ") && " ", node, whole.includes("\n") && el("br")] };
  });
  const gap = el("b", { class: "gap" }, "?");
  const threads = svg("svg", { class: "threads", "aria-hidden": "true" });
  const line = el(
    "p",
    { class: "letter" },
    tokens.map((x) => x.parts),
    " ",
    gap,
  );
  const node = el("div", { class: "page" }, line, threads);
  let looked = []; // [{ i, share }] of the tokens that are looked at

  function thread() {
    const box = node.getBoundingClientRect();
    const place = (x) => {
      const r = x.getBoundingClientRect();
      return [r.left - box.left + r.width / 2, r.top - box.top, r.height];
    };
    const [x2, y2] = place(gap);
    put(
      threads,
      looked.map(({ i, share }) => {
        const [x1, y1, tall] = place(tokens[i].node);
        const below = y1 + tall;
        const d = y2 > below ? `M${x2},${y2} C${x2},${below} ${x1},${y2} ${x1},${below}` : "";
        return svg("path", { d, "stroke-width": 1 + 9 * share });
      }),
    );
  }
  const observer = globalThis.ResizeObserver ? new ResizeObserver(thread) : null;
  observer?.observe(node);
  return {
    node,
    look(row) {
      looked = Array.from(row, (share, i) => ({ i: i - 1, share })).filter((x) => x.i >= 0 && x.share >= LOOKED);
      for (const { i, share } of looked) {
        tokens[i].node.classList.add("looked");
        tokens[i].node.style.setProperty("--share", share.toFixed(3));
      }
      thread();
    },
    draw(isOn, word, right) {
      node.classList.toggle("cut", !isOn);
      gap.textContent = word;
      gap.classList.toggle("wrong", !right);
      thread();
    },
    get looked() {
      return looked;
    },
    words: () => looked.map(({ i }) => tokens[i].node.textContent).join(""),
    stop: () => observer?.disconnect(),
  };
}

/** A bar for each word that may come; all but the name that did come wait until a head has been off. */
function wordRows(t, name) {
  const rows = Array.from({ length: ROWS + 1 }, () => {
    const r = { name: el("span", { class: "t" }), fill: el("span", { class: "gb-fill" }), value: el("span") };
    r.value.className = "value";
    r.node = el("li", {}, r.name, el("span", { class: "track", "aria-hidden": "true" }, r.fill), r.value);
    return r;
  });
  rows[0].node.className = "came";
  rows[0].name.textContent = name;
  rows[ROWS].name.textContent = t("others");
  rows[ROWS].node.className = "rest";
  return {
    node: el(
      "ol",
      { class: "words" },
      rows.map((r) => r.node),
    ),
    choose(words) {
      words.forEach((word, i) => {
        rows[i].name.textContent = word.text;
      });
    },
    draw(shares, all) {
      const rest = Math.max(0, 1 - shares.reduce((sum, p) => sum + p, 0));
      [...shares, ...Array(ROWS - shares.length).fill(null), rest].forEach((p, i) => {
        rows[i].node.classList.toggle("waits", p === null || (i > 0 && !all));
        rows[i].fill.style.inlineSize = `${(100 * (p ?? 0)).toFixed(2)}%`;
        rows[i].value.textContent = percent(p ?? 0);
      });
    },
  };
}
