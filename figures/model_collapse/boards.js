// A board of lamps for each diet: one lamp a fact of the town's first text, lit while the generation's writing tells it. The
// chosen board's page is the one in view; boards are the choices of a radio group.
import { el, put, radios, svg } from "../core/index.js";
import { BOARDS, countLit, generations, lamps, percent } from "./logic.js";

const [COLUMNS, STEP, SIZE] = [24, 7, 5.4];

export function boardsPanel({ t }, data, state, onchoose) {
  const boards = BOARDS.map((diet) => board(t, data, diet));
  const choice = radios({
    legend: t("diets"),
    options: BOARDS.map((diet) => [diet, t(`diet_${diet}`)]),
    value: state.diet,
    onchange: onchoose,
    inline: true,
  });
  const grid = el(
    "div",
    { class: "boards" },
    boards.map((one) => one.node),
  );
  const node = el("section", {}, el("p", { class: "small legend" }, t("legend")), grid);

  function draw() {
    for (const [i, diet] of BOARDS.entries()) {
      boards[i].draw(generations(data, diet)[state.generation]);
      boards[i].node.classList.toggle("chosen", diet === state.diet);
    }
  }
  return { node, choice: choice.node, draw };
}

function board(t, data, diet) {
  const height = Math.ceil(data.times.length / COLUMNS) * STEP;
  const place = (i) => ({ x: (i % COLUMNS) * STEP, y: Math.floor(i / COLUMNS) * STEP });
  const marks = data.times.map((_, i) => svg("rect", { ...place(i), width: SIZE, height: SIZE, rx: 1 }));
  const picture = svg("svg", { viewBox: `0 0 ${COLUMNS * STEP} ${height}`, role: "img" }, marks);
  const words = el("figcaption", { class: "small" });
  const node = el("figure", { class: "board" }, el("b", { class: "small" }, t(`diet_${diet}`)), picture, words);

  function draw(row) {
    for (const [i, lamp] of lamps(data, row).entries()) marks[i].setAttribute("class", lamp.lit ? "lit" : "out");
    const values = { lit: countLit(row), of: data.times.length, harbor: percent(row.harbor) };
    put(words, t("board", values));
    picture.setAttribute("aria-label", t("board_alt", { ...values, diet: t(`diet_${diet}`) }));
  }
  return { node, draw };
}
