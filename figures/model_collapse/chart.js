// One measure against the generation: a line for each diet, the mean of all seeds, with its name at the end.
import { scaleLinear } from "d3-scale";
import { el, svg } from "../core/index.js";
import { BOARDS, last, over, spread } from "./logic.js";

const [WIDTH, HEIGHT] = [560, 270];
const EDGE = { left: 46, right: 150, top: 14, bottom: 40 };

export function chart(t, data, key, format) {
  const end = last(data);
  const lines = BOARDS.map((diet) => ({
    diet,
    values: Array.from({ length: end + 1 }, (_, g) => over(data, diet, key, g).mean),
  }));
  const all = lines.flatMap((line) => line.values);
  const low = key === "bits" ? data.towns[0].floor : 0;
  const x = scaleLinear([0, end], [EDGE.left, WIDTH - EDGE.right]);
  const y = scaleLinear([low, Math.max(...all)], [HEIGHT - EDGE.bottom, EDGE.top]).nice(4);
  const ends = spread(
    lines.map(({ diet, values }) => ({ diet, y: y(values[end]) })),
    HEIGHT - EDGE.bottom,
  );
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": alt(t, key, lines, format) },
    y
      .ticks(4)
      .map((v) => [
        svg("path", { class: "grid", d: `M${EDGE.left} ${y(v)}H${WIDTH - EDGE.right}` }),
        svg("text", { class: "tick end", x: EDGE.left - 6, y: y(v) + 4 }, format(v)),
      ]),
    x.ticks(end).map((v) => svg("text", { class: "tick", x: x(v), y: HEIGHT - EDGE.bottom + 16 }, v)),
    svg("text", { class: "tick", x: (x(0) + x(end)) / 2, y: HEIGHT - 6 }, t("generation")),
    lines.map(({ diet, values }) =>
      svg("path", { class: `line ${diet}`, d: `M${values.map((v, g) => `${x(g)} ${y(v).toFixed(1)}`).join("L")}` }),
    ),
    ends.map(({ diet, at }) => svg("text", { class: `name ${diet}`, x: x(end) + 8, y: at + 4 }, t(`diet_${diet}`))),
  );
  return el("figure", { class: "chart" }, picture);
}

const alt = (t, key, lines, format) =>
  t("chart_alt", {
    measure: t(`measure_${key}`),
    lines: lines
      .map(({ diet, values }) => `${t(`diet_${diet}`)} ${format(values[0])} → ${format(values.at(-1))}`)
      .join("; "),
  });
