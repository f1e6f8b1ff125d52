// One chart: grid, lines in percent of the area, a cursor, dots; names as text beside it.
import { scaleLinear } from "d3-scale";
import { el, put, svg } from "../core/index.js";

export const at = (place) => ({ "inset-inline-start": `${(100 * place).toFixed(2)}%` });

/** Points are [place from 0 to 1, value]; `draw(lines, cursor, dots)` shows them, `say(words)` is the picture's name. */
export function chart({ title, max, marks, write }) {
  const y = scaleLinear([0, max], [100, 0]);
  const grid = marks.map((v) =>
    svg("line", { class: "grid", x1: 0, x2: 100, y1: y(v), y2: y(v), "vector-effect": "non-scaling-stroke" }),
  );
  const lines = svg("g", {});
  const picture = svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" }, grid, lines);
  const over = el("div", { class: "over", "aria-hidden": "true" });
  const area = el(
    "div",
    { class: "area" },
    picture,
    over,
    marks.map((v) =>
      el("span", { class: "y", "aria-hidden": "true", style: { "inset-block-start": `${y(v)}%` } }, write(v)),
    ),
  );
  const key = el("ul", { class: "key" });
  const node = el("div", { class: "panel" }, el("p", { class: "sub" }, title), key, el("div", { class: "plot" }, area));
  return {
    node,
    area,
    key,
    say(text) {
      picture.setAttribute("aria-label", text);
    },
    draw(all, cursor, dots) {
      put(
        lines,
        all.map(({ is, points }) =>
          svg("polyline", {
            class: `line ${is}`,
            "vector-effect": "non-scaling-stroke",
            points: points.map(([x, v]) => `${(100 * x).toFixed(2)},${y(v).toFixed(2)}`).join(" "),
          }),
        ),
      );
      put(
        over,
        cursor !== null && el("span", { class: "cursor", style: at(cursor) }),
        dots.map(([is, v]) =>
          el("span", { class: `dot ${is}`, style: { ...at(cursor), "inset-block-start": `${y(v)}%` } }),
        ),
      );
    },
  };
}
