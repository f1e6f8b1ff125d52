// The whole register as a picture: a column a resident, a cell a fact. A full cell is right, a ring is another's,
// a cross is nobody's, nothing is missing. The resident who is read has a frame.
import { el, put, svg } from "../core/index.js";
import { cells, tally } from "./logic.js";

const ACROSS = 40; // residents in a row
const STEP = 8;
const GAP = 6; // between the rows of residents

export function mosaicPanel({ t }, data) {
  const high = data.facts.length * STEP;
  const rows = Math.ceil(data.residents / ACROSS);
  const [width, height] = [ACROSS * STEP + 2, rows * (high + GAP) - GAP + 2];
  const at = ({ who, fact }) => [1 + (who % ACROSS) * STEP, 1 + Math.floor(who / ACROSS) * (high + GAP) + fact * STEP];
  const marks = {
    right: ([x, y]) => `M${x + 1} ${y + 1}h6v6h-6z`,
    another: ([x, y]) => `M${x + 2} ${y + 4}a2 2 0 1 0 4 0a2 2 0 1 0 -4 0`,
    nobody: ([x, y]) => `M${x + 2} ${y + 2}l4 4m0 -4l-4 4`,
  };
  const layers = Object.fromEntries(Object.keys(marks).map((name) => [name, svg("path", { class: name })]));
  const frame = svg("rect", { class: "frame", width: STEP, height: high, rx: 1 });
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }, Object.values(layers), frame);
  const caption = el("figcaption", { class: "gb-muted small" });
  const node = el("figure", { class: "mosaic" }, picture, caption);

  function draw(size, who) {
    const all = cells(data, size);
    for (const [name, mark] of Object.entries(marks)) {
      const path = all.filter((cell) => cell.verdict === name).map((cell) => mark(at(cell)));
      layers[name].setAttribute("d", path.join(""));
    }
    const [x, y] = at({ who, fact: 0 });
    frame.setAttribute("x", x);
    frame.setAttribute("y", y);
    const count = (name) => tally(all, name);
    const values = { right: count("right"), another: count("another"), nobody: count("nobody"), of: all.length };
    picture.setAttribute("aria-label", t("mosaic_alt", values));
    put(caption, t("mosaic", { residents: data.residents, ...values }));
  }
  return { node, draw };
}
