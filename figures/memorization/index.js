// Memorize or compress: one poem that stays while its copies in the papers change, by the models that read it in all of them;
// behind "More" poems planted a known number of times, models of several sizes, prompts of several lengths. The computing
// is in logic.js.
// State: { times: copies of the poem that stays, verse: which poem that is (from 1);
//          behind "More" copies, size: parameters, prompt: tokens (each: the nearest recorded), poem: which of the poems
//          with that many copies, map: "size" | "prompt" }
// The recordings come from glassbox/recordings/memorization_copies.py and memorization.py, by way of models/memorization.js.
import { arrive, el, frame, loadFile, more, put, radios, slider } from "../core/index.js";
import { Desk } from "./desk.js";
import { finding, share } from "./logic.js";
import { mapPanel } from "./map.js";
import { poemPanel } from "./poem.js";
import { Reader } from "./reader.js";
import { sheetsPanel } from "./sheets.js";
import strings from "./strings.json";
import css from "./style.css";
import { tablesPanel } from "./tables.js";
import { copiesText, number, percent } from "./words.js";

export default {
  render({ model, el: host }) {
    const fig = frame({
      model,
      host,
      name: "memorization",
      css,
      strings,
      permalink: ["times", "verse", "copies", "size", "prompt", "poem", "map"],
    });
    return arrive(
      fig,
      () => loadFile(model, "memorization"),
      (recording) => library(fig, recording),
    );
  },
};

function library(fig, data) {
  const { t } = fig;
  const poem = poemPanel(fig, new Reader(fig, data.one), fig.aha);
  const grid = gridPanel(fig, data);
  put(fig.body, poem.nodes, fig.status);
  fig.under(
    grid.node,
    el(
      "p",
      { class: "gb-muted small" },
      t("simplified", {
        size: number(data.one.parameters),
        poems: data.one.of,
        once: data.one.extracted[0],
        eight: data.one.copies.length,
        size_large: number(data.parameters.at(-1)),
        seeds: data.seeds.length,
      }),
    ),
  );
  fig.say("", { shown: false });
  poem.draw();
}

/** All recorded sizes, prompts and poems, behind "More"; a link that names one opens it. */
function gridPanel(fig, data) {
  const { t } = fig;
  const found = finding(data, data.prompts.indexOf(data.asked_at));
  const desk = new Desk(fig, data, found);
  const choose = choosePanel(fig, desk, move, () => {
    draw();
    fig.say(said(), { shown: false });
  });
  const sheets = sheetsPanel(fig, desk);
  const map = mapPanel(fig, desk, move);
  const tables = tablesPanel(fig, desk);
  const node = more(
    t("more"),
    el("p", { class: "lead" }, t("lead", { most: data.copies.at(-1), sizes: data.parameters.length })),
    choose.node,
    sheets.node,
    sheets.stats,
    map.nodes,
    el("p", {}, everything(t, data, found)),
    tables.nodes,
  );
  node.open = desk.asked;

  /** Take other places on the axes; what the reader chose goes into the address. */
  function move(to) {
    for (const [key, i] of Object.entries(to)) {
      if (desk.at[key] === i) continue;
      desk.at[key] = i;
      fig.set(key, desk.lists[key][i]);
    }
    draw();
    fig.saySoon(said);
  }
  function said() {
    const now = desk.look();
    return t("say", {
      copies: copiesText(t, desk.copies),
      size: number(desk.size),
      prompt: desk.prompt,
      verdict: t(now.hit ? "said_extracted" : "said_other"),
      run: now.overlap,
      of: now.of,
      share: percent(share(data, desk.at.size, desk.at.copies, desk.at.prompt).mean),
    });
  }
  function draw() {
    choose.draw();
    sheets.draw(desk.look());
    map.draw();
    tables.draw();
  }
  draw();
  return { node };
}

/** The sliders for copies, size and prompt, and the poems that have so many copies. */
function choosePanel(fig, desk, onmove, onpoem) {
  const { t } = fig;
  const { lists, at } = desk;
  const formats = {
    copies: (n) => t("copies_value", { n: number(n) }),
    size: (n) => t("size_value", { n: number(n) }),
    prompt: (n) => t("prompt_value", { n }),
  };
  const sliders = Object.fromEntries(
    Object.keys(lists).map((key) => [
      key,
      slider({
        label: t(key),
        min: 0,
        max: lists[key].length - 1,
        step: 1,
        value: at[key],
        format: (i) => formats[key](lists[key][i]),
        oninput: (i) => onmove({ [key]: i }),
      }),
    ]),
  );
  const poemBox = el("div", { class: "poems" });
  const titleOf = (poem) => poem.pieces.join("").split("\n")[0].split(", by ")[0];
  let offered = null;

  function draw() {
    for (const key of Object.keys(lists)) if (sliders[key].value !== at[key]) sliders[key].value = at[key];
    if (offered === at.copies) return;
    offered = at.copies; // other copies, other poems
    put(
      poemBox,
      radios({
        legend: t("poem"),
        inline: true,
        value: String(desk.which),
        options: desk.poems.map((p, i) => [String(i), t("poem_value", { title: titleOf(p), poet: p.poet })]),
        onchange: (i) => {
          desk.which = Number(i);
          fig.set("poem", desk.which);
          onpoem();
        },
      }).node,
    );
  }
  const nodes = Object.values(sliders).map((s) => s.node);
  return { node: el("div", { class: "gb-controls choose" }, nodes, poemBox), draw };
}

/** What all recorded runs come to, in a sentence. */
function everything(t, data, found) {
  const sizes = data.parameters;
  const mean = (list) => percent(list.reduce((a, b) => a + b, 0) / list.length);
  const values = {
    prompt: data.asked_at,
    size_large: number(sizes.at(-1)),
    size_small: number(sizes[0]),
    most: data.copies.at(-1),
    large_first: percent(found.large[0]),
    large_last: percent(found.large.at(-1)),
    mean_large: mean(found.large),
    mean_small: mean(found.small),
    shortest: percent(found.shortest),
    longest: percent(found.longest),
    prompt_short: data.prompts[0],
    prompt_long: data.prompts.at(-1),
    control: percent(found.control),
  };
  return (
    t(found.copies ? "aha_copies" : "aha_copies_plain", values) +
    t(found.size ? "aha_size" : "aha_size_plain", values) +
    t(`aha_prompt_${found.prompt}`, values) +
    t("aha_control", values)
  );
}
