// The map: how much comes out over copies and sizes, or over copies and prompts; a cell is a way to go there.
import { el, put, radios } from "../core/index.js";
import { control, share, short } from "./logic.js";
import { number, percent } from "./words.js";

const DARKEST = 55; // percent of the color in a cell at 100%: text stays readable on it

/** `onmove({ copies, size or prompt })` hears which cell the reader chose. */
export function mapPanel(fig, desk, onmove) {
  const { t } = fig;
  const { data } = desk;
  const box = el("div"),
    notes = el("div");
  const overs = radios({
    legend: t("map_over"),
    inline: true,
    value: desk.over,
    options: ["size", "prompt"].map((o) => [o, t(`map_${o}`)]),
    onchange: (o) => {
      desk.over = o;
      fig.set("map", o);
      draw();
    },
  });

  function cell(row, copies) {
    const { at, over } = desk;
    const s = over === "size" ? share(data, row, copies, at.prompt) : share(data, at.size, copies, row);
    return el(
      "td",
      {
        class: row === at[over] && copies === at.copies ? "now" : "",
        style: { "--share": `${(DARKEST * s.mean).toFixed(1)}%` },
        onclick: () => onmove({ copies, [over]: row }),
      },
      percent(s.mean).slice(0, -1),
    ); // the heading has the unit
  }

  function draw() {
    const { at, over } = desk;
    const rows = desk.lists[over].map((_, i) => i).reverse();
    put(
      box,
      el(
        "table",
        { class: "map" },
        el(
          "caption",
          {},
          t(`map_caption_${over}`, {
            prompt: desk.prompt,
            size: number(desk.size),
            seeds: data.seeds.length,
            each: data.each,
          }),
        ),
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, t(`corner_${over}`)),
            data.copies.map((n, i) => el("th", { scope: "col", class: i === at.copies ? "on" : "" }, String(n))),
          ),
        ),
        el(
          "tbody",
          {},
          rows.map((row) =>
            el(
              "tr",
              {},
              el(
                "th",
                { scope: "row", class: row === at[over] ? "on" : "" },
                over === "size" ? short(data.parameters[row]) : String(data.prompts[row]),
              ),
              data.copies.map((_, i) => cell(row, i)),
            ),
          ),
        ),
      ),
    );
    put(notes, el("p", { class: "small" }, noteWords(t, desk)));
  }
  const nodes = [
    el("div", { class: "over" }, el("p", { class: "sub" }, t("map")), overs.node),
    box,
    el("p", { class: "gb-muted small" }, t("map_hint")),
    notes,
  ];
  return { nodes, draw };
}

/** What comes out of poems that were never planted, and of a text whose copies were thinned out. */
function noteWords(t, { data, at }) {
  const fresh = t("fresh_size", {
    share: percent(Math.max(...data.parameters.map((_, i) => control(data, i, at.prompt).high))),
  });
  const size = data.models.find((m) => m.deduplicated)?.size;
  if (size === undefined) return [fresh, " "];
  const all = data.copies.length - 1,
    some = Math.round(all / 2);
  const thinned = (copies) => percent(share(data, size, copies, at.prompt, true).mean);
  return [
    fresh,
    " ",
    t("dedup", {
      size: number(data.parameters[size]),
      some: thinned(some),
      all: thinned(all),
      n_some: data.copies[some],
      n_all: data.copies[all],
    }),
  ];
}
