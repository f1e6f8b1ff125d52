// Two measures since the start of the training: what it pays for, and what that was meant to measure.
import { el, put } from "../core/index.js";
import { domain } from "./logic.js";
import { left, minus } from "./words.js";

export function metersPanel(fig, view) {
  const meters = ["proxy", "gold"].map((key) => meter(fig, view, key));
  const note = el("p", { class: "gb-muted small" });
  return {
    node: el(
      "div",
      { class: "meters" },
      meters.map((m) => m.node),
      note,
    ),
    draw() {
      note.textContent = fig.t("meters_note", view.run);
      for (const m of meters) m.draw();
    },
    /** The same for a picture: bars from the start to where the run has come. */
    bars: () => meters.map((m) => m.bar()),
  };
}

function meter({ t }, view, key) {
  const start = view.before[key];
  const [low, high] = domain(view.paths, key, start);
  const place = (value) => (value - low) / (high - low);
  const fill = el("span", { class: "fill" });
  const range = el("span", { class: "range-of-seeds" });
  const value = el("b", {});
  const track = el(
    "div",
    { class: "track", "aria-hidden": "true" },
    fill,
    range,
    el("span", { class: "from", style: { "inset-inline-start": left(place(start)) } }),
  );
  function draw() {
    const { low: least, high: most } = view.now[key];
    const reached = view.own(key);
    const change = reached - start;
    const [from, to] = [start, reached].map(place).sort((a, b) => a - b);
    fill.style.setProperty("inset-inline-start", left(from));
    fill.style.setProperty("inline-size", left(to - from));
    fill.classList.toggle("worse", change < 0);
    range.style.setProperty("inset-inline-start", left(place(least)));
    range.style.setProperty("inline-size", left(place(most) - place(least)));
    put(value, signed(change));
  }
  function bar() {
    const reached = view.own(key);
    const tone = reached < start ? "second" : "first";
    return { name: t(`meter_${key}`), value: signed(reached - start), from: place(start), to: place(reached), tone };
  }
  return {
    bar,
    node: el(
      "div",
      { class: `meter ${key}` },
      el("p", {}, el("span", {}, t(`meter_${key}`), " ", el("small", {}, t(`meter_${key}_is`))), value),
      track,
    ),
    draw,
  };
}

/** A change with its sign and an arrow; nothing at the start. */
function signed(change) {
  const text = Math.abs(change).toFixed(2);
  if (text === "0.00") return "0";
  return change > 0 ? `▲ +${text}` : `▼ ${minus(`-${text}`)}`;
}
