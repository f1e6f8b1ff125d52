// One measure over the axis of KL or of iterations: all leashes, and the one the reader holds with the range of its seeds.
import { scaleLinear } from "d3-scale";
import { el, put, svg } from "../core/index.js";
import { domain } from "./logic.js";
import { left, minus, percent, WRITE } from "./words.js";

export function chart({ t }, view, key) {
  const [low, high] = domain(view.paths, key, view.before[key]);
  const y = scaleLinear([low, high], [1, 0]);
  const title = t(`panel_${key}`);
  const point = (stop, v) => `${(100 * view.across(stop)).toFixed(2)},${(100 * y(v)).toFixed(2)}`;
  const marks = key === "invented" ? [0, 0.5, 1].filter((v) => v <= high) : y.ticks(3);
  const lines = svg("g", {});
  const picture = svg(
    "svg",
    { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" },
    marks.map((v) =>
      svg("line", {
        class: v === 0 ? "grid zero" : "grid",
        x1: 0,
        x2: 100,
        y1: 100 * y(v),
        y2: 100 * y(v),
        "vector-effect": "non-scaling-stroke",
      }),
    ),
    lines,
  );
  const over = el("div", { class: "over", "aria-hidden": "true" });
  const area = el(
    "div",
    { class: "area" },
    picture,
    over,
    marks.map((v) =>
      el(
        "span",
        { class: "y", "aria-hidden": "true", style: { "inset-block-start": left(y(v)) } },
        key === "invented" ? percent(v) : minus(String(v)),
      ),
    ),
  );

  const line = (is, stops) =>
    svg("polyline", {
      class: is,
      "vector-effect": "non-scaling-stroke",
      points: stops.map((s) => point(s, s[key].mean)).join(" "),
    });
  const dot = (is, stop, v = stop[key].mean) =>
    el("span", {
      class: `dot ${is}`,
      style: { "inset-inline-start": left(view.across(stop)), "inset-block-start": left(y(v)) },
    });
  const whisker = (end) =>
    el("span", {
      class: "whisker",
      style: {
        "inset-inline-start": left(view.across(end)),
        "inset-block-start": left(y(end[key].high)),
        "block-size": left(y(end[key].low) - y(end[key].high)),
      },
    });

  function draw() {
    const { ends, paths, i, at, axis } = view;
    const mine = paths[i];
    const band = [
      ...mine.map((s) => point(s, s[key].high)),
      ...[...mine].reverse().map((s) => point(s, s[key].low)),
    ].join(" ");
    put(
      lines,
      axis === "kl" ? line("ends", ends) : paths.map((stops, k) => k !== i && line("other", stops)),
      svg("polygon", { class: "band", points: band }),
      line("line", mine),
    );
    put(
      over,
      ends.map((end, k) => k !== i && [whisker(end), dot("other", end)]),
      dot("start", mine[0], view.before[key]),
      whisker(mine[at]),
      dot("now", mine[at]),
    );
    picture.setAttribute("aria-label", words(t, view, key, title));
  }
  return {
    node: el("div", { class: `panel ${key}` }, el("p", { class: "sub" }, title), el("div", { class: "plot" }, area)),
    area,
    draw,
  };
}

function words(t, view, key, title) {
  const write = WRITE[key];
  const { now, ends, i } = view;
  const others = ends
    .map((end, k) => k !== i && `${view.withLeash(k)}: ${write(end[key].mean)}`)
    .filter(Boolean)
    .join("; ");
  return t("panel_alt", {
    title,
    before: write(view.before[key]),
    leash: view.withLeash(i),
    iteration: now.iteration,
    now: write(now[key].mean),
    kl: WRITE.kl(now.kl.mean),
    low: write(now[key].low),
    high: write(now[key].high),
    others,
  });
}
