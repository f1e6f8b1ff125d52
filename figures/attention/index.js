// The attention viewer: any text through the sixteen heads of the trained model, each of which can be
// switched off. The computing is in logic.js.
// State: { preset: number of a text, text: own words, head: "3.1", token: number, off: "3.1,3.2" }
import { arrive, button, el, frame, loadFile, loadModel, put } from "../core/index.js";
import { afterPanel, which } from "./after.js";
import { headsPanel } from "./heads.js";
import { sum } from "./logic.js";
import { Look } from "./look.js";
import { looksPanel } from "./looks.js";
import strings from "./strings.json";
import css from "./style.css";
import { surprisePanel } from "./surprise.js";
import { textPanel } from "./text.js";
import { bits, number, percent, two } from "./words.js";

export default {
  render({ model, el: host }) {
    const fig = frame({
      model,
      host,
      name: "attention",
      css,
      strings,
      permalink: ["preset", "text", "head", "token", "off"],
    });
    const load = () => Promise.all([loadModel(model, "base"), loadFile(model, "attention")]);
    return arrive(fig, load, ([trained, data], stops) => viewer(fig, new Look(fig, trained, data), stops));
  },
};

function viewer(fig, look, stops) {
  const { t } = fig;
  let work = 0;
  const text = textPanel(fig, look, () => {
    heads.thumbnails();
    draw();
    // What each head alone is worth here, one after the other, so that typing stays light.
    const next = () => {
      const more = look.weighNext();
      heads.drawCosts();
      if (more) work = setTimeout(next, 0);
    };
    clearTimeout(work);
    work = setTimeout(next, 300);
  });
  const heads = headsPanel(fig, look, {
    choose: (n) => {
      choose(n);
      draw();
      sayLook();
    },
    toggle,
  });
  const looks = looksPanel(fig, look, pick);
  const after = afterPanel(fig, look);
  const surprise = surprisePanel(fig, look);
  stops.push(text.stop, () => clearTimeout(work));

  function draw() {
    for (const panel of [heads, looks, after, surprise]) panel.draw();
  }
  function choose(n) {
    look.chosen = n;
    heads.choose(n);
    fig.set("head", look.name(n));
  }
  const setOff = () => fig.set("off", look.off.map((n) => look.name(n)).join(","));
  function toggle(off) {
    look.silence(off);
    setOff();
    draw();
    if (look.off.length) sayBits();
    else fig.say(t("say_on"));
  }
  function pick(token) {
    look.stand(token);
    fig.set("token", look.at);
    draw();
    sayLook();
  }
  /** A text of this kind, looked at through head `n`, with some heads off. */
  function tryOut(kind, n, off) {
    look.off = off;
    choose(n);
    setOff();
    text.show(look.data.texts.find((x) => x.kind === kind).text);
    if (off.length) sayBits();
    else sayLook();
    (off.length ? after : looks).heading.scrollIntoView({ block: "center" });
  }
  const sayBits = () =>
    fig.say(t("say_off", { heads: which(t, look), on: bits(sum(look.all.bits)), off: bits(sum(look.some.bits)) }));
  function sayLook() {
    const target = look.row.indexOf(Math.max(...look.row));
    fig.say(
      t("say_look", { token: look.names[look.at], target: look.names[target], share: percent(look.row[target]) }),
      { shown: false },
    );
  }

  put(
    fig.body,
    text.nodes,
    heads.node,
    el("div", {}, looks.node, after.node, surprise.node),
    el("div", { class: "tables" }, looks.table, surprise.table, heads.table),
  );
  fig.aha(aha(t, look));
  fig.under(tries(t, look, tryOut), el("p", { class: "gb-muted small" }, measured(t, look)));
  const asked = Number(fig.get("token", -1));
  text.read(asked >= 0 ? asked : undefined);
}

/** The sentence under the figure, from what was measured; plainer where the two jobs are not apart. */
function aha(t, look) {
  const { jobs, heads, bits: all } = look.data;
  const [a, b] = [heads[jobs.letter], heads[jobs.fact]];
  const apart = jobs.letter !== jobs.fact && a.fact < 0.1 * b.fact && b.letter < 0.1 * a.letter;
  return t(apart ? "aha" : "aha_plain", {
    letter_head: look.name(jobs.letter),
    fact_head: look.name(jobs.fact),
    letter_on: two(all.letter),
    letter_off: two(all.letter + a.letter),
    letter_same: two(b.letter),
    fact_on: two(all.fact),
    fact_off: two(all.fact + b.fact),
    fact_same: two(a.fact),
  });
}

/** Buttons that show the two jobs, and each without the heads that have it. */
function tries(t, look, tryOut) {
  const { jobs } = look.data;
  const silence = (job, heads) =>
    Array.from(
      new Set(heads),
      (
        n, // in another model one head may have two jobs
      ) => button(t(`try_${job}`, { head: look.name(n) }), () => tryOut(job, n, [n])),
    );
  return el(
    "div",
    { class: "buttons try" },
    el("span", { class: "gb-muted" }, t("try")),
    button(t("try_fetch"), () => tryOut("letter", jobs.fetch, [])),
    silence("letter", [jobs.fetch, jobs.letter, jobs.fact]),
    silence("fact", [jobs.letter, jobs.fact]),
  );
}

function measured(t, look) {
  const { data, gpt } = look;
  const { letters, asked, missed, jobs, heads } = data;
  const parameters = gpt.blocks
    .flatMap((block) => Object.values(block))
    .reduce((n, w) => n + w.length, gpt.embed.length + gpt.head.length);
  return [
    t("measured", {
      letters,
      asked,
      missed_letter: missed.letter,
      missed_fact: missed.fact,
      missed_fetch: missed.fetch,
      head: look.name(jobs.fetch),
      fetch: percent(heads[jobs.fetch].fetch),
      fetch_more: two(heads[jobs.fetch].letter),
    }),
    " ",
    t("simplified", { params: number(Math.round(parameters / 1e4) * 1e4) }),
  ];
}
