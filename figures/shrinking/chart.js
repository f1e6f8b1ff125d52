// Right answers against the size of the file: a line for the roundings, a mark of its own for every other way.

import { scaleLinear, scaleLog } from "d3-scale";
import { el, svg } from "../core/index.js";
import { ladder, percent, share, size } from "./logic.js";

const [WIDTH, HEIGHT] = [560, 250];
const EDGE = { left: 46, right: 18, top: 14, bottom: 40 };

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
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      "aria-label": t("chart_alt", { first: percent(share(best)), last: percent(share(rungs.at(-1))) }),
    },
    axes(t, x, y),
    svg("path", { class: "line", d: `M${line}` }),
    rungs.map((m) => dot(m, at(m))),
    rest.map((m) => cross(at(m))),
  );
  return el("figure", { class: "chart" }, picture, el("figcaption", { class: "small gb-muted" }, t("chart_legend")));
}

const dot = (m, [cx, cy]) =>
  svg("g", {}, svg("circle", { class: "dot", cx, cy, r: 4 }), svg("text", { class: "bits", x: cx, y: cy - 8 }, m.bits));

const cross = ([x, y]) => svg("path", { class: "cross", d: `M${x - 4} ${y - 4}l8 8m0 -8l-8 8` });

function axes(t, x, y) {
  const [low, high] = x.domain();
  const ticks = [1e5, 2e5, 5e5, 1e6, 2e6, 4e6].filter((v) => v >= low && v <= high);
  return [
    [0, 0.25, 0.5, 0.75, 1].map((v) => [
      svg("path", { class: "grid", d: `M${EDGE.left} ${y(v)}H${WIDTH - EDGE.right}` }),
      svg("text", { class: "tick end", x: EDGE.left - 6, y: y(v) + 4 }, percent(v)),
    ]),
    ticks.map((v) => svg("text", { class: "tick", x: x(v), y: HEIGHT - EDGE.bottom + 16 }, size(v))),
    svg("text", { class: "tick", x: (EDGE.left + WIDTH) / 2, y: HEIGHT - 6 }, t("chart_x")),
  ].flat(3);
}
