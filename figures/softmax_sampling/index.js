// The sampling bench: the trained model's next-token distribution under every setting, dice to throw
// with them, and the probability that the answer comes out right. The computing is in logic.js.
import {
  button,
  clean,
  dataTable,
  el,
  frame,
  loadFile,
  loadModel,
  put,
  random,
  reducedMotion,
  slider,
  svg,
  textField,
  uid,
  whenNear,
} from "../core/index.js";
import { label } from "../tokens/logic.js";
import {
  answerShares,
  answerTree,
  bars,
  distribution,
  endsWord,
  entropy,
  MAX_SEED,
  OPEN,
  pick,
  prepare,
  seedOf,
} from "./logic.js";
import strings from "./strings.json";
import css from "./style.css";

const SHOWN = 12;
const WRITE = 60; // tokens of a continuation
const END = "<|endoftext|>";
const KS = [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 50, 75, 100, 200, 500, 0]; // 0: off
const TEMPERATURES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.4, 1.6, 1.8, 2, 2.25, 2.5, 2.75, 3];
const START = { prompt: "", fact: "", temperature: 1, top_k: 0, top_p: 1, min_p: 0, penalty: 1, seed: 1 };

const number = (n) => n.toLocaleString("en-US");
const percent = (p) => {
  if (p <= 0) return "0%";
  if (p >= 0.9995) return p > 0.99995 ? "100%" : "99.9%";
  return p < 0.0001 ? "<0.01%" : `${(100 * p).toFixed(p < 0.01 ? 2 : 1)}%`;
};
const trim = (x, digits) => String(+x.toFixed(digits));

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "softmax_sampling", css, strings, permalink: Object.keys(START) });
    const { t } = fig;
    const stops = [];
    put(fig.body, el("p", { class: "gb-muted" }, t("loading")));
    whenNear(fig.root)
      .then(() => Promise.all([loadModel(model, "base"), loadFile(model, "softmax_sampling")]))
      .then(([trained, facts]) => bench(fig, t, trained, facts, stops))
      .catch(fig.fail);
    return () => {
      stops.forEach((stop) => stop());
      fig.destroy();
    };
  },
};

function bench(fig, t, { gpt, tokenizer }, { facts, answers, openings, n_documents }, stops) {
  const vocab = gpt.config.vocab_size;
  const state = Object.fromEntries(Object.entries(START).map(([key, value]) => [key, fig.get(key, value)]));
  state.prompt ||= openings[0];
  state.seed = seedOf(state.seed);
  const set = (key, value) => {
    state[key] = value;
    fig.set(key, value);
  };
  const settings = () => ({
    temperature: state.temperature,
    topK: state.top_k,
    topP: state.top_p,
    minP: state.min_p,
    penalty: state.penalty,
  });
  const show = (id) => label(tokenizer.token(id));
  const end = tokenizer.special[END];
  const ends = Array.from({ length: vocab }, (_, id) =>
    tokenizer.tokens.has(id) ? endsWord(tokenizer.token(id)) : true,
  );

  // What is being looked at.
  let session,
    context,
    logits,
    dist,
    rng = random(state.seed),
    tally = new Map(),
    drawn = [];
  // The question of fact: what it is, its tokens, its answers as a tree, the logits after each of their tokens.
  let fact = facts.find((f) => f.prompt === state.fact) ?? facts.find((f) => f.group === "sometimes") ?? facts[0];
  let asked = [],
    tree = null,
    after = null,
    prepared = new Map();
  let reading = 0; // which reading of the answers is the latest
  let writing = 0,
    turns = 0; // which continuation is being written, 0 for none

  // ---------------------------------------------------------------- controls

  const menuId = uid("prompt");
  const factMenuId = uid("fact");
  const groups = (words) =>
    [...new Set(facts.map((f) => f.group))].map((group) => {
      const mine = facts.filter((f) => f.group === group);
      const about = t(`group_${group}`, {
        name: mine[0].name,
        n: number(mine[0].documents ?? 0),
        of: number(n_documents),
      });
      return el(
        "optgroup",
        { label: about },
        mine.map((f) => el("option", { value: f.prompt }, words(f))),
      );
    });
  const menu = el(
    "select",
    { id: menuId, "data-lm-suppress-shortcuts": "true" },
    el(
      "optgroup",
      { label: t("group_open") },
      openings.map((p) => el("option", { value: p }, `${p.replace(/\s+/g, " ")} …`)),
    ),
    groups((f) => `${f.prompt} …`),
    el("option", { value: "" }, t("own")),
  );
  const factMenu = el(
    "select",
    {
      id: factMenuId,
      "data-lm-suppress-shortcuts": "true",
      onchange: () => ask(facts.find((f) => f.prompt === factMenu.value)),
    },
    groups((f) => t(`fact_${f.attribute}`, { name: f.name })),
  );
  menu.addEventListener("change", () => {
    if (menu.value) prompt.value = menu.value;
    else prompt.input.focus();
    read();
  });
  const prompt = textField({
    label: t("prompt"),
    value: state.prompt,
    rows: 2,
    dir: "auto",
    oninput: () => readSoon(),
  });
  const promptNote = el("p", { class: "gb-muted small", hidden: true });

  const knob = (key, options) => {
    const s = slider({
      label: t(key),
      value: state[key],
      oninput: (x) => {
        set(key, x);
        changed();
      },
      ...options,
    });
    return s;
  };
  const off = (x, none, digits) => (x === none ? t("off") : trim(x, digits));
  const bounded = (key, low, high) => {
    state[key] = Math.min(high, Math.max(low, Number(state[key]) || 0));
  };
  bounded("temperature", 0, 3);
  bounded("top_p", 0.01, 1);
  bounded("min_p", 0, 0.5);
  bounded("penalty", 1, 2);
  if (!KS.includes(state.top_k)) state.top_k = 0;
  const knobs = {
    temperature: knob("temperature", { min: 0, max: 3, step: 0.05, format: (x) => trim(x, 2) }),
    top_k: knob("top_k", {
      min: 0,
      max: KS.length - 1,
      step: 1,
      value: KS.indexOf(state.top_k),
      format: (i) => (KS[i] ? number(KS[i]) : t("off")),
      oninput: (i) => {
        set("top_k", KS[i]);
        changed();
      },
    }),
    top_p: knob("top_p", { min: 0.01, max: 1, step: 0.01, format: (x) => off(x, 1, 2) }),
    min_p: knob("min_p", { min: 0, max: 0.5, step: 0.01, format: (x) => off(x, 0, 2) }),
    penalty: knob("penalty", { min: 1, max: 2, step: 0.05, format: (x) => off(x, 1, 2) }),
  };
  const setAll = (values) => {
    for (const [key, value] of Object.entries(values)) {
      set(key, value);
      knobs[key].value = key === "top_k" ? KS.indexOf(value) : value;
    }
    changed();
  };
  const open = { temperature: 1, top_k: 0, top_p: 1, min_p: 0, penalty: 1 };
  const nucleusNote = el("span", {});

  const seed = textField({
    label: t("seed"),
    value: String(state.seed),
    type: "number",
    min: "0",
    max: String(MAX_SEED),
    step: "1",
    inputmode: "numeric",
    class: "short",
    oninput: (v) => {
      if (v === "") return; // emptied, or not yet a number
      set("seed", seedOf(v));
      if (Number(v) !== state.seed) seed.value = state.seed;
      restart();
      draw();
    },
  });
  seed.input.addEventListener("change", () => {
    seed.value = state.seed;
  });
  const one = button(t("draw_one"), () => throwDice(1), { class: "primary" });
  const twenty = button(t("draw_twenty"), () => throwDice(20));
  const clear = button(t("clear"), () => {
    restart();
    draw();
  });
  const go = button(t("continue"), () => (writing ? stopWriting() : write()));

  // ---------------------------------------------------------------- what is shown

  const drawnHead = el("span", { class: "drew" });
  const heading = el(
    "div",
    { class: "head" },
    el("p", { class: "sub" }, t("next")),
    el("span", {}),
    el("span", { class: "value" }, t("share")),
    drawnHead,
  );
  const chart = el("ol", { class: "bars" });
  const rows = Array.from({ length: SHOWN + 1 }, () => {
    const r = {
      token: button("", () => append(r.id), { class: "quiet token" }),
      track: el("span", { class: "track", "aria-hidden": "true" }),
      value: el("span", { class: "value" }),
      drew: el("span", { class: "drew" }),
    };
    r.node = el("li", {}, r.token, r.track, r.value, r.drew);
    return r;
  });
  put(
    chart,
    rows.map((r) => r.node),
  );
  const stats = el("dl", { class: "stats" });
  const networkLine = el("p", { class: "gb-muted small" });
  const drawnLine = el("div", { class: "drawn", hidden: true });
  const page = el("div", { class: "page", hidden: true });
  const factBox = el("div");
  const factPart = el(
    "div",
    { class: "fact" },
    el("div", { class: "gb-control gb-select" }, el("label", { for: factMenuId }, t("fact")), factMenu),
    factBox,
  );
  const columns = (keys) => keys.map((c) => t(`column_${c}`));
  const table = dataTable({
    summary: t("table"),
    caption: t("table_caption"),
    columns: columns(["token", "id", "logit", "network", "warm", "final", "cut", "drawn"]),
  });
  const answersTable = dataTable({
    summary: t("answers_table"),
    caption: t("answers_caption"),
    columns: columns(["answer", "share"]),
  });
  const curveTable = dataTable({
    summary: t("curve_table"),
    caption: t("fact"),
    columns: [t("temperature"), t("right")],
  });
  const writtenTable = dataTable({
    summary: t("written_table"),
    caption: t("written_table"),
    columns: columns(["token", "share"]),
  });
  writtenTable.node.hidden = true;

  put(
    fig.body,
    el(
      "div",
      { class: "gb-controls wide" },
      el("div", { class: "gb-control gb-select" }, el("label", { for: menuId }, t("prompt_menu")), menu),
      prompt.node,
    ),
    promptNote,
    el(
      "fieldset",
      { class: "knobs" },
      el("legend", { class: "gb-hidden-text" }, t("settings")),
      Object.values(knobs).map((k) => k.node),
      el(
        "div",
        { class: "buttons" },
        button(t("greedy"), () => setAll({ ...open, temperature: 0 })),
        button(t("open"), () => setAll(open)),
      ),
      el("p", { class: "gb-muted small" }, t("order", { n: number(vocab) }), " ", nucleusNote),
    ),
    el("div", { class: "gb-controls dice" }, seed.node, el("div", { class: "buttons" }, one, twenty, go, clear)),
    el("div", {}, heading, chart, el("p", { class: "gb-muted small" }, t("legend")), stats, networkLine),
    drawnLine,
    page,
    factPart,
    el("div", { class: "tables" }, table.node, writtenTable.node, answersTable.node, curveTable.node),
  );
  fig.aha(t("aha"));
  const parameters = [gpt.embed, gpt.head, ...gpt.blocks.flatMap((b) => Object.values(b))].reduce(
    (n, w) => n + (w?.length ?? 0),
    0,
  );
  fig.root
    .querySelector(".gb-aha")
    .after(
      el(
        "p",
        { class: "gb-muted small" },
        t("simplified", { params: number(Math.round(parameters / 1e4) * 1e4), vocab: number(vocab) }),
      ),
    );

  const say = later((text) => fig.say(text), 600);
  /** Read what is in the field, if it is not what was read last. */
  const catchUp = () => {
    if (clean(prompt.value).text !== state.prompt) read();
  };
  const readSoon = later(catchUp, 200);
  const curveSoon = later(drawFactCurve, 160);
  stops.push(say.cancel, readSoon.cancel, curveSoon.cancel, stopWriting, () => {
    reading++;
  });

  // ---------------------------------------------------------------- reading and looking

  function read() {
    readSoon.cancel();
    const { text, cropped, repaired } = clean(prompt.value);
    set("prompt", text);
    menu.value = [...facts.map((f) => f.prompt), ...openings].includes(text) ? text : "";
    const ids = [end, ...tokenizer.encode(text)];
    session = gpt.start();
    logits = session.feed(ids);
    context = [...session.ids];
    put(
      promptNote,
      [
        cropped && t("cropped", { n: "10,000" }),
        repaired && t("repaired"),
        / $/.test(text) && t("hint_space"),
        ids.length > context.length && t("window", { n: number(gpt.config.block_size) }),
      ]
        .filter(Boolean)
        .join(" "),
    );
    promptNote.hidden = !promptNote.textContent;
    stopWriting();
    page.hidden = writtenTable.node.hidden = true;
    restart();
    draw();
    const same = facts.find((f) => f.prompt === text);
    if (same && same !== fact) ask(same);
  }

  function changed() {
    restart();
    prepared = new Map();
    draw();
    drawFact();
  }

  /** Same seed, same dice: from the start again. */
  function restart() {
    rng = random(state.seed);
    tally = new Map();
    drawn = [];
  }

  function draw() {
    dist = distribution(logits, settings(), context);
    const { shown, tail } = bars(dist, SHOWN);
    const total = drawn.length;
    drawnHead.textContent = total ? t("drawn_head") : "";
    // The tail may be far longer than any bar: then it is cut off at twice the longest, and fades out.
    const longest = Math.max(...shown.map((b) => Math.max(b.network, b.final)));
    const scale = 1.02 * Math.max(longest, Math.min(2 * longest, Math.max(tail.network, tail.final)));
    const width = (p) => ({ "inline-size": `${Math.min(100, (100 * p) / scale)}%` });
    const fill = (r, b, times) => {
      const cut = b.cutBy && t(`cut_${b.cutBy}`);
      r.node.classList.toggle("cut", !!cut);
      r.node.classList.toggle("over", Math.max(b.network, b.final) > scale);
      r.node.classList.toggle("last", total > 0 && r.id === drawn.at(-1));
      put(
        r.track,
        el("span", { class: "gb-fill network", style: width(b.network) }),
        el("span", { class: "gb-fill final", style: width(b.final) }),
        total >= 20 &&
          times > 0 &&
          el("span", {
            class: "dot",
            style: { "inset-inline-start": `${Math.min(100, (100 * times) / total / scale)}%` },
          }),
      );
      put(
        r.value,
        cut ? el("s", {}, percent(b.warm)) : percent(b.final),
        cut && el("span", { class: "why" }, ` ${cut}`),
      );
      r.drew.textContent = total ? t("drawn_of", { n: number(times), expected: trim(total * b.final, 1) }) : "";
    };
    shown.forEach((b, i) => {
      const r = rows[i];
      r.id = b.id;
      put(r.token, el("span", { class: "gb-mono" }, b.cutBy ? el("s", {}, show(b.id)) : show(b.id)));
      r.token.setAttribute("aria-label", t("append", { token: show(b.id) }));
      r.node.hidden = false;
      fill(r, b, tally.get(b.id) ?? 0);
    });
    rows.slice(shown.length).forEach((r) => {
      r.node.hidden = true;
    });
    const last = rows[SHOWN];
    if (tail.count) {
      last.node.hidden = false;
      last.node.classList.add("tail");
      put(last.token, t("others", { n: number(tail.count) }));
      last.token.disabled = true;
      fill(last, { ...tail, cutBy: "" }, total - shown.reduce((n, b) => n + (tally.get(b.id) ?? 0), 0));
      last.value.append(el("span", { class: "why" }, ` ${t("others_in", { kept: number(tail.kept) })}`));
    }
    const bits = entropy(dist.final);
    const own = entropy(dist.network);
    put(
      stats,
      [
        [trim(bits, 2), t("entropy")],
        [trim(2 ** bits, 1), t("perplexity")],
        [number(dist.kept), t("in_play", { n: number(vocab) })],
      ].map(([n, words]) => el("div", {}, el("dd", {}, n), el("dt", {}, words))),
    );
    networkLine.textContent = t("network_says", { bits: trim(own, 2), perplexity: trim(2 ** own, 1) });
    nucleusNote.textContent =
      state.top_k && state.top_p < 1
        ? t("nucleus_after_k", {
            k: number(state.top_k),
            both: number(distribution(logits, { ...settings(), minP: 0 }, context).kept),
            alone: number(distribution(logits, { ...settings(), topK: 0, minP: 0 }, context).kept),
          })
        : "";
    put(
      drawnLine,
      el("span", { class: "gb-muted small" }, t("drawn")),
      " ",
      drawn.slice(-40).map((id) => el("span", { class: "tok" }, show(id))),
    );
    drawnLine.hidden = !total;
    clear.disabled = !total && page.hidden;
    table.update([
      ...shown.map((b) => [
        show(b.id),
        b.id,
        logits[b.id].toFixed(2),
        percent(b.network),
        percent(b.warm),
        percent(b.final),
        b.cutBy && t(`cut_${b.cutBy}`),
        number(tally.get(b.id) ?? 0),
      ]),
      ...(tail.count
        ? [
            [
              t("others", { n: number(tail.count) }),
              "",
              "",
              percent(tail.network),
              percent(tail.warm),
              percent(tail.final),
              "",
              "",
            ],
          ]
        : []),
    ]);
    sayState();
  }

  function sayState() {
    if (drawn.length || writing) return;
    say(
      t("say_state", {
        kept: number(dist.kept),
        all: number(vocab),
        bits: trim(entropy(dist.final), 2),
        fact: after ? t("say_fact", { right: percent(rightShare()) }) : "",
      }),
    );
  }

  function append(id) {
    const bytes = tokenizer.token(id);
    const text = new TextDecoder().decode(bytes);
    if (text.includes("\uFFFD") || id in specials) return;
    prompt.value = prompt.value + text;
    read();
  }
  const specials = Object.fromEntries(Object.values(tokenizer.special).map((id) => [id, true]));

  // ---------------------------------------------------------------- dice

  function throwDice(n) {
    catchUp();
    for (let i = 0; i < n; i++) {
      const id = pick(dist, rng());
      drawn.push(id);
      tally.set(id, (tally.get(id) ?? 0) + 1);
    }
    draw();
    if (n === 1) say(t("say_drew", { token: show(drawn.at(-1)), share: percent(dist.final[drawn.at(-1)]) }));
    else {
      const [id, times] = [...tally].sort((a, b) => b[1] - a[1])[0];
      say(
        t("say_twenty", {
          n: number(drawn.length),
          token: show(id),
          times: number(times),
          expected: trim(drawn.length * dist.final[id], 1),
        }),
      );
    }
  }

  function stopWriting() {
    writing = 0;
    go.textContent = t("continue");
  }

  async function write() {
    catchUp();
    turns += 1;
    writing = turns;
    const mine = turns;
    go.textContent = t("stop");
    const dice = random(state.seed);
    const pen = gpt.start();
    let here = pen.feed(context);
    const start = clean(prompt.value).text;
    const text = el("p", { class: "text" }, el("span", { class: "gb-muted" }, start));
    put(
      page,
      el("p", { class: "sub" }, t("written", { seed: state.seed })),
      text,
      el("p", { class: "gb-muted small" }, t("written_note")),
    );
    page.hidden = false;
    clear.disabled = false;
    const log = [];
    for (let n = 0; n < WRITE; n++) {
      const d = distribution(here, settings(), pen.ids);
      const id = pick(d, dice());
      const p = d.final[id];
      log.push([show(id), percent(p)]);
      if (id in specials) {
        text.append(el("span", { class: "gb-muted small" }, ` [${t("ended")}]`));
        break;
      }
      const shown = new TextDecoder().decode(tokenizer.token(id));
      text.append(
        el(
          "span",
          { class: "w", title: percent(p), style: { "--surprise": `${Math.round(55 * (1 - p) ** 2)}%` } },
          shown.includes("\uFFFD") ? show(id) : shown.replace(/[\u0000-\u0008\u000B-\u001F]/g, show(id)),
        ),
      );
      here = pen.feed(id);
      if (!reducedMotion()) await new Promise((resume) => setTimeout(resume, 30));
      if (writing !== mine) break;
    }
    writtenTable.update(log);
    writtenTable.node.hidden = false;
    if (writing === mine) stopWriting();
    say(t("say_written", { n: number(log.length) }));
  }

  // ---------------------------------------------------------------- is the answer right?

  /** Follow every answer of the fact's kind through the model, a few tokens at a time. */
  async function ask(question) {
    const mine = ++reading;
    fact = question;
    set("fact", fact.prompt);
    factMenu.value = fact.prompt;
    after = null;
    prepared = new Map();
    put(factBox, el("p", { class: "gb-muted" }, t("computing")));
    tree = answerTree(answers[fact.attribute].map((text) => ({ text, ids: tokenizer.encode(text) })));
    const walker = gpt.start();
    const first = walker.feed([end, ...tokenizer.encode(fact.prompt)]);
    const found = new Map();
    const here = [...walker.ids];
    let since = performance.now();
    const visit = async (node, logitsHere) => {
      found.set(node, logitsHere);
      for (const [id, child] of node.next) {
        walker.ids.length = here.length + node.path.length; // back to this node: what is cached behind it is overwritten
        await visit(child, walker.feed(id));
        if (performance.now() - since > 24) {
          await new Promise((resume) => setTimeout(resume));
          since = performance.now();
        }
        if (mine !== reading) return;
      }
    };
    await visit(tree, first);
    if (mine !== reading) return;
    after = found;
    asked = here;
    drawFact();
    sayState();
  }

  const preparedAt = (node) => {
    if (!prepared.has(node)) prepared.set(node, prepare(after.get(node), state.penalty, [...asked, ...node.path]));
    return prepared.get(node);
  };
  const sharesOf = (s) => answerShares(tree, answers[fact.attribute].length, preparedAt, s, ends);
  const rightShare = (s = settings()) => sharesOf(s)[answers[fact.attribute].indexOf(fact.answer)];

  let curveNode = null;
  function drawFact() {
    if (!after) return;
    const list = answers[fact.attribute];
    const all = sharesOf(settings());
    const right = all[list.indexOf(fact.answer)];
    const known = all.reduce((a, b) => a + b, 0);
    const parts = [
      ["right", right, t("right")],
      ["wrong", known - right, t(`wrong_${fact.attribute}`)],
      ["none", 1 - known, t("none")],
    ];
    const sorted = list.map((text, i) => ({ text, p: all[i] })).sort((a, b) => b.p - a.p);
    curveNode ??= el("div", { class: "curve" });
    put(
      factBox,
      el("p", {}, t(fact.group === "never" ? "truth_never" : "truth", { answer: fact.answer.trim() })),
      el(
        "div",
        { class: "stack", "aria-hidden": "true" },
        parts.map(([key, p]) => el("span", { class: `gb-fill ${key}`, style: { "flex-grow": Math.max(p, 0) } })),
      ),
      el(
        "ul",
        { class: "key" },
        parts.map(([key, p, words]) => el("li", { class: key }, el("b", {}, percent(Math.max(p, 0))), ` ${words}`)),
      ),
      el("p", { class: "error" }, t("error_rate", { error: percent(1 - right) })),
      el(
        "div",
        { class: "two" },
        el(
          "div",
          {},
          el("p", { class: "subsub" }, t("top_answers")),
          el(
            "ol",
            { class: "answers" },
            sorted
              .slice(0, 5)
              .map((s) =>
                el(
                  "li",
                  { class: s.text === fact.answer ? "right" : "" },
                  el("span", {}, `${s.text === fact.answer ? "✓" : "✗"} ${s.text.trim()}`),
                  el("span", { class: "num" }, percent(s.p)),
                ),
              ),
          ),
        ),
        curveNode,
      ),
    );
    answersTable.update(sorted.map((s) => [`${s.text === fact.answer ? "✓ " : ""}${s.text.trim()}`, percent(s.p)]));
    curveSoon();
  }

  function drawFactCurve() {
    if (!after) return;
    const points = TEMPERATURES.map((temperature) => [temperature, rightShare({ ...settings(), temperature })]);
    const now = rightShare();
    const at = (temperature) => percent(points.find((p) => p[0] === temperature)[1]);
    const [W, H, L, B] = [280, 130, 4, 4];
    const x = (temperature) => L + ((W - 2 * L) * temperature) / 3;
    const y = (p) => H - B - (H - 2 * B) * p;
    put(
      curveNode,
      el("p", { class: "subsub" }, t("curve_title")),
      el(
        "div",
        { class: "plot" },
        svg(
          "svg",
          {
            viewBox: `0 0 ${W} ${H}`,
            preserveAspectRatio: "none",
            role: "img",
            "aria-label": t("curve", {
              at0: at(0),
              at1: at(1),
              at3: at(3),
              now: percent(now),
              temperature: trim(state.temperature, 2),
            }),
          },
          [0, 0.5, 1].map((p) =>
            svg("line", { class: "grid", x1: 0, x2: W, y1: y(p), y2: y(p), "vector-effect": "non-scaling-stroke" }),
          ),
          svg("polyline", {
            class: "line",
            points: points.map(([a, p]) => `${x(a).toFixed(1)},${y(p).toFixed(1)}`).join(" "),
            "vector-effect": "non-scaling-stroke",
          }),
        ),
        el("span", {
          class: "dot",
          style: {
            "inset-inline-start": `${(100 * x(state.temperature)) / W}%`,
            "inset-block-start": `${(100 * y(now)) / H}%`,
          },
        }),
        ["100%", "50%", "0%"].map((words, i) =>
          el(
            "span",
            { class: "y", "aria-hidden": "true", style: { "inset-block-start": `${(100 * y(1 - i / 2)) / H}%` } },
            words,
          ),
        ),
      ),
      el(
        "div",
        { class: "x", "aria-hidden": "true" },
        ["0", "1", "2", "3"].map((words) => el("span", {}, words)),
      ),
    );
    curveTable.update(points.map(([a, p]) => [trim(a, 2), percent(p)]));
  }

  read();
  ask(facts.find((f) => f.prompt === state.prompt) ?? fact);
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
