// The probability of the right answer over the temperature, drawn as far as the reader's slider has been.
import { scaleLinear } from "d3-scale";
import { el, svg, uid } from "../core/index.js";
import { trim, whole } from "./format.js";

const [WIDTH, HEIGHT, MARGIN] = [300, 100, 5];

export function curvePlot(t) {
  const x = scaleLinear([0, 3], [0, WIDTH]);
  const y = scaleLinear([0, 1], [HEIGHT - MARGIN, MARGIN]);
  const id = uid("been");
  const seen = svg("rect", { x: 0, y: 0, width: 0, height: HEIGHT });
  const line = svg("polyline", { class: "line", "clip-path": `url(#${id})`, "vector-effect": "non-scaling-stroke" });
  const dot = el("span", { class: "dot" });
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" },
    svg("clipPath", { id }, seen),
    y
      .ticks(2)
      .map((p) =>
        svg("line", { class: "grid", x1: 0, x2: WIDTH, y1: y(p), y2: y(p), "vector-effect": "non-scaling-stroke" }),
      ),
    line,
  );
  const levels = [0, 1].map((p) =>
    el("span", { class: "y", "aria-hidden": "true", style: { "inset-block-start": `${y(p)}%` } }, `${100 * p}%`),
  );
  return {
    node: el("div", { class: "plot" }, picture, levels, dot),
    /** points: [[temperature, share], …] of the whole slider; what the reader has not passed stays hidden. */
    line(points) {
      line.setAttribute("points", points.map(([a, p]) => `${x(a).toFixed(1)},${y(p).toFixed(1)}`).join(" "));
    },
    stand(temperature, share, [coldest, hottest]) {
      seen.setAttribute("x", x(coldest));
      seen.setAttribute("width", x(hottest) - x(coldest));
      dot.style.insetInlineStart = `${(100 * x(temperature)) / WIDTH}%`;
      dot.style.insetBlockStart = `${y(share)}%`;
      picture.setAttribute("aria-label", t("curve", { now: whole(share), temperature: trim(temperature, 2) }));
    },
  };
}
