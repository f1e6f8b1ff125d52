// The desk: one line a poet, with what was handed in, a box to take the archive out, and the pay as a bar.
import { checkbox, el, put, svg } from "../core/index.js";
import { dollars, POT } from "./logic.js";

/** `onleave(place, stays)`: a poet is taken out or comes back. */
export function deskPanel({ t }, onleave) {
  const list = el("ol", { class: "poets" });
  let rows = [];

  /** A line for each poet of a town. */
  function lay(town) {
    rows = town.poets.map((poet, i) => row(t, poet, (stays) => onleave(i, stays)));
    put(
      list,
      rows.map((r) => r.node),
    );
  }
  function draw(pay, inside) {
    const last = inside.length === 1;
    rows.forEach((r, i) => {
      r.draw(pay[i], inside.includes(i), last);
    });
  }
  return { node: list, lay, draw };
}

function row(t, poet, onchange) {
  const box = checkbox({ label: poet.name, value: true, onchange });
  const bar = svg("rect", { class: "bar", x: 0, y: 0, width: 0, height: 10, rx: 2 });
  const sum = el("b", { class: "sum" });
  const habit = t(`habit_${poet.habit}`, { n: poet.poems, different: poet.different });
  const node = el(
    "li",
    {},
    el("div", { class: "who" }, box.node, el("span", { class: "habit" }, habit)),
    svg("svg", { class: "pay", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, bar),
    sum,
  );
  function draw(pay, stays, last) {
    box.input.checked = stays;
    box.input.disabled = stays && last;
    node.classList.toggle("out", !stays);
    bar.setAttribute("width", pay === null ? 0 : Math.min(100, (100 * pay) / POT));
    put(sum, pay === null ? t("out") : dollars(pay));
  }
  return { node, draw };
}
