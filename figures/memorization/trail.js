// How many words in a row the model shares with the poem: a column for every number of copies that the reader has looked at.
import { el, put } from "../core/index.js";

/** `reader` is the reader's place (reader.js). */
export function trailPanel({ t }, reader) {
  const node = el("ol", { class: "trail", "aria-label": t("trail") });

  function column(copies, i) {
    const { overlap, of, hit } = reader.look(i);
    const known = reader.seen.has(i);
    return el(
      "li",
      { class: `${i === reader.at ? "now" : ""}${known && hit ? " hit" : ""}` },
      el(
        "span",
        { class: "gb-hidden-text" },
        t(known ? "trail_stop" : "trail_unseen", { copies: reader.times(i), run: overlap, of }),
      ),
      el(
        "span",
        { class: "column", "aria-hidden": "true" },
        known && el("span", { class: "rise", style: { "block-size": `${(100 * overlap) / of}%` } }),
      ),
      el("span", { "aria-hidden": "true" }, String(copies)),
    );
  }
  return { node, draw: () => put(node, reader.one.copies.map(column)) };
}
