// The mixing desk: sliders for the sources of a training mixture, and what small models became of it.
// Every stop of the sliders is a mixture that was trained, in three towns; nothing is interpolated.
//
// State (JSON in the page, keyword arguments in a notebook; all optional):
//   mix    shovels of registers, harbor talk, uptown talk, tavern quarrels, copied stories: "1-0-1-0-0"
//   kept   the mix that it is compared with, written the same way; without it, the mix at the start
//   e.g.   {"mix": "1-0-1-0-0", "kept": "1-1-1-0-0"}: what leaving out harbor talk does
// The grid comes from `python -m glassbox.recordings.data_cleaning`.
import { button, dataTable, el, frame, put, slider, uid } from "../core/index.js";
import grid from "../../glassbox/recordings/data_cleaning.json";
import {
  ABILITIES, LOSSES, SOURCES, betterWithout, finding, lossEnds, measures, middle, models, parseMix, ratioPlace, ratioTicks, reduced, rudeParts, shares, trained,
} from "./logic.js";
import css from "./style.css";
import strings from "./strings.json";

const QUIET = { shown: false }; // what is announced is in view already
const ALL = [1, 1, 1, 1, 1];
const PRESETS = { all: ALL, no_harbor: [1, 0, 1, 1, 1], clean: [1, 1, 1, 0, 0], registers: [1, 0, 0, 0, 0] };

const number = (n) => n.toLocaleString("en-US");
const percent = (p) => (p > 0.995 && p < 1 ? ">99%" : p > 0 && p < 0.005 ? "<1%" : `${Math.round(100 * p)}%`);
const bits = (x) => (x < 1 ? x.toFixed(3) : x.toFixed(2));
const times = (x) => (x < 10 ? x.toFixed(1) : number(Math.round(x)));
const count = (x) => (x < 100 ? x.toFixed(1) : number(Math.round(x)));
const where = (place) => `${(100 * place).toFixed(2)}%`;
const at = (place) => ({ "inset-inline-start": where(place) });
const move = (node, place) => node.style.setProperty("inset-inline-start", where(place));

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "data_cleaning", css, strings, permalink: ["mix", "kept"] });
    const stop = desk(model, fig);
    return () => {
      stop();
      fig.destroy();
    };
  },
};

function desk(model, fig) {
  const { t } = fig;
  const name = (s) => t(s, { n: grid.n_copied });
  const lossName = (id) => (id === "copies" ? t("loss_copies") : name(id));
  const start = (key) => parseMix(fig.get(key), grid.sources) ?? parseMix(model.get(key), grid.sources); // a broken link: the page's own
  let mix = start("mix") ?? ALL;
  let kept = start("kept") ?? mix;

  // ---------------------------------------------------------------- the sliders

  const shownValue = (i) => (n) => (n ? t("value", { n, share: percent(shares(mix)[i]) }) : t("value_none"));
  const sliders = SOURCES.map((s, i) => slider({
    label: name(s), min: grid.sources[s][0], max: grid.sources[s].at(-1), step: 1, value: mix[i], format: shownValue(i),
    oninput: (n) => set(mix.map((old, k) => (k === i ? n : old))),
  }));
  sliders.forEach((s, i) => { // marks at the stops
    const marks = uid("stops");
    s.node.classList.add(SOURCES[i]);
    s.node.querySelector("output").setAttribute("aria-live", "off"); // one slider changes the shares of all
    s.input.setAttribute("list", marks);
    s.node.append(el("datalist", { id: marks }, grid.sources[SOURCES[i]].map((n) => el("option", { value: n }))));
  });
  const parts = SOURCES.map((s) => el("span", { class: s }));
  const bar = el("div", { class: "mixbar", role: "img" }, parts);
  const keep = button(t("keep"), () => {
    kept = mix;
    fig.set("kept", kept.join("-"));
    draw();
    fig.say(t("compared", { mix: words(kept) }), QUIET);
    sliders[0].input.focus({ preventScroll: true }); // the button is gone
  });

  const words = (of) => {
    const share = shares(of);
    return SOURCES.map((s, i) => share[i] && `${name(s)} ${percent(share[i])}`).filter(Boolean).join(", ") || t("value_none");
  };

  function set(next) {
    mix = next;
    fig.set("mix", mix.join("-"));
    draw();
    fig.saySoon(said);
  }

  function said() {
    const now = measures(grid, mix);
    if (!now) return t("nothing");
    const mean = (id) => middle(now[id]);
    return t("say", { mix: words(mix), own: bits(mean("own")), harbor: bits(mean("harbor")), facts: percent(mean("harbor_own")),
      recited: percent(mean("recited")), rude: count(mean("rude")) });
  }

  // ---------------------------------------------------------------- the charts

  const [low, high] = lossEnds(grid);
  const most = Math.max(...trained(grid).flatMap((m) => measures(grid, m).rude));
  const rudeTop = [10, 20, 30, 50, 80, 100, 150, 200, 300, 500].find((x) => x >= most) ?? Math.ceil(most);
  const charts = [
    plot({ title: t("loss_title"), ids: LOSSES, name: lossName, write: bits, mark: String, place: (x) => ratioPlace(x, low, high), ticks: ratioTicks(low, high) }),
    plot({ title: t("able_title"), ids: ABILITIES, name: (id) => t(id), write: percent, place: (x) => x, ticks: [0, 0.25, 0.5, 0.75, 1] }),
    plot({ title: t("rude_title"), ids: ["rude"], name: (id) => t(id), write: count, mark: number, place: (x) => x / rudeTop, ticks: [0, rudeTop / 2, rudeTop] }),
  ];
  const compared = el("p", { class: "compared" });
  const nothing = el("p", { class: "gb-failed", hidden: true }, t("nothing"));
  const perplexities = el("p", { class: "gb-muted small" });
  const texts = el("div", { class: "texts" });
  const results = el("div", {});
  const table = dataTable({ summary: t("table"), caption: t("table_caption"),
    columns: [t("col_measure"), ...grid.seeds.map((_, k) => t("col_town", { n: k + 1 })), t("col_mean"), t("col_kept")] });
  const ROWS = [...LOSSES.map((id) => [id, lossName(id), bits]), ["perplexity_harbor", t("perplexity_harbor"), count], ["perplexity_uptown", t("perplexity_uptown"), count],
    ...ABILITIES.map((id) => [id, t(id), percent]), ["rude", t("rude_title"), count]];
  const all = dataTable({ summary: t("grid_table", { n: trained(grid).length }), caption: t("grid_caption", { order: SOURCES.map(name).join(", ") }),
    columns: [t("col_mix"), ...ROWS.map(([, title]) => title)],
    rows: trained(grid).map((m) => [m.join("-"), ...ROWS.map(([id, , write]) => write(middle(measures(grid, m)[id])))]) });

  all.node.classList.add("all");

  function draw() {
    const now = measures(grid, mix);
    const was = measures(grid, kept);
    const same = reduced(mix).join() === reduced(kept).join();
    sliders.forEach((s, i) => { s.value = mix[i]; });
    shares(mix).forEach((share, i) => {
      parts[i].style.setProperty("flex-grow", share);
      parts[i].hidden = !share;
    });
    bar.setAttribute("aria-label", t("share_bar", { parts: words(mix) }));
    put(compared, same ? t("same") : t("compared", { mix: words(kept) }));
    keep.hidden = same || !now;
    nothing.hidden = !!now;
    results.hidden = !now;
    if (!now) return;
    charts.forEach((chart) => chart.draw(t, now, same ? null : was));
    put(perplexities, t("perplexities", { harbor: count(middle(now.perplexity_harbor)), uptown: count(middle(now.perplexity_uptown)) }));
    const written = models(grid, mix)[0].texts;
    const rude = written.some((text) => rudeParts(text, grid.rude).some((p) => p.rude));
    put(texts, el("p", { class: "sub" }, t("texts")), rude && el("p", { class: "gb-muted small" }, t("texts_rude")),
      written.map((text) => el("p", { class: "text" }, rudeParts(text.trim(), grid.rude).map((p) => (p.rude ? el("mark", {}, p.text) : p.text)))));
    table.update(ROWS.map(([id, title, write]) => [title, ...now[id].map(write), write(middle(now[id])), same || !was ? "" : write(middle(was[id]))]));
  }

  // ---------------------------------------------------------------- the page

  const sign = (is) => el("span", { class: "track", "aria-hidden": "true" }, el("span", { class: is, style: at(0.5) }));
  put(fig.body, el("p", { class: "lead" }, t("lead", { tokens: number(grid.tokens) })),
    el("div", { class: "desk" },
      el("fieldset", {}, el("legend", { class: "gb-hidden-text" }, t("sliders")), el("div", { class: "sliders" }, sliders.map((s) => s.node))),
      bar,
      el("div", { class: "buttons", role: "group", "aria-label": t("presets") }, Object.entries(PRESETS).map(([key, to]) => button(t(`preset_${key}`), () => set(to))))),
    nothing,
    el("div", { class: "buttons" }, compared, keep), fig.status,
    put(results,
      el("div", { class: "two" }, charts[0].node, el("div", {}, charts[1].node, el("p", { class: "gb-muted small" }, t("asked", Object.fromEntries(Object.entries(grid.examples).map(([form, [start]]) => [form, start])))), charts[2].node)),
      el("ul", { class: "signs", "aria-hidden": "true" }, [["mean", "now_key"], ["dot", "town_key"], ["ring", "kept_key"]].map(([is, key]) => el("li", {}, sign(is), t(key)))),
      perplexities, texts),
    el("div", { class: "tables" }, table.node, all.node));

  const found = finding(grid);
  fig.aha(t(`aha_${found.key}`, { n: found.n, better: found.better, low: times(found.low), high: times(found.high), without: percent(found.without), with: percent(found.with) }));
  const average = (of) => percent(middle(grid.models.map(of)));
  const without = (s) => t("without", { source: name(s), k: betterWithout(grid, s)[0], n: betterWithout(grid, s)[1] });
  const why = t("why", { each: SOURCES.filter((s) => s !== "harbor").map(without).join(", ") });
  fig.root.querySelector(".gb-aha").after(el("p", { class: "gb-muted small" }, why), el("p", { class: "gb-muted small" }, t("simplified", {
    models: number(grid.models.length), parameters: number(grid.parameters), mixes: trained(grid).length, residents: grid.residents,
    asked_low: Math.min(...grid.asked), asked_high: Math.max(...grid.asked), luck: average((m) => m.luck), shown: grid.shown_first,
    recited_new: average((m) => m.recited_new), rude: grid.rude.length })));

  fig.onChange("mix", () => { // from Python; fig.get would answer with the link's mix
    const next = parseMix(model.get("mix"), grid.sources);
    if (next && next.join() !== mix.join()) { mix = next; draw(); }
  });
  fig.onChange("kept", () => {
    const next = parseMix(model.get("kept"), grid.sources);
    if (next && next.join() !== kept.join()) { kept = next; draw(); }
  });
  fig.say("", QUIET);
  draw();
}

/** A dot plot with one line for each measure. Its words are text; the marks are for the eye. */
function plot({ title, ids, name, write, mark = write, place, ticks }) {
  const rows = ids.map((id) => {
    const head = el("p", { class: "row-head" });
    const old = el("span", { class: "ring" });
    const path = el("span", { class: "path" });
    const dots = grid.seeds.map(() => el("span", { class: "dot" }));
    const mean = el("span", { class: "mean" });
    const track = el("div", { class: "track", "aria-hidden": "true" }, ticks.map((x) => el("span", { class: "tick", style: at(place(x)) })), path, old, dots, mean);
    return { id, head, old, path, dots, mean, node: el("li", { class: id }, head, track) };
  });
  const scale = el("div", { class: "scale", "aria-hidden": "true" }, ticks.map((x) => el("span", { class: String(x).endsWith("2") && "minor", style: at(place(x)) }, mark(x))));
  return {
    node: el("div", { class: "panel" }, el("p", { class: "sub" }, title), el("ul", { class: "plot" }, rows.map((r) => r.node)), scale),
    draw(t, now, was) {
      for (const { id, head, old, path, dots, mean } of rows) {
        const here = middle(now[id]);
        const there = was && middle(was[id]);
        put(head, el("span", {}, name(id)), el("span", {}, el("b", {}, write(here)), was && ` ${t("was", { value: write(there) })}`));
        dots.forEach((dot, k) => move(dot, place(now[id][k])));
        move(mean, place(here));
        old.hidden = path.hidden = !was;
        if (!was) continue;
        const [a, b] = [place(there), place(here)].sort((x, y) => x - y);
        move(old, place(there));
        move(path, a);
        path.style.setProperty("inline-size", where(b - a));
      }
    },
  };
}
