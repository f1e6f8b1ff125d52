// What small models became of the mixture: losses, abilities, rude words, their texts, and the numbers behind.
import { scaleLinear } from "d3-scale";
import grid from "../../glassbox/recordings/data_cleaning.json";
import { dataTable, el, put } from "../core/index.js";
import {
  ABILITIES,
  LOSSES,
  lossEnds,
  measures,
  middle,
  models,
  ratioScale,
  ratioTicks,
  rudeParts,
  SOURCES,
  trained,
} from "./logic.js";
import { sourceName } from "./mixer.js";
import { at, plot } from "./plot.js";
import { bits, count, number, percent } from "./words.js";

const lossName = (t, id) => (id === "copies" ? t("loss_copies") : sourceName(t, id));

export function resultsPanel({ t }) {
  const charts = [lossChart(t), ableChart(t), rudeChart(t)];
  const perplexities = el("p", { class: "gb-muted small" });
  const texts = el("div", { class: "texts" });
  const examples = Object.fromEntries(Object.entries(grid.examples).map(([form, [start]]) => [form, start]));
  const node = el(
    "div",
    {},
    el(
      "div",
      { class: "two" },
      charts[0].node,
      el("div", {}, charts[1].node, el("p", { class: "gb-muted small" }, t("asked", examples)), charts[2].node),
    ),
    signs(t),
    perplexities,
    texts,
  );
  const tables = tablesPanel(t);

  /** The measures of a mixture, and of what it is compared with, if that is another. */
  function draw(mix, now, was) {
    charts.forEach((chart) => chart.draw(t, now, was));
    put(
      perplexities,
      t("perplexities", { harbor: count(middle(now.perplexity_harbor)), uptown: count(middle(now.perplexity_uptown)) }),
    );
    const written = models(grid, mix)[0].texts;
    const rude = written.some((text) => rudeParts(text, grid.rude).some((p) => p.rude));
    put(
      texts,
      el("p", { class: "sub" }, t("texts")),
      rude && el("p", { class: "gb-muted small" }, t("texts_rude")),
      written.map((text) =>
        el(
          "p",
          { class: "text" },
          rudeParts(text.trim(), grid.rude).map((p) => (p.rude ? el("mark", {}, p.text) : p.text)),
        ),
      ),
    );
    tables.update(now, was);
  }
  return { node, tables: tables.nodes, draw };
}

const n = grid.seeds.length;

function lossChart(t) {
  const ends = lossEnds(grid);
  return plot({
    title: t("loss_title"),
    ids: LOSSES,
    n,
    name: (id) => lossName(t, id),
    write: bits,
    mark: String,
    place: ratioScale(ends),
    ticks: ratioTicks(ends),
  });
}

const ableChart = (t) =>
  plot({
    title: t("able_title"),
    ids: ABILITIES,
    n,
    name: (id) => t(id),
    write: percent,
    place: scaleLinear([0, 1], [0, 1]),
    ticks: [0, 0.25, 0.5, 0.75, 1],
  });

function rudeChart(t) {
  const most = Math.max(...trained(grid).flatMap((m) => measures(grid, m).rude));
  const top = [10, 20, 30, 50, 80, 100, 150, 200, 300, 500].find((x) => x >= most) ?? Math.ceil(most);
  return plot({
    title: t("rude_title"),
    ids: ["rude"],
    n,
    name: (id) => t(id),
    write: count,
    mark: number,
    place: scaleLinear([0, top], [0, 1]),
    ticks: [0, top / 2, top],
  });
}

const signs = (t) =>
  el(
    "ul",
    { class: "signs", "aria-hidden": "true" },
    [
      ["mean", "now_key"],
      ["dot", "town_key"],
      ["ring", "kept_key"],
    ].map(([is, key]) =>
      el(
        "li",
        {},
        el("span", { class: "track", "aria-hidden": "true" }, el("span", { class: is, style: at(0.5) })),
        t(key),
      ),
    ),
  );

/** The measures of this mixture as a table, and those of every mixture as another. */
function tablesPanel(t) {
  const rows = [
    ...LOSSES.map((id) => [id, lossName(t, id), bits]),
    ["perplexity_harbor", t("perplexity_harbor"), count],
    ["perplexity_uptown", t("perplexity_uptown"), count],
    ...ABILITIES.map((id) => [id, t(id), percent]),
    ["rude", t("rude_title"), count],
  ];
  const here = dataTable({
    summary: t("table"),
    caption: t("table_caption"),
    columns: [t("col_measure"), ...grid.seeds.map((_, k) => t("col_town", { n: k + 1 })), t("col_mean"), t("col_kept")],
  });
  const all = dataTable({
    summary: t("grid_table", { n: trained(grid).length }),
    caption: t("grid_caption", { order: SOURCES.map((s) => sourceName(t, s)).join(", ") }),
    columns: [t("col_mix"), ...rows.map(([, title]) => title)],
    rows: trained(grid).map((m) => [m.join("-"), ...rows.map(([id, , write]) => write(middle(measures(grid, m)[id])))]),
  });
  all.node.classList.add("all");
  return {
    nodes: [here.node, all.node],
    update(now, was) {
      here.update(
        rows.map(([id, title, write]) => [
          title,
          ...now[id].map((x) => write(x)),
          write(middle(now[id])),
          was ? write(middle(was[id])) : "",
        ]),
      );
    },
  };
}
