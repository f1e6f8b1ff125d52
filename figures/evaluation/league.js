// The league table: a row a model with its rank, a bar with the interval, and how many places it stands above or below its
// place in the first table. When the rule changes the rows go to their new places; who asked for less motion sees them there at once.
import { el, put, reducedMotion } from "../core/index.js";
import { percent } from "./words.js";

const TUMBLE = { duration: 700, easing: "cubic-bezier(.3,1.25,.5,1)" };

export function leaguePanel({ t }, data) {
  const rows = Object.fromEntries(data.models.map((model) => [model, row(t, model, t(`rule_${data.rules[0]}`))]));
  const list = el("ol", { class: "league" });
  const node = el("div", { class: "table" }, list);

  /** `places`: { model: places gained against the first rule }; `moving`: whether the rows glide to their places. */
  function draw(table, places, guess, moving) {
    const before = new Map(table.map(({ model }) => [model, rows[model].node.getBoundingClientRect().top]));
    table.forEach((found, i) => rows[found.model].draw(found, i, places[found.model], table));
    put(
      list,
      table.map(({ model }) => rows[model].node),
    );
    node.style.setProperty("--chance", `${100 * guess}%`);
    if (reducedMotion() || !moving) return;
    for (const { model } of table) {
      const moved = before.get(model) - rows[model].node.getBoundingClientRect().top;
      if (moved) rows[model].node.animate?.([{ transform: `translateY(${moved}px)` }, { transform: "none" }], TUMBLE);
    }
  }
  return { node, draw };
}

function row(t, model, rule) {
  const rank = el("span", { class: "rank" });
  const moved = el("span", { class: "moved" });
  const share = el("b", { class: "share" });
  const bar = el("span", { class: "bar" });
  const interval = el("span", { class: "interval" });
  const track = el("span", { class: "track", "aria-hidden": "true" }, bar, interval, el("span", { class: "guess" }));
  const node = el(
    "li",
    {},
    rank,
    el("span", { class: "name" }, el("b", {}, model), el("small", {}, t(`model_${model}`))),
    track,
    share,
    moved,
  );

  function draw(found, place, places, table) {
    const shared = table.filter((other) => other.rank === found.rank).length > 1;
    rank.textContent = `${found.rank}${shared ? "=" : ""}`;
    share.textContent = percent(found.share);
    share.title = t("interval", { low: percent(found.low), high: percent(found.high) });
    bar.style.inlineSize = `${100 * found.share}%`;
    interval.style.insetInlineStart = `${100 * found.low}%`;
    interval.style.inlineSize = `${100 * (found.high - found.low)}%`;
    node.className = place === 0 ? "first" : "";
    const key = places > 0 ? "up" : "down";
    moved.className = `moved ${places ? key : ""}`;
    put(
      moved,
      places !== 0 && [
        el("span", { "aria-hidden": "true" }, `${places > 0 ? "▲" : "▼"}${Math.abs(places)}`),
        el("span", { class: "gb-hidden-text" }, t(key, { n: Math.abs(places), rule })),
      ],
    );
  }
  return { node, draw };
}
