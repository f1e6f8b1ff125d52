// The probability of the right answer over all temperatures, with a dot where the reader stands.
import { scaleLinear } from "d3-scale";
import { el, put, svg } from "../core/index.js";
import { percent, trim } from "./format.js";

export const TEMPERATURES = [
  0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.4, 1.6, 1.8, 2, 2.25, 2.5, 2.75, 3,
];
const [WIDTH, HEIGHT, MARGIN] = [280, 130, 4];

/** points: [[temperature, share], …]; now: the same for the present setting. */
export function drawFactCurve(t, node, points, now) {
  const x = scaleLinear([0, 3], [MARGIN, WIDTH - MARGIN]);
  const y = scaleLinear([0, 1], [HEIGHT - MARGIN, MARGIN]);
  const at = (temperature) => percent(points.find((p) => p[0] === temperature)[1]);
  const words = t("curve", { at0: at(0), at1: at(1), at3: at(3), now: percent(now[1]), temperature: trim(now[0], 2) });
  const across = (v) => `${(100 * v) / WIDTH}%`;
  const down = (v) => `${(100 * v) / HEIGHT}%`;
  put(
    node,
    el("p", { class: "subsub" }, t("curve_title")),
    el(
      "div",
      { class: "plot" },
      svg(
        "svg",
        { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": words },
        y
          .ticks(2)
          .map((p) =>
            svg("line", { class: "grid", x1: 0, x2: WIDTH, y1: y(p), y2: y(p), "vector-effect": "non-scaling-stroke" }),
          ),
        svg("polyline", {
          class: "line",
          points: points.map(([a, p]) => `${x(a).toFixed(1)},${y(p).toFixed(1)}`).join(" "),
          "vector-effect": "non-scaling-stroke",
        }),
      ),
      el("span", {
        class: "dot",
        style: { "inset-inline-start": across(x(now[0])), "inset-block-start": down(y(now[1])) },
      }),
      y
        .ticks(2)
        .reverse()
        .map((p) =>
          el("span", { class: "y", "aria-hidden": "true", style: { "inset-block-start": down(y(p)) } }, `${100 * p}%`),
        ),
    ),
    el(
      "div",
      { class: "x", "aria-hidden": "true" },
      x.ticks(3).map((v) => el("span", {}, String(v))),
    ),
  );
}
