// The runs as a table, with a checkbox for each that may be in the fit.
import { el } from "../core/index.js";
import { loss, power } from "./chart.js";

const KEYS = { "data-lm-suppress-shortcuts": "true" };

/** A run in words: "74 thousand, 1 million, 0". */
export const runName = (count, r) =>
  `${count(r.n_params)}, ${count(r.n_tokens)}${r.seed === undefined ? "" : `, ${r.seed}`}`;

export function runsTable({ t, unit, recording, count }, laid, toggle) {
  const cells = (r, lost) =>
    [count(r.n_params), count(r.n_tokens), power(r.flops), lost, r.seed ?? "", r.device ?? r.engine ?? "cpu"].map(
      (cell) => el("td", {}, cell),
    );
  const boxes = new Map();
  const veiled = laid.more.map(() => el("span", { class: "veiled" }));
  const body = el(
    "tbody",
    {},
    [...laid.grid]
      .sort((a, b) => a.n_params - b.n_params || a.n_tokens - b.n_tokens)
      .map((r) => {
        const box = el("input", {
          type: "checkbox",
          "aria-label": t("use", { id: runName(count, r) }),
          ...KEYS,
          onchange: () => toggle(r),
        });
        boxes.set(r.id, box);
        return el("tr", {}, el("td", {}, box), cells(r, loss(r.loss)));
      }),
    laid.more.map((r, i) => el("tr", { class: "apart" }, el("td", {}, t("kept_apart")), cells(r, veiled[i]))),
  );
  const scroll = el(
    "div",
    { class: "gb-scroll tall", tabindex: "0", role: "region", "aria-label": t("runs"), ...KEYS },
    el(
      "table",
      { class: "gb-table" },
      el("caption", {}, t("runs_caption", { counts: recording.n_counts ?? t("counts") })),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          ["in", "n", "d", "c", "loss", "seed", "engine"].map((c) =>
            el("th", { scope: "col" }, t(`col_${c}`, { unit })),
          ),
        ),
      ),
      body,
    ),
  );

  function draw() {
    boxes.forEach((box, id) => {
      box.checked = laid.chosen.has(id);
    });
    veiled.forEach((cell, i) => {
      cell.textContent = laid.shown ? loss(laid.more[i].loss) : "?";
    });
  }
  return { node: el("details", { class: "gb-data" }, el("summary", { ...KEYS }, t("runs")), scroll), draw };
}
