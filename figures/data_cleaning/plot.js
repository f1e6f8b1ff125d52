// A dot plot with one line for each measure. Its words are text; the marks are for the eye.
import { el, put } from "../core/index.js";
import { middle } from "./logic.js";

const where = (place) => `${(100 * place).toFixed(2)}%`;
const move = (node, place) => node.style.setProperty("inset-inline-start", where(place));
export const at = (place) => ({ "inset-inline-start": where(place) });

/** `place` is a scale to places from 0 to 1; each line has a dot for each of `n` towns and one for their mean. */
export function plot({ title, ids, n, name, write, mark = write, place, ticks }) {
  const rows = ids.map((id) => {
    const head = el("p", { class: "row-head" });
    const old = el("span", { class: "ring" });
    const path = el("span", { class: "path" });
    const dots = Array.from({ length: n }, () => el("span", { class: "dot" }));
    const mean = el("span", { class: "mean" });
    const track = el(
      "div",
      { class: "track", "aria-hidden": "true" },
      ticks.map((x) => el("span", { class: "tick", style: at(place(x)) })),
      path,
      old,
      dots,
      mean,
    );
    return { id, head, old, path, dots, mean, node: el("li", { class: id }, head, track) };
  });
  const scale = el(
    "div",
    { class: "scale", "aria-hidden": "true" },
    ticks.map((x) => el("span", { class: String(x).endsWith("2") && "minor", style: at(place(x)) }, mark(x))),
  );
  return {
    node: el(
      "div",
      { class: "panel" },
      el("p", { class: "sub" }, title),
      el(
        "ul",
        { class: "plot" },
        rows.map((r) => r.node),
      ),
      scale,
    ),
    /** The measures now and, as rings, what they were (null: nothing to compare with). */
    draw(t, now, was) {
      for (const { id, head, old, path, dots, mean } of rows) {
        const here = middle(now[id]);
        const there = was && middle(was[id]);
        put(
          head,
          el("span", {}, name(id)),
          el("span", {}, el("b", {}, write(here)), was && ` ${t("was", { value: write(there) })}`),
        );
        dots.forEach((dot, k) => move(dot, place(now[id][k])));
        move(mean, place(here));
        old.hidden = path.hidden = !was;
        if (!was) continue;
        const [a, b] = [place(there), place(here)].sort((x, y) => x - y);
        move(old, place(there));
        move(path, a);
        path.style.setProperty("inline-size", where(b - a));
      }
    },
  };
}
