// The opening of view "tax": one notice in English and in another language, read token by token at one speed.
import { button, el, put, radios, reducedMotion } from "../core/index.js";
import { count } from "./chips.js";
import { cells, reached } from "./logic.js";
import { CHOICES, mixOptions, oneOf } from "./mixes.js";

const SPEED = 100; // tokens a second, for both
const ORDER = ["es", "zh", "hi", "ar", "ru", "fr", "ja", "de", "ko", "tr", "vi", "sw", "th", "el", "fi"];

/** `onrival()` hears that another language or another tokenizer was chosen. */
export function racePanel(ctx, onrival) {
  const { fig, t, state, set, data, tokenizer, stops, main } = ctx;
  state.mix = oneOf(state.mix, CHOICES);
  const english = data.paragraphs.find((p) => p.code === "en");
  const raced = new Map(); // "zh english" -> tokens of both
  const lanes = [lanePanel(t), lanePanel(t)];
  const verdict = el("p", { class: "verdict" });
  let timer = 0;
  let started = 0;

  const rivals = data.paragraphs
    .filter((p) => p !== english)
    .sort((a, b) => ORDER.indexOf(a.code) - ORDER.indexOf(b.code));
  const choices = rivals.map((p) => button(p.name, () => race(p.code), { class: "rival", "aria-pressed": "false" }));
  const mix = radios({
    legend: t("mix"),
    value: state.mix,
    options: mixOptions(t),
    inline: true,
    onchange: (v) => {
      set("mix", v);
      if (rival()) race(state.lang);
      else ready();
      onrival();
    },
  });
  const rival = () => rivals.find((p) => p.code === state.lang);

  function race(code) {
    set("lang", code);
    ready();
    onrival();
    started = performance.now();
    if (reducedMotion()) show(Infinity);
    else step();
  }
  function step() {
    const k = Math.floor(((performance.now() - started) * SPEED) / 1000);
    show(k);
    if (k < Math.max(...lanes.map((l) => l.tokens))) timer = requestAnimationFrame(step);
  }
  /** Both texts unread, and whoever runs. */
  function ready() {
    cancelAnimationFrame(timer);
    const bpe = tokenizer(state.mix);
    const texts = [english, rival()];
    const tokens = texts.map((p) => p && bpe.encode(p.text).length);
    const first = Math.min(...tokens.filter(Boolean));
    lanes.forEach((lane, i) => {
      lane.lay(texts[i], bpe, first, Math.max(...tokens.filter(Boolean)));
    });
    choices.forEach((c, i) => {
      c.setAttribute("aria-pressed", String(rivals[i] === rival()));
    });
    put(verdict, t("race_idle"));
  }
  function show(k) {
    for (const lane of lanes) lane.show(k);
    const name = rival().name;
    const [en, other] = lanes;
    if (k >= Math.max(en.tokens, other.tokens)) finish(name, en.tokens, other.tokens);
    else put(verdict, underway(t, k, en, other, name));
  }
  function finish(language, en, n) {
    raced.set(`${state.lang} ${state.mix}`, { en, n });
    const [low, high] = [Math.min(en, n), Math.max(en, n)];
    const words = t(n > en ? "race_dearer" : n < en ? "race_cheaper" : "race_even", {
      language,
      en: count(en),
      n: count(n),
      x: (high / low).toFixed(1),
    });
    put(verdict, el("b", {}, words));
    fig.say(words, { shown: false });
    fig.aha(lesson(t, state, language, raced));
  }
  stops.push(() => cancelAnimationFrame(timer));
  ready();
  return {
    node: el(
      "div",
      { class: "race" },
      el("p", { class: "lead" }, t("race_lead")),
      el("div", { class: "rivals", role: "group", "aria-label": t("race_choose"), ...main.control }, choices),
      el(
        "div",
        { class: "lanes", ...main.response },
        verdict,
        lanes.map((l) => l.node),
      ),
      el("p", { class: "gb-muted small" }, t("race_key")),
      mix.node,
    ),
    /** A language that was named elsewhere, in a link or in the list: its race is over. */
    over() {
      ready();
      if (rival()) show(Infinity);
    },
  };
}

/** Who is through while the other still reads. */
function underway(t, k, en, other, name) {
  if (k >= en.tokens) return el("b", {}, t("race_first", { language: "English", other: name, read: other.read(k) }));
  if (k >= other.tokens) return el("b", {}, t("race_first", { language: name, other: "English", read: en.read(k) }));
  return t("race_runs");
}

/** What was seen: one pile, or what another pile made of the same race. */
function lesson(t, { lang, mix }, language, raced) {
  const seen = [...raced]
    .filter(([key]) => key.startsWith(`${lang} `))
    .map(([key, tokens]) => [key.slice(lang.length + 1), tokens]);
  if (seen.length < 2) return t("aha_race", { mix: t(`read_${mix}`) });
  const bills = seen.map(([m, { en, n }]) =>
    t("aha_bill", { mix: t(`read_${m}`), en: count(en), n: count(n), language }),
  );
  return t("aha_piles", { bills: bills.join(" ") });
}

/** One language: a bar that grows, and the notice, marked as far as it is read. */
function lanePanel(t) {
  const name = el("span", { class: "who" });
  const number = el("span", { class: "tokens" });
  const bar = el("span", { class: "gb-fill" });
  const late = el("span", { class: "gb-fill late" });
  const text = el("p", { class: "notice" });
  const lane = {
    tokens: 0,
    node: el(
      "div",
      { class: "lane" },
      el("p", { class: "head" }, name, number),
      el("div", { class: "track", "aria-hidden": "true" }, bar, late),
      text,
    ),
  };
  let list = [];
  let done = 0; // cells that are marked
  let first = 0; // tokens of whoever is through first
  let most = 1;

  lane.lay = (p, bpe, shortest, longest) => {
    list = p ? cells(p.text, bpe) : [];
    lane.tokens = list.at(-1)?.to ?? 0;
    [done, first, most] = [0, shortest, longest];
    name.textContent = p?.name ?? t("race_nobody");
    text.setAttribute("dir", p?.dir ?? "ltr");
    text.setAttribute("lang", p?.code ?? "en");
    put(
      text,
      list.map((c) => el("span", { style: { "--n": c.to - c.from } }, c.text)),
    );
    number.textContent = "";
    grow(0);
  };
  function grow(k) {
    bar.style.inlineSize = `${(100 * Math.min(k, first)) / most}%`;
    late.style.inlineSize = `${(100 * Math.max(0, k - first)) / most}%`;
  }
  lane.show = (k) => {
    const now = Math.min(k, lane.tokens);
    for (; done < list.length && list[done].to <= now; done++)
      text.children[done].className = list[done].to <= first ? "on" : "late";
    number.textContent = t(now < lane.tokens ? "race_count" : "race_through", { n: count(now) });
    grow(now);
  };
  lane.read = (k) => `${Math.floor(100 * reached(list, k))}%`;
  return lane;
}
