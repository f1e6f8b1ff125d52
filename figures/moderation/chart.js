// The share of each group that is stopped, over all thresholds: fine messages by dialect, rude ones by dialect.
import { el, put, svg } from "../core/index.js";
import { GROUPS, STEPS, share } from "./logic.js";
import { percent } from "./words.js";

export function chartPanel({ t }, desk) {
  const lines = svg("g", {});
  const now = svg("line", { class: "now", y1: 0, y2: 100, "vector-effect": "non-scaling-stroke" });
  const picture = svg(
    "svg",
    { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" },
    [0, 50, 100].map((y) =>
      svg("line", { class: "grid", x1: 0, x2: 100, y1: y, y2: y, "vector-effect": "non-scaling-stroke" }),
    ),
    lines,
    now,
  );
  const key = el(
    "ul",
    { class: "key" },
    GROUPS.map(({ id, kind, dialect }) =>
      el(
        "li",
        { class: `${kind} ${dialect}` },
        el("span", { class: "swatch", "aria-hidden": "true" }),
        t(`group_${id}`),
      ),
    ),
  );

  function draw() {
    const { data, filter, step } = desk;
    put(
      lines,
      GROUPS.map(({ id, kind, dialect }) => curve(data, filter, id, `${kind} ${dialect}`)),
    );
    for (const end of ["x1", "x2"]) now.setAttribute(end, (100 * step) / STEPS);
    picture.setAttribute("aria-label", t("chart_alt", words(desk)));
  }
  const node = el(
    "div",
    { class: "chart" },
    el("p", { class: "sub" }, t("chart")),
    el(
      "div",
      { class: "plot" },
      el("span", { class: "y top", "aria-hidden": "true" }, "100%"),
      el("span", { class: "y", "aria-hidden": "true" }, "0%"),
      picture,
    ),
    el("p", { class: "x gb-muted small", "aria-hidden": "true" }, t("chart_x")),
    key,
  );
  return { node, draw };
}

function curve(data, filter, id, is) {
  const steps = [...Array(STEPS + 1).keys()];
  const shares = steps.map((step) => share(data, filter, id, step));
  const point = (step, y) => `${step},${(100 * (1 - y)).toFixed(2)}`;
  const band = [
    ...steps.map((step) => point(step, shares[step].high)),
    ...[...steps].reverse().map((step) => point(step, shares[step].low)),
  ].join(" ");
  const line = steps.map((step) => point(step, shares[step].mean)).join(" ");
  return [
    svg("polygon", { class: `band ${is}`, points: band }),
    svg("polyline", { class: `line ${is}`, points: line, "vector-effect": "non-scaling-stroke" }),
  ];
}

function words({ data, filter, step }) {
  const at = Object.fromEntries(
    GROUPS.map(({ id, kind, dialect }) => [`${kind}_${dialect}`, percent(share(data, filter, id, step).mean)]),
  );
  return { threshold: step, ...at };
}
