// Reward or gold over the number of replies searched; a finger moves along it.
import { scaleLinear } from "d3-scale";
import { el, followFinger, put, svg } from "../core/index.js";
import { left, minus, two } from "./words.js";

/** `found.points` is what is drawn; `moveTo(i)` hears a finger, `touched()` when it comes down. */
export function rewardChart(t, office, found, key, moveTo, touched) {
  const { steps, sizes } = office;
  const curves = key === "gold" ? ["gold", "most"] : ["own"];
  const title = t(`panel_${key}`);
  const picture = svg("svg", {
    viewBox: "0 0 100 100",
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": title, // until there is something to draw
  });
  const over = el("div", { class: "over", "aria-hidden": "true" });
  const marks = el("div", { "aria-hidden": "true" });
  const area = el("div", { class: "area" }, picture, over, marks);
  const x = scaleLinear([0, steps.length - 1], [0, 1]);
  followFinger(area, (share) => moveTo(Math.round(x.invert(share))), touched);

  function draw() {
    const { points } = found;
    const y = heights(points.flatMap((p) => curves.map((k) => p[k])));
    put(
      picture,
      y.ticks(3).map((v) =>
        svg("line", {
          class: v === 0 ? "grid zero" : "grid",
          x1: 0,
          x2: 100,
          y1: 100 * y(v),
          y2: 100 * y(v),
          "vector-effect": "non-scaling-stroke",
        }),
      ),
      curves.map((k) =>
        svg("polyline", {
          class: k === "most" ? "most" : "curve",
          "vector-effect": "non-scaling-stroke",
          points: points.map((p, i) => `${(100 * x(i)).toFixed(2)},${(100 * y(p[k])).toFixed(2)}`).join(" "),
        }),
      ),
    );
    put(
      marks,
      y.ticks(3).map((v) => el("span", { class: "y", style: { "inset-block-start": left(y(v)) } }, minus(String(v)))),
    );
    put(
      over,
      points.map((p, i) =>
        el("span", {
          class: i === office.step ? "dot now" : "dot",
          style: { "inset-inline-start": left(x(i)), "inset-block-start": left(y(p[key])) },
        }),
      ),
    );
    picture.setAttribute(
      "aria-label",
      t("panel_alt", { title, N: sizes.replies, values: points.map((p) => two(p[key])).join(", ") }),
    );
  }
  return {
    node: el("div", { class: `panel ${key}` }, el("p", { class: "sub" }, title), el("div", { class: "plot" }, area)),
    draw,
  };
}

/** From the lowest value or 0 to the highest or 0.5, with a little room, as places from the top. */
function heights(values) {
  const [low, high] = [Math.min(0, ...values), Math.max(0.5, ...values)];
  const room = 0.06 * (high - low);
  return scaleLinear([low < 0 ? low - room : low, high + room], [1, 0]);
}
