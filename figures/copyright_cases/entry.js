// One entry of the timeline: a line with its dates, and what was decided when it is opened.
import { el, put } from "../core/index.js";
import data from "./cases.json";
import { named } from "./filters.js";
import { dateText, place, span } from "./logic.js";

export const YEARS = span(data);
export const where = (x) => `${(100 * x).toFixed(2)}%`;
const link = (url) => /^https?:/.test(url ?? "");
const GOING_ON = ["open", "appeal"];

/** `ontoggle(c)` hears that the reader opened or closed the entry; `show()` brings it up to date. */
export function entry({ t }, view, c, ontoggle) {
  const id = `case-${c.id}-${Math.random().toString(36).slice(2, 7)}`;
  const panel = el("div", { class: "detail", id });
  const head = el(
    "button",
    {
      type: "button",
      class: "head",
      "aria-controls": id,
      "data-lm-suppress-shortcuts": "true",
      onclick: () => {
        if (!view.opened.delete(c.id)) view.opened.add(c.id);
        show();
        ontoggle(c);
      },
    },
    el("span", { class: "name" }, c.name),
    el("span", { class: `state ${c.status}` }, named("status", c.status)),
    c.outcome && el("span", { class: "outcome" }, c.outcome),
  );
  let filled = false;
  function show() {
    const is = view.opened.has(c.id);
    head.setAttribute("aria-expanded", String(is));
    panel.hidden = !is;
    if (is && !filled) {
      put(panel, details(t, c));
      filled = true;
    }
  }
  return { node: el("li", { class: "entry" }, el("div", { class: "line" }, head), track(c), panel), show };
}

function track(c) {
  const at = c.events.map((e) => place(e.date, YEARS));
  const end = GOING_ON.includes(c.status) ? place(c.checked, YEARS) : at.at(-1);
  return el(
    "div",
    { class: "track", "aria-hidden": "true" },
    el("span", {
      class: `bar ${c.status}`,
      style: { "inset-inline-start": where(at[0]), "inline-size": where(end - at[0]) },
    }),
    c.events.map((e, i) => el("span", { class: `mark ${e.kind}`, style: { "inset-inline-start": where(at[i]) } })),
  );
}

function details(t, c) {
  const part = (key, text) => text && [el("dt", {}, t(key)), el("dd", {}, text)];
  const event = (e) =>
    el(
      "li",
      {},
      el("span", { class: `mark ${e.kind}`, "aria-hidden": "true" }),
      el("time", { datetime: e.date }, dateText(e.date)),
      el("span", {}, e.what),
    );
  const source = (s) =>
    el("li", {}, link(s.url) ? el("a", { href: s.url, rel: "noopener noreferrer" }, s.label) : s.label);
  return [
    el(
      "p",
      { class: "court" },
      `${c.court}. ${data.media[c.media] ?? ""}. ${named("place", c.place)}. ${c.questions.map((q) => named("question", q)).join(", ")}.`,
    ),
    el(
      "dl",
      {},
      part("about", c.about),
      part(c.kind === "case" ? "decided" : "says", c.decided),
      part("turned_on", c.turned_on),
      part("open", c.open),
    ),
    c.leans !== "none" &&
      el("p", { class: "leans" }, t(c.kind === "case" ? "leans" : "leans_rule", { who: t(`lean_${c.leans}`) })),
    el("p", { class: "sub" }, t("events")),
    el("ol", { class: "events" }, c.events.map(event)),
    el("p", { class: "sub" }, t("sources")),
    el("ul", { class: "sources" }, c.sources.map(source)),
    el("p", { class: "gb-muted small" }, t("checked", { date: dateText(c.checked) })),
  ];
}
