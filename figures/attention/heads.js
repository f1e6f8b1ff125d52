// The sixteen heads: a picture of each, a switch, and what it alone is worth in this text.
import { button, dataTable, el, uid } from "../core/index.js";
import { more, percent } from "./words.js";

const KEYS = { "data-lm-suppress-shortcuts": "true" };

/** `on.choose(n)` hears which head is looked through, `on.toggle(heads)` which are to be off. */
export function headsPanel({ t }, look, on) {
  const { data, size } = look;
  const group = uid("head");
  const heads = Array.from({ length: size }, (_, n) => n);
  const cells = heads.map((n) => headCell(t, look, n, group, on));
  const allOn = button(t("all_on"), () => on.toggle([]));
  const without = button("", () => on.toggle([look.chosen]));
  const only = button("", () => on.toggle(heads.filter((n) => n !== look.chosen)));
  const allOff = button(t("all_off"), () => on.toggle(heads));
  const table = dataTable({
    summary: t("table_heads"),
    caption: t("heads_caption", data),
    columns: ["head", "looks", "share", "even", "letter", "fact", "elsewhere", "here"].map((key) => t(`column_${key}`)),
  });

  function drawCosts() {
    const { alone } = look;
    cells.forEach(({ cost }, n) => {
      cost.textContent = n in alone ? t("cost", { bits: more(alone[n], Math.abs(alone[n]) < 10 ? 1 : 0) }) : "…";
    });
    if (table.node.open)
      table.update(
        data.heads.map((h, n) => [
          look.name(n),
          t(`place_${h.place}`),
          percent(h.share),
          percent(h.mean),
          more(h.letter, 2),
          more(h.fact, 2),
          more(h.elsewhere, 2),
          n in alone ? more(alone[n]) : "…",
        ]),
      );
  }

  function draw() {
    cells.forEach((cell, n) => {
      cell.box.checked = !look.off.includes(n);
      cell.node.classList.toggle("off", look.off.includes(n));
      cell.node.classList.toggle("chosen", n === look.chosen);
    });
    without.textContent = t("without", { head: look.name(look.chosen) });
    only.textContent = t("only", { head: look.name(look.chosen) });
    drawCosts();
  }

  const node = el(
    "fieldset",
    { class: "heads" },
    el("legend", {}, t("heads")),
    el(
      "div",
      { class: "grid" },
      cells.map((c) => c.node),
    ),
    el("div", { class: "buttons" }, allOn, without, only, allOff),
    el("p", { class: "gb-muted small" }, t("heads_note")),
  );
  return {
    node,
    table: table.node,
    draw,
    drawCosts,
    choose(n) {
      cells[n].radio.checked = true;
    },
    thumbnails() {
      cells.forEach(({ canvas }, n) => paint(canvas, look.all.shares[n]));
    },
  };
}

function headCell(t, look, n, group, on) {
  const measured = look.data.heads[n];
  const numbers = { layer: Math.floor(n / look.n_head) + 1, head: (n % look.n_head) + 1 };
  const place = t(`place_${measured.place}`);
  const id = uid("pick");
  const words = t("head", { ...numbers, place, share: percent(measured.share), mean: percent(measured.mean) });
  const cell = {
    radio: el("input", {
      type: "radio",
      name: group,
      id,
      value: n,
      checked: n === look.chosen,
      ...KEYS,
      onchange: () => on.choose(n),
      "aria-label": words,
    }),
    canvas: el("canvas", { "aria-hidden": "true", width: 1, height: 1 }),
    cost: el("span", { class: "cost" }),
    box: el("input", {
      type: "checkbox",
      checked: true,
      ...KEYS,
      "aria-label": t("switch", numbers),
      onchange: () => {
        on.toggle(cell.box.checked ? look.off.filter((x) => x !== n) : [...look.off, n]);
      },
    }),
  };
  cell.node = el(
    "div",
    { class: "head" },
    el(
      "label",
      { class: "pick", for: id },
      el("span", { class: "name" }, cell.radio, look.name(n)),
      cell.canvas,
      el("span", { class: "place" }, place, " ", el("b", {}, percent(measured.share))),
      cell.cost,
    ),
    el("label", { class: "switch" }, cell.box, t("on")),
  );
  return cell;
}

/** A head's shares over the whole text, a pixel each: row i is where token i looks. */
function paint(canvas, rows) {
  const T = rows.length;
  canvas.width = canvas.height = T;
  const context = canvas.getContext("2d");
  const image = context.createImageData(T, T);
  rows.forEach((row, i) =>
    row.forEach((share, j) =>
      image.data.set([43, 140, 206, Math.min(255, Math.round(380 * Math.sqrt(share)))], 4 * (i * T + j)),
    ),
  );
  context.putImageData(image, 0, 0);
}
