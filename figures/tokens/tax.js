// View "tax": two languages race; behind it the same paragraph in sixteen languages, in tokens, money and window.
import { button, clean, dataTable, el, later, put, select, textField } from "../core/index.js";
import { chips, count } from "./chips.js";
import { bill, measure } from "./logic.js";
import { MIXES, oneOf } from "./mixes.js";
import { racePanel } from "./race.js";

const MARKS = { english: "E", mixed: "M", chinese: "C" };
const WINDOWS = [2048, 4097, 8192, 32768, 128000, 200000, 1000000];
const TOO_CLOSE = 5; // percent of the track between two marks
const money = (x) =>
  x.toLocaleString("en-US", { style: "currency", currency: "USD", maximumFractionDigits: x < 100 ? 2 : 0 });
const percent = (x) =>
  `${(100 * x).toLocaleString("en-US", x < 0.01 ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 1, maximumFractionDigits: 1 })}%`;

export function taxView(ctx) {
  const { t, state, data, tokenizer, stops, say, asked } = ctx;
  const race = racePanel(ctx, () => draw());
  state.window = oneOf(state.window, [4097, ...WINDOWS]);
  const controls = taxControls(ctx, draw, () => drawSoon());
  const list = rowList(ctx, () => {
    race.over();
    draw();
  });
  const legend = el("p", { class: "gb-muted small" });
  const title = el("p", { class: "sub" });
  const tokens = el("div", { class: "toks", tabindex: "0", role: "group", "data-lm-suppress-shortcuts": "true" });
  const table = taxTable(t);
  const rest = el(
    "div",
    {},
    el("p", {}, t("tax_intro")),
    controls.nodes,
    taxHeads(t),
    list.node,
    legend,
    el("div", {}, title, tokens),
    table.node,
  );

  /** Every paragraph, the reader's own first, under every tokenizer. */
  function weigh() {
    const own = clean(controls.yours()).text;
    const texts = [
      ...(own ? [{ code: "yours", name: t("yours_name"), own: "", dir: "auto", text: own }] : []),
      ...data.paragraphs,
    ];
    return texts.map((p) => {
      const by = Object.fromEntries(MIXES.map((m) => [m, tokenizer(m).encode(p.text).length]));
      const size = measure(p.text, tokenizer(state.mix));
      return { p, by, ...size, ...bill(size.tokens, state.price, state.window) };
    });
  }

  function draw() {
    if (!rest.closest("details")?.open) return; // folded away: drawn when it is opened
    const sizes = weigh();
    list.update(sizes);
    legend.textContent = t("ticks", {
      marks: MIXES.filter((m) => m !== state.mix)
        .map((m) => t("mark", { letter: MARKS[m], name: t(`mix_${m}`) }))
        .join(", "),
    });
    const shown = (sizes.find((s) => s.p.code === state.lang) ?? sizes.at(-1)).p;
    title.textContent = t("tax_chips", { language: shown.name });
    tokens.setAttribute("dir", shown.dir);
    tokens.setAttribute("aria-label", title.textContent);
    chips(tokens, tokenizer(state.mix), tokenizer(state.mix).encode(shown.text), t);
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
    const top = sizes.filter((s) => s.p.code !== "yours").sort((a, b) => b.tokens - a.tokens)[0];
    const of = (code) => count(sizes.find((s) => s.p.code === code).tokens);
    say(
      t("tax_say", { mix: t(`mix_${state.mix}`), en: of("en"), zh: of("zh"), most: top.p.name, n: count(top.tokens) }),
    );
  }
  const drawSoon = later(draw, 150);
  stops.push(drawSoon.cancel);
  if (asked("lang") || asked("mix")) race.over();
  return { node: race.node, rest, draw };
}

const taxTable = (t) =>
  dataTable({
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

const taxHeads = (t) =>
  el(
    "p",
    { class: "taxhead gb-muted small", "aria-hidden": "true" },
    [
      ["name", "language"],
      ["tokens", "tokens"],
      ["times", "times"],
      ["cost", "cost"],
      ["share", "share"],
    ].map(([is, key]) => el("span", { class: is }, t(`head_${key}`))),
  );

function taxControls({ t, state, set }, draw, drawSoon) {
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
  const size = select({
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
  return {
    nodes: el("div", { class: "gb-controls" }, price.node, size.node, yours.node),
    yours: () => yours.value,
  };
}

/** The languages as rows. The rows stay; only what is in them changes, so that keyboard focus does too. */
function rowList({ t, state, set }, draw) {
  const node = el("ul", { class: "tax" });
  const rows = new Map();
  const row = (p) => {
    if (!rows.has(p.code))
      rows.set(
        p.code,
        languageRow(p, () => {
          set("lang", p.code);
          draw();
        }),
      );
    return rows.get(p.code);
  };
  function update(sizes) {
    const english = sizes.find((s) => s.p.code === "en").tokens;
    const scale = 1.1 * Math.max(...sizes.flatMap((s) => [s.tokens, ...Object.values(s.by)])); // room for the marks
    for (const s of sizes) {
      const r = row(s.p);
      put(
        r.track,
        el("span", {
          class: `gb-fill${s.p.code === state.lang ? " on" : ""}`,
          style: { "inline-size": `${(100 * s.tokens) / scale}%` },
        }),
        marksOf(s.by, state.mix, scale),
      );
      r.tokens.textContent = count(s.tokens);
      r.times.textContent = t("times_english", { x: (s.tokens / english).toFixed(1) });
      r.cost.textContent = money(s.cost * 1e6);
      r.share.textContent = percent(s.share);
      r.name.setAttribute("aria-pressed", String(s.p.code === state.lang));
    }
    const wanted = sizes.map((s) => row(s.p).node);
    if (wanted.length !== node.children.length) put(node, wanted); // moving a row would take the focus from it
  }
  return { node, update };
}

function languageRow(p, choose) {
  const parts = {
    name: button("", choose, { class: "quiet name", "aria-pressed": "false" }),
    track: el("span", { class: "track", "aria-hidden": "true" }),
    tokens: el("span", { class: "tokens" }),
    times: el("span", { class: "times" }),
    cost: el("span", { class: "cost" }),
    share: el("span", { class: "share" }),
  };
  put(parts.name, p.name, p.own && p.own !== p.name && [" ", el("bdi", { class: "own", lang: p.code }, p.own)]);
  return { ...parts, node: el("li", {}, parts.name, parts.tokens, parts.times, parts.cost, parts.share, parts.track) };
}

/** Where the other tokenizers end, each with its letter; letters that would touch move to another side. */
function marksOf(by, mix, scale) {
  const marks = [];
  for (const m of MIXES.filter((other) => other !== mix).sort((a, b) => by[a] - by[b])) {
    const at = (100 * by[m]) / scale;
    const before = marks.at(-1);
    const close = before && at - before.at < TOO_CLOSE;
    if (close) before.node.classList.add(before.close ? "below" : "before");
    marks.push({
      at,
      close,
      node: el("span", { class: "mark", style: { "inset-inline-start": `${at}%` } }, el("b", {}, MARKS[m])),
    });
  }
  return marks.map((m) => m.node);
}
