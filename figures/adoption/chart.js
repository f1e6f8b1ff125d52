// The chart: counts as marks of three shapes, the reader's line, and once it may be shown the band and what came after.
import { scaleLinear } from "d3-scale";
import { el, put, svg } from "../core/index.js";
import { axis, grain, guessLine, known, nearest, read } from "./logic.js";

/** `on.draft(k, value)` hears a finger, `on.touch(k)` that it came down. */
export function chartPanel({ t }, data, state, on) {
  const where = axis(data);
  const lines = svg("g", {});
  const picture = svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" }, lines);
  const over = el("div", { class: "over", "aria-hidden": "true" });
  const heights = el("div", { "aria-hidden": "true" });
  const area = el("div", { class: "area" }, picture, over, heights);
  const years = [2023, 2024, 2025, 2026].map((y) => el("span", { style: left(where(y)) }, String(y)));
  const node = el(
    "div",
    { class: "chart" },
    el("div", { class: "plot" }, area),
    el("div", { class: "x", "aria-hidden": "true" }, years),
  );
  drawByFinger(area, data, state, on);
  function draw() {
    const { view, open, drawn, guess } = state;
    const y = scaleLinear([0, view.top], [100, 0]).clamp(true);
    put(lines, shapes(view, data, state, where, y));
    area.classList.toggle("open", open);
    put(over, dots(view, data, open, where, y), (drawn || !open) && handles(data, guess, where, y));
    put(heights, levels(view, y, t));
    picture.setAttribute("aria-label", words(t, view, data, open));
  }
  return { node, draw };
}

const left = (place) => ({ "inset-inline-start": `${(100 * place).toFixed(2)}%` });
const spot = (where, y, t, v) => ({ ...left(where(t)), "inset-block-start": `${y(v).toFixed(2)}%` });

function shapes(view, data, { open, drawn, guess }, where, y) {
  const place = (t, v) => `${(100 * where(t)).toFixed(2)},${y(v).toFixed(2)}`;
  const still = { "vector-effect": "non-scaling-stroke" };
  const path = (is, points) => svg("polyline", { class: `line ${is}`, points: points.join(" "), ...still });
  const edge = (k) => view.band.map((row) => place(row[0], row[k]));
  const now = 100 * where(data.cut);
  return [
    svg("rect", { class: "future", x: now, y: 0, width: 100 - now, height: 100 }),
    open && svg("polygon", { class: "band", points: [...edge(1), ...edge(3).reverse()].join(" ") }),
    open && path("middle", edge(2)),
    (drawn || !open) &&
      path(
        "guess",
        guessLine(view, data, guess).map(([t, v]) => place(t, v)),
      ),
  ];
}

/** Open marks are what others counted; the shape says of which kind a number is. */
function dots(view, data, open, where, y) {
  const shown = (rows) => (open ? rows : known(rows, data.cut));
  const mark = (m, is) => el("span", { class: `mark ${m.kind} ${is}`, style: spot(where, y, m.t, m.v) });
  return [...shown(view.others).map((m) => mark(m, "other")), ...shown(view.main).map((m) => mark(m, ""))];
}

const handles = ({ asked }, guess, where, y) =>
  asked.map((t, k) => el("span", { class: "handle", style: spot(where, y, t, guess[k]) }));

function levels({ top, step }, y, t) {
  const marks = Array.from({ length: top / step + 1 }, (_, i) => i * step);
  return marks.map((v) =>
    el("span", { class: "y", style: { "inset-block-start": `${y(v)}%` } }, top > 100 ? String(v) : t("percent", { v })),
  );
}

function words(t, view, data, open) {
  const list = (rows) => rows.map((m) => `${m.date.slice(0, 7)}: ${m.v}`).join(", ");
  const before = t(`chart_${view.id}`, { counts: list(known(view.main, data.cut)) });
  if (!open) return before;
  const [low, high] = [view.band.at(-1)[1], view.band.at(-1)[3]].map(Math.round);
  const after = list(view.main.filter((m) => m.t >= data.cut));
  return `${before} ${t("chart_after", { counts: after, low, high })}`;
}

/** A finger drawn over the years to come moves the handle that is nearest. */
function drawByFinger(area, data, state, on) {
  const move = (event) => {
    const box = area.getBoundingClientRect();
    const year = axis(data).invert((event.clientX - box.left) / box.width);
    const k = nearest(data.asked, year, data.cut);
    const { top } = state.view;
    if (k >= 0) on.draft(k, read((event.clientY - box.top) / box.height, top, grain(top)));
    return k;
  };
  area.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    area.setPointerCapture(event.pointerId);
    const k = move(event);
    if (k >= 0) on.touch(k);
  });
  area.addEventListener("mousedown", (event) => event.preventDefault()); // or the page would take the focus
  area.addEventListener("pointermove", (event) => {
    if (area.hasPointerCapture(event.pointerId)) move(event);
  });
}
