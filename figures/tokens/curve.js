// Tokens of the text against merges learned, with a dot where the reader is.
import { scaleLinear } from "d3-scale";
import { el, put, svg } from "../core/index.js";
import { count } from "./chips.js";

const [WIDTH, HEIGHT, MARGIN] = [600, 84, 6];
const HEADROOM = 2.6 * MARGIN; // for the label above the first point

/** points: [[merges, tokens], …]; k merges are learned now and give `now` tokens. */
export function drawCurve(node, points, k, now, t) {
  const [n, last] = points.at(-1);
  const first = points[0][1];
  const x = scaleLinear([0, n || 1], [MARGIN, WIDTH - MARGIN]);
  const y = scaleLinear([0, first || 1], [HEIGHT - MARGIN, HEADROOM]);
  const line = points.map(([m, tokens]) => `${x(m).toFixed(1)},${y(tokens).toFixed(1)}`).join(" ");
  const words = t("curve", { first: count(first), now: count(now), k: count(k), last: count(last), n: count(n) });
  put(
    node,
    svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": words },
      svg("polygon", { class: "area", points: `${x(0)},${y(0)} ${line} ${x(n)},${y(0)}` }),
      svg("polyline", { class: "line", points: line, "vector-effect": "non-scaling-stroke" }),
      svg("line", { class: "here", x1: x(k), x2: x(k), y1: y(now), y2: y(0), "vector-effect": "non-scaling-stroke" }),
    ),
    el("span", {
      class: "dot",
      "aria-hidden": "true",
      style: { "inset-inline-start": `${(100 * x(k)) / WIDTH}%`, "inset-block-start": `${(100 * y(now)) / HEIGHT}%` },
    }),
    el("span", { class: "start", "aria-hidden": "true" }, t("curve_bytes", { n: count(first) })),
    el("span", { class: "end", "aria-hidden": "true" }, t("curve_tokens", { n: count(last) })),
  );
}
