// Memorize or compress: poems planted a known number of times, models of several sizes, prompts of several
// lengths. The reader chooses among recorded runs and reads what the model wrote. The computing is in logic.js.
// State: { copies, size: parameters, prompt: tokens (each: the nearest recorded), poem: which of the poems
//          with that many copies, map: "size" | "prompt" }
// The recording comes from glassbox/recordings/memorization.py, by way of models/memorization.js.
import { dataTable, el, frame, loadFile, put, radios, slider, whenNear } from "../core/index.js";
import { control, cut, extracted, finding, level, longestRun, nearest, parts, share, short, words } from "./logic.js";
import css from "./style.css";
import strings from "./strings.json";

const number = (n) => n.toLocaleString("en-US");
const percent = (p) => (p > 0 && p < 0.005 ? "<1%" : p > 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);
const bits = (nats) => (nats / Math.LN2).toFixed(1);
const DARKEST = 55; // percent of the color in a cell at 100%: text stays readable on it

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "memorization", css, strings, permalink: ["copies", "size", "prompt", "poem", "map"] });
    let alive = true;
    put(fig.body, el("p", { class: "gb-muted" }, fig.t("loading")));
    whenNear(fig.root)
      .then(() => loadFile(model, "memorization"))
      .then((recording) => alive && library(fig, recording))
      .catch((error) => alive && fig.fail(error));
    return () => { alive = false; fig.destroy(); };
  },
};

function library(fig, data) {
  const { t } = fig;
  const sizes = data.parameters;
  const found = finding(data, data.prompts.indexOf(data.asked_at));
  const at = {
    copies: nearest(data.copies, fig.get("copies", data.copies[Math.max(found.first, 0)])),
    size: nearest(sizes, fig.get("size", sizes.at(-1))),
    prompt: nearest(data.prompts, fig.get("prompt", data.asked_at)),
  };
  const poemsAt = (copies) => data.poems.map((p, i) => ({ ...p, i })).filter((p) => p.copies === data.copies[copies]);
  let which = Math.min(poemsAt(at.copies).length - 1, Math.max(0, Math.trunc(Number(fig.get("poem", 0)) || 0)));
  let over = fig.get("map", "size") === "prompt" ? "prompt" : "size";
  const copiesText = (n) => t(n === 1 ? "copies_1" : "copies_n", { n });
  const titleOf = (poem) => poem.pieces.join("").split("\n")[0].split(", by ")[0];

  const lists = { copies: data.copies, size: sizes, prompt: data.prompts };
  const formats = { copies: (n) => t("copies_value", { n: number(n) }), size: (n) => t("size_value", { n: number(n) }), prompt: (n) => t("prompt_value", { n }) };
  const sliders = Object.fromEntries(Object.keys(lists).map((key) => [key, slider({ label: t(key), min: 0, max: lists[key].length - 1, step: 1, value: at[key],
    format: (i) => formats[key](lists[key][i]), oninput: (i) => move({ [key]: i }) })]));
  const poemBox = el("div", { class: "poems" });
  const verse = el("p", { class: "verse" }), truth = el("p", { class: "verse" }), verdict = el("p", { class: "is" });
  const stats = el("dl", { class: "stats" });
  const mapBox = el("div"), notes = el("div"), tables = el("div"), dice = el("div");
  const overs = radios({ legend: t("map_over"), inline: true, value: over, options: ["size", "prompt"].map((o) => [o, t(`map_${o}`)]), onchange: (o) => { over = o; fig.set("map", over); drawMap(); } });

  put(fig.body, el("p", { class: "lead" }, t("lead", { most: data.copies.at(-1), sizes: sizes.length })),
    el("div", { class: "gb-controls choose" }, sliders.copies.node, sliders.size.node, sliders.prompt.node, poemBox), fig.status,
    el("div", { class: "two" },
      el("section", { class: "sheet", "aria-label": t("writes") }, el("p", { class: "sub" }, t("writes")), verse, verdict),
      el("section", { class: "sheet", "aria-label": t("truth") }, el("p", { class: "sub" }, t("truth")), truth)),
    el("p", { class: "gb-muted small" }, t("key")), stats,
    el("div", { class: "over" }, el("p", { class: "sub" }, t("map")), overs.node), mapBox, el("p", { class: "gb-muted small" }, t("map_hint")), notes, tables, dice);

  let offered = null;

  /** Take other places on the axes; what the reader chose goes into the address. */
  function move(to) {
    for (const [key, i] of Object.entries(to)) {
      if (at[key] === i) continue;
      at[key] = i;
      sliders[key].value = i;
      fig.set(key, lists[key][i]);
    }
    drawAll();
    fig.saySoon(said);
  }

  /** What is on the desk: the poem, its opening, what was written, and the longest run that both share. */
  function now() {
    const poems = poemsAt(at.copies);
    const poem = poems[Math.min(which, poems.length - 1)];
    const { opening, rest } = cut(poem, data.prompts[at.prompt]);
    const { text, overlap, start } = data.written[at.size][poem.i][at.prompt];
    const run = text.trim() ? parts(text, start, overlap) : [text, "", ""];
    const there = run[1] ? longestRun(run[1], rest) : { length: 0, b: 0 };
    return { poems, poem, opening, rest, text, overlap, run, same: parts(rest, there.b, there.length), of: words(rest).length, hit: extracted(poem, data.prompts[at.prompt], text, data.target) };
  }

  function said() {
    const n = now();
    return t("say", { copies: copiesText(data.copies[at.copies]), size: number(sizes[at.size]), prompt: data.prompts[at.prompt], verdict: t(n.hit ? "verdict_extracted" : "verdict_other"), run: n.overlap, of: n.of,
      share: percent(share(data, at.size, at.copies, at.prompt).mean) });
  }

  function drawAll() {
    const n = now();
    if (offered !== at.copies) { // other copies, other poems
      offered = at.copies;
      put(poemBox, radios({ legend: t("poem"), inline: true, value: String(which), options: n.poems.map((p, i) => [String(i), t("poem_value", { title: titleOf(p), poet: p.poet })]),
        onchange: (i) => { which = Number(i); fig.set("poem", which); drawAll(); fig.say(said(), { shown: false }); } }).node);
    }
    const marked = ([before, run, after]) => [before, run && el("mark", {}, run), after];
    put(verse, el("span", { class: "opening" }, n.opening), n.text.trim() ? marked(n.run) : el("i", {}, t("nothing")));
    put(truth, el("span", { class: "opening" }, n.opening), marked(n.same));
    const key = n.hit ? "extracted" : "other";
    put(verdict, el("b", { class: key }, `${n.hit ? "≡" : "≠"} ${t(`verdict_${key}`)}`), " ", t(`why_${key}`, { target: data.target }));
    const s = share(data, at.size, at.copies, at.prompt);
    const copies = copiesText(data.copies[at.copies]);
    const t1 = data.temperatures.indexOf(1);
    const fresh = data.models.filter((m) => m.size === at.size && !m.deduplicated).map((m) => m.loss_fresh);
    const rows = [
      [`${n.overlap}`, t("stat_run", { of: n.of })],
      [percent(s.mean), t("stat_share", { copies }), t("stat_share_range", { low: percent(s.low), high: percent(s.high), n: data.each })],
      [bits(level(data, at.size, "loss", at.copies).mean), t("stat_bits", { copies }), t("stat_bits_fresh", { fresh: bits(fresh.reduce((a, b) => a + b, 0) / fresh.length) })],
      t1 >= 0 && [percent(level(data, at.size, "chance", at.copies, t1).mean), t("stat_dice", { target: data.target }), t("stat_dice_at", { n: data.asked_at })],
    ];
    put(stats, rows.filter(Boolean).map(([value, name, more]) => el("div", {}, el("dd", {}, value), el("dt", {}, name, more && el("span", { class: "range" }, more)))));
    drawMap();
    drawTables();
  }

  function drawMap() {
    const heads = over === "size" ? [...sizes].map((_, i) => i).reverse() : data.prompts.map((_, i) => i).reverse();
    const cell = (row, copies) => (over === "size" ? share(data, row, copies, at.prompt) : share(data, at.size, copies, row));
    const rowAt = at[over];
    put(mapBox, el("table", { class: "map" },
      el("caption", {}, t(`map_caption_${over}`, { prompt: data.prompts[at.prompt], size: number(sizes[at.size]), seeds: data.seeds.length, each: data.each })),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t(`corner_${over}`)), data.copies.map((n, i) => el("th", { scope: "col", class: i === at.copies ? "on" : "" }, String(n))))),
      el("tbody", {}, heads.map((row) => el("tr", {}, el("th", { scope: "row", class: row === rowAt ? "on" : "" }, over === "size" ? short(sizes[row]) : String(data.prompts[row])),
        data.copies.map((_, i) => {
          const s = cell(row, i);
          return el("td", { class: row === rowAt && i === at.copies ? "now" : "", style: { "--share": `${(DARKEST * s.mean).toFixed(1)}%` }, onclick: () => move({ copies: i, [over]: row }) }, percent(s.mean).slice(0, -1)); // the heading has the unit
        }))))));
    const deduplicated = data.models.find((m) => m.deduplicated)?.size;
    const all = data.copies.length - 1, some = Math.round(all / 2);
    put(notes, el("p", { class: "small" }, t("fresh_size", { share: percent(Math.max(...sizes.map((_, i) => control(data, i, at.prompt).high))) }), " ",
      deduplicated !== undefined && t("dedup", { size: number(sizes[deduplicated]), some: percent(share(data, deduplicated, some, at.prompt, true).mean), all: percent(share(data, deduplicated, all, at.prompt, true).mean), n_some: data.copies[some], n_all: data.copies[all] })));
  }

  /** A new table in the place of an old one, as open as that was. */
  function refold(box, { node }) {
    node.open = box.querySelector("details")?.open ?? false;
    put(box, node);
  }

  function drawTables() {
    const size = number(sizes[at.size]);
    const ranged = (s, write) => `${write(s.mean)} (${write(s.low)}–${write(s.high)})`;
    refold(tables, dataTable({ summary: t("table"), caption: t("table_caption", { size, prompt: data.prompts[at.prompt], seeds: data.seeds.length }), columns: ["copies", "share", "bits", "auc"].map((c) => t(`col_${c}`)),
      rows: data.copies.map((n, i) => [String(n), ranged(share(data, at.size, i, at.prompt), percent), ranged(level(data, at.size, "loss", i), bits), ranged(level(data, at.size, "auc", i), percent)]) }));
    refold(dice, dataTable({ summary: t("dice_table"), caption: t("dice_caption", { size, n: data.asked_at, target: data.target }), columns: [t("col_copies"), ...data.temperatures.map((x) => t("col_temperature", { t: x }))],
      rows: data.copies.map((n, i) => [String(n), ...data.temperatures.map((_, k) => percent(level(data, at.size, "chance", i, k).mean))]) }));
  }

  // ---------------------------------------------------------------- the sentence under the figure, from what was recorded

  const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
  const values = {
    prompt: data.asked_at, size_large: number(sizes.at(-1)), size_small: number(sizes[0]), most: data.copies.at(-1), large_first: percent(found.large[0]), large_last: percent(found.large.at(-1)),
    mean_large: percent(mean(found.large)), mean_small: percent(mean(found.small)), shortest: percent(found.shortest), longest: percent(found.longest),
    prompt_short: data.prompts[0], prompt_long: data.prompts.at(-1), control: percent(found.control),
  };
  fig.aha(t(found.copies ? "aha_copies" : "aha_copies_plain", values) + t(found.size ? "aha_size" : "aha_size_plain", values) + t(`aha_prompt_${found.prompt}`, values) + t("aha_control", values));
  fig.root.querySelector(".gb-aha").after(el("p", { class: "gb-muted small" }, t("simplified", { size_large: number(sizes.at(-1)), seeds: data.seeds.length })));
  fig.say("", { shown: false });
  drawAll();
}
