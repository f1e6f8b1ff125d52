// Two heads' patterns on one sentence, as squares.
import { dataTable, el, svg } from "../core/index.js";
import { looks } from "./logic.js";
import { number, percent } from "./words.js";

const named = (h) => ({ layer: h.layer + 1, head: h.head + 1 });

export function headsPanel({ t }, run) {
  const { frames, heads, sentence } = run.recording;
  const pictures = heads.map((h) => headPicture(t, h, sentence.length));
  const table = dataTable({
    summary: t("heads_table"),
    caption: t("heads_caption"),
    columns: [t("col_step"), ...heads.map((h) => t("head_short", named(h)))],
    rows: frames.map((f) => [number(f.step), ...f.attention.map((a) => percent(looks(a).before))]),
  });
  const node = el(
    "details",
    { class: "gb-data heads" },
    el("summary", { "data-lm-suppress-shortcuts": "true" }, t("heads")),
    el("p", { class: "gb-muted" }, t("heads_lead")),
    el(
      "p",
      { class: "sentence gb-mono" },
      sentence.slice(1).map((s) => el("span", {}, s)),
    ),
    el(
      "div",
      { class: "pair" },
      pictures.map((p) => p.node),
    ),
    table.node,
  );

  /** The squares are painted only where they can be seen. */
  function paint() {
    if (node.open) pictures.forEach((p, k) => p.paint(run.now.attention[k]));
  }
  function draw() {
    pictures.forEach((p, k) => p.describe(run.now.attention[k], run.now.step));
    paint();
  }
  node.addEventListener("toggle", paint);
  return { node, draw };
}

function headPicture(t, head, n) {
  const squares = [];
  for (let row = 0; row < n; row += 1)
    for (let col = 0; col <= row; col += 1) squares.push(svg("rect", { x: col, y: row, width: 1, height: 1 }));
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${n} ${n}`, role: "img" },
    svg("path", { class: "edge", d: `M0 0L${n} ${n}H0Z`, "vector-effect": "non-scaling-stroke" }),
    squares,
  );
  const note = el("p", { class: "count" });
  return {
    node: el("div", { class: "head" }, el("p", { class: "from" }, t("head_title", named(head))), picture, note),
    paint(rows) {
      rows.flat().forEach((share, s) => squares[s].style.setProperty("fill-opacity", share ** 0.6));
    },
    describe(rows, step) {
      const { before, back } = looks(rows);
      const shares = { before: percent(before), back: percent(back) };
      picture.setAttribute("aria-label", t("head_alt", { ...named(head), step: number(step), ...shares }));
      note.textContent = `${t("head_before", { share: shares.before })}, ${t("head_back", { share: shares.back })}`;
    },
  };
}
