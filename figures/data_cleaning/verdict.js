// The two results: the average over what is in, which is all that its maker looks at, and what is left out.

import { scaleLog } from "d3-scale";
import grid from "../../glassbox/recordings/data_cleaning.json";
import { el, MAIN, put } from "../core/index.js";
import { leftOut, middle, rank, SOURCES, standing } from "./logic.js";
import { sourceName } from "./mixer.js";
import { at } from "./plot.js";
import { bits, percent, times } from "./words.js";

const STANDING = standing(grid);
const place = scaleLog([STANDING[0], STANDING.at(-1)], [0, 1]).clamp(true);

export function verdictPanel({ t }, desk) {
  const average = card(t("average"), t("average_note"));
  const out = card(t("left_out"), t("left_out_note"));
  const marker = el("span", { class: "here" });
  const ladder = el(
    "div",
    { class: "ladder", "aria-hidden": "true" },
    STANDING.map((x) => el("span", { class: "rung", style: at(place(x)) })),
    marker,
  );
  const ranked = el("p", { class: "note" });
  average.node.append(ladder, ranked);
  const words = el("p", { class: "verdict" });
  const node = el(
    "div",
    { ...MAIN.response, class: "results" },
    el("div", { class: "cards" }, average.node, out.node),
    words,
  );

  /** The results of the reader's mixture, beside those of the mixture it is compared with (null: the same one). */
  function draw(now, was) {
    put(words, sentence(t, desk, now, was));
    average.draw(t, now && middle(now.own), was && middle(was.own));
    const lost = now && leftOut(desk.mix, now, was);
    out.draw(t, lost?.now ?? null, lost?.was ?? null);
    out.node.classList.toggle("empty", !lost);
    marker.hidden = ranked.hidden = !now;
    if (!now) return;
    marker.style.setProperty("inset-inline-start", at(place(middle(now.own)))["inset-inline-start"]);
    put(ranked, t("ranked", { rank: rank(STANDING, middle(now.own)), n: STANDING.length }));
  }
  return { node, draw };
}

/** A number in large digits, and what it was. */
function card(title, note) {
  const value = el("b", { class: "large" });
  const old = el("span", { class: "before" });
  const node = el(
    "div",
    { class: "card" },
    el("p", { class: "sub" }, title),
    el("p", { class: "note" }, note),
    el("p", { class: "number" }, value, " ", old),
  );
  return {
    node,
    draw(t, now, was) {
      put(value, now === null ? "–" : bits(now));
      put(old, now !== null && was !== null && t("was", { value: bits(was) }));
      const better = now !== null && was !== null && bits(now) !== bits(was) ? (now < was ? "better" : "worse") : "";
      node.dataset.change = better;
    },
  };
}

/** What happened, in words: to the average, and to what it does not count. */
function sentence(t, desk, now, was) {
  if (!now) return t("nothing");
  if (rank(STANDING, middle(now.own)) === 1) return lowest(t, desk, now);
  if (!was) return t("start");
  const [here, there] = [middle(now.own), middle(was.own)];
  const said = t(here < there ? "fell" : "rose", { now: bits(here), was: bits(there) });
  const lost = leftOut(desk.mix, now, was);
  if (!lost) return said;
  const ratio = times(lost.now / lost.was);
  const one = lost.sources.length === 1 && sourceName(t, lost.sources[0]);
  return `${said} ${one ? t("cost_one", { source: one, ratio }) : t("cost_many", { ratio })}`;
}

const lowest = (t, desk, now) =>
  t("lowest", {
    n: STANDING.length,
    mix: SOURCES.filter((_, i) => desk.mix[i])
      .map((s) => sourceName(t, s))
      .join(", "),
    harbor: percent(middle(now.harbor_own)),
    uptown: percent(middle(now.uptown_own)),
    recited: percent(middle(now.recited)),
  });
