// The schedule: a row for each stage, a block for each pass. What is neither is waiting, and hatched.
import { el, put } from "../core/index.js";
import { held, length, ofStage, span } from "./logic.js";
import { percent } from "./words.js";

// Percent of the line that a number of one digit or two needs, on a phone and on a wide screen.
const ROOM = { always: [2.8, 4.6], wide: [2.2, 3.2] };

/** `cut(time)` pales what comes after a moment; null shows the whole step. */
export function chartPanel({ t }, state) {
  const rows = el("div", { class: "rows" });
  const chart = el("div", { class: "chart", role: "img" }, rows);
  const note = el("p", { class: "small span gb-muted", "aria-hidden": "true" });
  const node = el("div", {}, chart, note, legend(t), el("p", { class: "small gb-muted means" }, t("keeps_means")));

  function draw(share) {
    const { slots, stages, pieces, kind } = state;
    const whole = length(slots);
    const kept = held(slots);
    put(
      rows,
      kept.map((most, stage) =>
        el(
          "div",
          { class: "row" },
          el("span", { class: "name" }, t("stage", { n: stage + 1 })),
          el(
            "span",
            { class: "lane" },
            ofStage(slots, stage).map((slot) => block(slot, whole, String(pieces).length)),
            el("span", { class: "future" }),
          ),
          el("span", { class: "keeps" }, t("keeps", { n: most, of: pieces }), pile(most / pieces)),
        ),
      ),
    );
    note.textContent = t(pieces === 1 ? "span_1" : "span", { part: percent(span(slots, pieces)) });
    const told = { stages, pieces, kind: t(`kind_${kind}`), share: percent(share), span: note.textContent };
    chart.setAttribute("aria-label", t("chart", told));
    cut(state.at);
  }
  function cut(time) {
    const from = time === null ? 100 : (100 * time) / length(state.slots);
    for (const future of rows.querySelectorAll(".future")) future.style.insetInlineStart = `${from}%`;
  }
  return { node, draw, cut };
}

/** What has piled up, as a part of the batch. */
function pile(share) {
  const filled = el("i");
  filled.style.inlineSize = `${100 * share}%`;
  return el("span", { class: "pile", "aria-hidden": "true" }, filled);
}

function block({ work, piece, start, end }, whole, digits) {
  const width = (100 * (end - start)) / whole;
  const size = width >= ROOM.always[digits - 1] ? "" : width >= ROOM.wide[digits - 1] ? "tight" : "none";
  const label = size === "none" ? "" : el("i", {}, String(piece + 1));
  const node = el("span", { class: `block ${work} ${size}` }, label);
  node.style.insetInlineStart = `${(100 * start) / whole}%`;
  node.style.inlineSize = `${width}%`;
  return node;
}

const legend = (t) =>
  el(
    "p",
    { class: "legend gb-muted", "aria-hidden": "true" },
    ["forward", "backward", "waits"].map((what) => el("span", {}, el("i", { class: `swatch ${what}` }), t(what))),
  );
