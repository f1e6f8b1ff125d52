// Four groups of messages over the score that the filter gave them: a mark each, crossed where the threshold stops it, and
// in words the message that is nearest to the threshold.
import { el, put } from "../core/index.js";
import { GROUPS, nearest, STEPS, sorted, stacked } from "./logic.js";

const BINS = 25;

export function groupsPanel({ t }, desk) {
  const cells = GROUPS.map((group) => cell(t, desk, group));
  const node = el(
    "div",
    { class: "groups" },
    cells.map((c) => c.node),
  );
  return { node, draw: () => cells.forEach((c) => c.draw()) };
}

function cell(t, desk, group) {
  const count = el("b", {});
  const strip = el("div", { class: "strip", "aria-hidden": "true" });
  const text = el("p", { class: "nearest" });
  const node = el(
    "section",
    { class: `cell ${group.kind}`, "aria-label": t(`group_${group.id}`) },
    el("p", { class: "name" }, t(`group_${group.id}`)),
    el("p", { class: "count" }, count),
    strip,
    text,
  );

  function draw() {
    const messages = sorted(desk.data, desk.filter, group, desk.step);
    const stopped = messages.filter((message) => message.stopped).length;
    const wrong = group.kind === "fine" ? stopped : messages.length - stopped;
    count.textContent = t(`count_${group.kind}`, { n: wrong, of: messages.length });
    count.className = wrong ? "wrong" : "";
    put(strip, marks(messages, desk.step));
    put(text, quoted(t, nearest(messages, desk.step)));
  }
  return { node, draw };
}

function marks(messages, step) {
  const places = stacked(messages, BINS);
  return [
    el("span", { class: "stopping", style: { "inset-inline-start": `${(100 * step) / STEPS}%` } }),
    messages.map(({ stopped, wrong }, i) =>
      el("span", {
        class: `mark ${stopped ? "stopped" : "through"}${wrong ? " wrong" : ""}`,
        style: { "inset-inline-start": `${100 * places[i].x}%`, "--y": places[i].y },
      }),
    ),
  ];
}

/** A message and what became of it. */
export function quoted(t, { text, stopped, wrong }) {
  const is = el("span", { class: `is${wrong ? " wrong" : ""}` }, t(stopped ? "is_stopped" : "is_through"));
  return [is, " ", el("q", {}, text)];
}
