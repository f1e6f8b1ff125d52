// A chart on log axes, and how the scaling explorer writes its numbers.
import { scaleLinear, scaleLog } from "d3-scale";
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

/** A scale by ratios, and one by differences, to places from 0 to 1. */
export const ratios = (low, high) => scaleLog([low, high], [0, 1]);
export const differences = (low, high) => scaleLinear([low, high], [0, 1]);

/** A chart whose scales `x` and `y` may be replaced before a drawing: its node, the drawing surface, and places in it. */
export class Plot {
  constructor(name, x, y) {
    Object.assign(this, { x, y });
    const hidden = { "aria-hidden": "true" };
    this.marks = svg("g");
    this.lines = svg("g");
    this.picture = svg(
      "svg",
      { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" },
      this.marks,
      this.lines,
    );
    this.over = el("div", { class: "over", ...hidden });
    this.ys = el("div", { class: "ys", ...hidden });
    this.xs = el("div", { class: "x", ...hidden });
    this.xName = el("p", { class: "x-name", ...hidden });
    this.title = el("p", { class: "sub" });
    this.area = el("div", { class: "area" }, this.picture, this.over, this.ys);
    this.node = el(
      "div",
      { class: `panel ${name}` },
      this.title,
      el("div", { class: "plot" }, this.area),
      this.xs,
      this.xName,
    );
  }

  px(v) {
    return this.x(v);
  }
  py(v) {
    return 1 - this.y(v);
  }
  get narrow() {
    return this.area.clientWidth > 0 && this.area.clientWidth < 420;
  }

  point(a, b) {
    return `${(100 * this.px(a)).toFixed(3)},${(100 * Math.max(-9, Math.min(9, this.py(b)))).toFixed(3)}`;
  }
  line(is, points) {
    const seen = points.filter(([, b]) => Number.isFinite(b));
    return svg("polyline", {
      class: is,
      "vector-effect": "non-scaling-stroke",
      points: seen.map(([a, b]) => this.point(a, b)).join(" "),
    });
  }
  /** rows: [[x, low, high], …] */
  band(is, rows) {
    return svg("polygon", {
      class: is,
      points: [
        ...rows.map(([a, low]) => this.point(a, low)),
        ...[...rows].reverse().map(([a, , high]) => this.point(a, high)),
      ].join(" "),
    });
  }
  put(is, a, b, ...inside) {
    return el(
      "span",
      { class: is, style: { "inset-inline-start": where(this.px(a)), "inset-block-start": where(this.py(b)) } },
      inside,
    );
  }

  /** Grid lines with their numbers beside them. */
  axes(xTicks, yTicks, writeY) {
    const grid = (x1, x2, y1, y2) =>
      svg("line", { class: "grid", x1, x2, y1, y2, "vector-effect": "non-scaling-stroke" });
    put(
      this.marks,
      xTicks.map((v) => grid(100 * this.px(v), 100 * this.px(v), 0, 100)),
      yTicks.map((v) => grid(0, 100, 100 * this.py(v), 100 * this.py(v))),
    );
    put(
      this.xs,
      xTicks
        .filter((v) => this.px(v) < 0.96)
        .map((v) => el("span", { style: { "inset-inline-start": where(this.px(v)) } }, power(v))),
    );
    put(
      this.ys,
      yTicks.map((v) => el("span", { class: "y", style: { "inset-block-start": where(this.py(v)) } }, writeY(v))),
    );
  }
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
