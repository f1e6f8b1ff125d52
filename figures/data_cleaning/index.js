// The mixing desk: sliders for the sources of a training mixture, and what small models became of it.
// Every stop of the sliders is a mixture that was trained, in three towns; nothing is interpolated.
//
// State (JSON in the page, keyword arguments in a notebook; all optional):
//   mix    shovels of registers, harbor talk, uptown talk, tavern quarrels, copied stories: "1-0-1-0-0"
//   kept   the mix that it is compared with, written the same way; without it, the mix at the start
//   e.g.   {"mix": "1-0-1-0-0", "kept": "1-1-1-0-0"}: what leaving out harbor talk does

import grid from "../../glassbox/recordings/data_cleaning.json";
import { el, frame, put } from "../core/index.js";
import { betterWithout, finding, measures, middle, parseMix, reduced, SOURCES, trained } from "./logic.js";
import { ALL, asked, comparedPanel, mixerPanel, mixWords, sourceName } from "./mixer.js";
import { resultsPanel } from "./results.js";
import strings from "./strings.json";
import css from "./style.css";
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
  const desk = { mix: asked(fig, model, "mix") ?? ALL, kept: null };
  desk.kept = asked(fig, model, "kept") ?? desk.mix;
  const mixer = mixerPanel(fig, desk, (mix) => {
    desk.mix = mix;
    fig.set("mix", mix.join("-"));
    draw();
    fig.saySoon(() => said(t, mix));
  });
  const compared = comparedPanel(fig, desk, () => {
    desk.kept = desk.mix;
    fig.set("kept", desk.kept.join("-"));
    draw();
    fig.say(t("compared", { mix: mixWords(t, desk.kept) }), QUIET);
    mixer.focus(); // the button is gone
  });
  const nothing = el("p", { class: "gb-failed", hidden: true }, t("nothing"));
  const results = resultsPanel(fig);
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead", { tokens: number(grid.tokens) })),
    mixer.node,
    nothing,
    el("div", { class: "buttons" }, compared.nodes),
    fig.status,
    results.node,
    el("div", { class: "tables" }, results.tables),
  );

  function draw() {
    const now = measures(grid, desk.mix);
    const same = reduced(desk.mix).join() === reduced(desk.kept).join();
    mixer.draw();
    compared.draw(same, !now);
    nothing.hidden = !!now;
    results.node.hidden = !now;
    if (now) results.draw(desk.mix, now, same ? null : measures(grid, desk.kept));
  }

  const found = finding(grid);
  fig.aha(
    t(`aha_${found.key}`, {
      n: found.n,
      better: found.better,
      low: times(found.low),
      high: times(found.high),
      without: percent(found.without),
      with: percent(found.with),
    }),
  );
  fig.under(el("p", { class: "gb-muted small" }, why(t)), el("p", { class: "gb-muted small" }, simplified(t)));
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
