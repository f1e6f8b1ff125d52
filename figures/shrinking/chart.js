// Right answers against the size of the file: a line for the roundings, a mark of its own for every other way. The two
// rungs between which it falls are named in words. Drawn narrow, so that the letters stay readable on a phone.

import { scaleLinear, scaleLog } from "d3-scale";
import { el, svg } from "../core/index.js";
import { finding, ladder, percent, share, size } from "./logic.js";

const [WIDTH, HEIGHT] = [340, 270];
const EDGE = { left: 44, right: 14, top: 22, bottom: 44 };

export function chart(t, data) {
  const [rungs, rest] = [ladder(data), data.others];
  const bytes = [...rungs, ...rest].map((m) => m.bytes);
  const x = scaleLog([Math.min(...bytes) * 0.8, Math.max(...bytes) * 1.25], [EDGE.left, WIDTH - EDGE.right]);
  const y = scaleLinear([0, 1], [HEIGHT - EDGE.bottom, EDGE.top]);
  const at = (m) => [x(m.bytes), y(share(m))];
  const line = rungs
    .map((m) =>
      at(m)
        .map((v) => v.toFixed(1))
        .join(" "),
    )
    .join("L");
  const best = rungs[0];
  const fall = edge(data, rungs);
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      "aria-label": t("chart_alt", { first: percent(share(best)), last: percent(share(rungs.at(-1))) }) + fell(t, fall),
    },
    axes(t, x, y),
    svg("path", { class: "line", d: `M${line}` }),
    fall.length ? svg("path", { class: "line cliff", d: `M${fall.map((m) => at(m).join(" ")).join("L")}` }) : [],
    rest.map((m) => cross(at(m))),
    rungs.map((m) => dot(at(m), fall.includes(m) ? "" : m.bits)),
    fall.map((m, i) => named(t, m, at(m), i)),
  );
  return el("figure", { class: "chart" }, picture, el("figcaption", { class: "small gb-muted" }, t("chart_legend")));
}

/** The last rung that answers at least half as often as the whole one, and the first that does not; or none. */
function edge(data, rungs) {
  const { broken } = finding(data);
  return broken > 0 ? [rungs[broken - 1], rungs[broken]] : [];
}

const words = (t, m) => t("chart_named", { n: m.bits, p: percent(share(m)) });
const fell = (t, fall) => (fall.length ? t("chart_fell", { above: words(t, fall[0]), below: words(t, fall[1]) }) : "");

/** Beside the edge of the cliff, on its right and below; beside its foot, on its left. */
const named = (t, m, [x, y], foot) =>
  svg(
    "text",
    { class: `bits ${foot ? "end" : "start"}`, x: foot ? x - 9 : x + 7, y: foot ? y - 4 : y + 30 },
    words(t, m),
  );

const dot = ([cx, cy], bits) =>
  svg("g", {}, svg("circle", { class: "dot", cx, cy, r: 4 }), svg("text", { class: "bits", x: cx, y: cy - 8 }, bits));

const cross = ([x, y]) => svg("path", { class: "cross", d: `M${x - 4} ${y - 4}l8 8m0 -8l-8 8` });

function axes(t, x, y) {
  const [low, high] = x.domain();
  const ticks = [1e5, 2e5, 5e5, 1e6, 2e6, 4e6].filter((v) => v >= low && v <= high);
  return [
    [0, 0.25, 0.5, 0.75, 1].map((v) => [
      svg("path", { class: "grid", d: `M${EDGE.left} ${y(v)}H${WIDTH - EDGE.right}` }),
      svg("text", { class: "tick end", x: EDGE.left - 6, y: y(v) + 4 }, percent(v)),
    ]),
    ticks.map((v) => svg("text", { class: "tick", x: x(v), y: HEIGHT - EDGE.bottom + 17 }, size(v))),
    svg("text", { class: "tick", x: (EDGE.left + WIDTH) / 2, y: HEIGHT - 6 }, t("chart_x")),
  ].flat(3);
}
