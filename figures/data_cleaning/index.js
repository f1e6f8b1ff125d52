// The cleaner's desk: five sources to put in or take out, and what small models became of the mixture.
// Every mixture was trained, in three towns; nothing is interpolated.
//
// State (JSON in the page, keyword arguments in a notebook; all optional):
//   mix    which of registers, harbor talk, uptown talk, tavern quarrels, copied stories are in: "1-0-1-0-0"
//   kept   the mix that it is compared with, written the same way; without it, all five
//   e.g.   {"mix": "1-0-1-0-0", "kept": "1-1-1-0-0"}: what leaving out harbor talk does

import grid from "../../glassbox/recordings/data_cleaning.json";
import { el, frame, more, put } from "../core/index.js";
import { ingredientsPanel } from "./ingredients.js";
import { betterWithout, finding, measures, middle, parseMix, reduced, SOURCES, takenOut, trained } from "./logic.js";
import { ALL, asked, comparedPanel, mixWords, presetButtons, sourceName } from "./mixer.js";
import { resultsPanel } from "./results.js";
import strings from "./strings.json";
import css from "./style.css";
import { verdictPanel } from "./verdict.js";
import { bits, count, number, percent, times } from "./words.js";

const QUIET = { shown: false }; // what is announced is in view already

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "data_cleaning", css, strings, permalink: ["mix", "kept"] });
    show(model, fig);
    return fig.destroy;
  },
};

function show(model, fig) {
  const { t } = fig;
  const desk = { mix: asked(fig, model, "mix") ?? ALL, kept: asked(fig, model, "kept") ?? ALL, out: null };
  const onmix = (mix) => {
    desk.out = takenOut(mix, desk.mix) ?? desk.out;
    desk.mix = mix;
    fig.set("mix", mix.join("-"));
    draw();
    fig.saySoon(() => said(t, mix));
  };
  const ingredients = ingredientsPanel(fig, desk, onmix);
  const verdict = verdictPanel(fig, desk);
  const compared = comparedPanel(fig, desk, () => {
    desk.kept = desk.mix;
    fig.set("kept", desk.kept.join("-"));
    draw();
    fig.say(t("compared", { mix: mixWords(t, desk.kept) }), QUIET);
    ingredients.focus(); // the button is gone
  });
  const results = resultsPanel(fig);
  const fold = more(
    t("more"),
    presetButtons(t, onmix),
    el("div", { class: "buttons" }, compared.nodes),
    results.node,
    el("div", { class: "tables" }, results.tables),
    el("p", { class: "gb-muted small" }, why(t)),
    el("p", { class: "gb-muted small" }, simplified(t)),
  );
  fold.open = desk.kept.join() !== ALL.join();
  fold.addEventListener("toggle", draw);
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead")),
    el("div", { class: "desk" }, ingredients.node, verdict.node),
    fig.status,
  );
  fig.under(fold);

  function draw() {
    const now = measures(grid, desk.mix);
    const same = reduced(desk.mix).join() === reduced(desk.kept).join();
    const was = same ? null : measures(grid, desk.kept);
    ingredients.draw(now, was);
    verdict.draw(now, was);
    desk.out ??= takenOut(desk.mix, desk.kept) ?? takenOut(desk.mix, ALL);
    if (desk.out) fig.aha(found(t, desk.out));
    if (!fold.open) return; // drawn when it is opened
    compared.draw(same, !now);
    results.node.hidden = !now;
    if (now) results.draw(desk.mix, now, was);
  }

  for (const key of ["mix", "kept"]) {
    fig.onChange(key, () => {
      // from Python; fig.get would answer with the link's
      const next = parseMix(model.get(key), grid.sources);
      if (next && next.join() !== desk[key].join()) {
        desk[key] = next;
        draw();
      }
    });
  }
  fig.say("", QUIET);
  draw();
}

/** The result of a mixture in a sentence, for those who do not see the charts. */
function said(t, mix) {
  const now = measures(grid, mix);
  if (!now) return t("nothing");
  const mean = (id) => middle(now[id]);
  return t("say", {
    mix: mixWords(t, mix),
    own: bits(mean("own")),
    harbor: bits(mean("harbor")),
    facts: percent(mean("harbor_own")),
    recited: percent(mean("recited")),
    rude: count(mean("rude")),
  });
}

/** What the grid says of leaving out the source that the reader took out. */
function found(t, source) {
  const all = finding(grid, source);
  const name = sourceName(t, source);
  return t(`aha_${all.key}`, {
    source: name[0].toLowerCase() + name.slice(1),
    n: all.n,
    better: all.better,
    low: times(all.low),
    high: times(all.high),
    people:
      all.with === undefined ? "" : t(`people_${source}`, { without: percent(all.without), with: percent(all.with) }),
  });
}

function why(t) {
  const without = (s) => {
    const [k, n] = betterWithout(grid, s);
    return t("without", { source: sourceName(t, s), k, n });
  };
  return t("why", {
    each: SOURCES.filter((s) => s !== "harbor")
      .map(without)
      .join(", "),
  });
}

function simplified(t) {
  const average = (of) => percent(middle(grid.models.map(of)));
  return t("simplified", {
    models: number(grid.models.length),
    parameters: number(grid.parameters),
    mixes: trained(grid).length,
    residents: grid.residents,
    asked_low: Math.min(...grid.asked),
    asked_high: Math.max(...grid.asked),
    luck: average((m) => m.luck),
    shown: grid.shown_first,
    recited_new: average((m) => m.recited_new),
    rude: grid.rude.length,
  });
}
