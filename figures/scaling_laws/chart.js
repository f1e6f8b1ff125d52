// A chart on log axes, and how the scaling explorer writes its numbers.
import { el, put, svg } from "../core/index.js";

export const QUIET = { shown: false }; // what is announced is in view already
const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
export const where = (x) => `${(100 * x).toFixed(2)}%`;
export const raised = (p) => (p < 0 ? "⁻" : "") + [...String(Math.abs(p))].map((c) => SUPERSCRIPT[c]).join("");
export const power = (x) => {
  const p = Math.floor(Math.log10(x) + 1e-9);
  const m = String(+(x / 10 ** p).toFixed(1));
  return m === "1" ? `10${raised(p)}` : m === "10" ? `10${raised(p + 1)}` : `${m} × 10${raised(p)}`;
};
export const minus = (text) => text.replace("-", "−");
export const loss = (x) => (Number.isFinite(x) ? minus(x.toFixed(3)) : "–");
export const exponent = (x) => minus(x.toFixed(3));
export const percent = (x) => `${(100 * (Math.exp(x) - 1)).toFixed(1)}%`;
export const mean = (values) => values.reduce((s, x) => s + x, 0) / values.length;

/** x and y are { low, high, log }. Returns the node, the drawing surface, and places in it. */
export function plot({ name, x, y, write }) {
  const at = (scale, v) =>
    scale.log === false
      ? (v - scale.low) / (scale.high - scale.low)
      : Math.log(v / scale.low) / Math.log(scale.high / scale.low);
  const lines = svg("g");
  const marks = svg("g");
  const picture = svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" }, marks, lines);
  const over = el("div", { class: "over", "aria-hidden": "true" });
  const ys = el("div", { class: "ys", "aria-hidden": "true" });
  const area = el("div", { class: "area" }, picture, over, ys);
  const xs = el("div", { class: "x", "aria-hidden": "true" });
  const xName = el("p", { class: "x-name", "aria-hidden": "true" });
  const title = el("p", { class: "sub" });
  const chart = {
    node: el("div", { class: `panel ${name}` }, title, el("div", { class: "plot" }, area), xs, xName),
    area,
    picture,
    over,
    lines,
    x,
    y,
    title,
    xName,
    px: (v) => at(chart.x, v),
    py: (v) => 1 - at(chart.y, v),
    point: (a, b) => `${(100 * chart.px(a)).toFixed(3)},${(100 * Math.max(-9, Math.min(9, chart.py(b)))).toFixed(3)}`,
    line: (is, points) =>
      svg("polyline", {
        class: is,
        "vector-effect": "non-scaling-stroke",
        points: points
          .filter(([, b]) => Number.isFinite(b))
          .map(([a, b]) => chart.point(a, b))
          .join(" "),
      }),
    area_: (is, rows) =>
      svg("polygon", {
        class: is,
        points: [
          ...rows.map(([a, low]) => chart.point(a, low)),
          ...[...rows].reverse().map(([a, , high]) => chart.point(a, high)),
        ].join(" "),
      }),
    put: (is, a, b, ...inside) =>
      el(
        "span",
        { class: is, style: { "inset-inline-start": where(chart.px(a)), "inset-block-start": where(chart.py(b)) } },
        inside,
      ),
    axes(xTicks, yTicks, writeX = power, writeY = write) {
      put(
        marks,
        xTicks.map((v) =>
          svg("line", {
            class: "grid",
            x1: 100 * chart.px(v),
            x2: 100 * chart.px(v),
            y1: 0,
            y2: 100,
            "vector-effect": "non-scaling-stroke",
          }),
        ),
        yTicks.map((v) =>
          svg("line", {
            class: "grid",
            x1: 0,
            x2: 100,
            y1: 100 * chart.py(v),
            y2: 100 * chart.py(v),
            "vector-effect": "non-scaling-stroke",
          }),
        ),
      );
      put(
        xs,
        xTicks
          .filter((v) => chart.px(v) < 0.96)
          .map((v) => el("span", { style: { "inset-inline-start": where(chart.px(v)) } }, writeX(v))),
      );
      put(
        ys,
        yTicks.map((v) => el("span", { class: "y", style: { "inset-block-start": where(chart.py(v)) } }, writeY(v))),
      );
    },
  };
  return chart;
}

export const stat = (value, name, ...more) =>
  el(
    "div",
    {},
    el("dd", {}, value),
    el(
      "dt",
      {},
      name,
      more.filter(Boolean).map((m) => el("span", { class: "range" }, m)),
    ),
  );
export const sign = (is, text) =>
  el("li", {}, el("span", { class: `sign ${is}`, "aria-hidden": "true" }), el("span", {}, text));
