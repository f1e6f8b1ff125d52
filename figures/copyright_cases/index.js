// Decided cases for the reader to judge first; folded away, a dated timeline of cases, statutes and opinions about models.
// State: { place, question, status: ids of cases.json, or "" for all; order: "place" | "latest"; case: the id of an opened entry }
import { button, el, frame, more, put } from "../core/index.js";
import data from "./cases.json";
import { entry, where, YEARS } from "./entry.js";
import { begin, FILTERS, filtersPanel, known } from "./filters.js";
import { judgePanel } from "./judge.js";
import { dateText, finding, ordered } from "./logic.js";
import strings from "./strings.json";
import css from "./style.css";

const KINDS = ["filed", "hearing", "ruling", "appeal", "settlement", "law", "report"];

export default {
  render({ model, el: host }) {
    const fig = frame({
      model,
      host,
      name: "copyright_cases",
      css,
      strings,
      permalink: [...Object.keys(FILTERS), "order", "case"],
    });
    timeline(model, fig);
    return fig.destroy;
  },
};

function timeline(model, fig) {
  const { t } = fig;
  const view = begin(fig);
  const filters = filtersPanel(
    fig,
    view,
    () => {
      draw();
      fig.saySoon(() => list.words());
    },
    () => draw(),
  );
  const list = listPanel(fig, view, draw);
  function draw() {
    filters.draw();
    list.draw();
  }
  const fold = more(
    t("more", { n: data.cases.length }),
    el("p", { class: "as-of" }, t("as_of", { date: dateText(data.as_of) })),
    filters.nodes,
    list.tools,
    signs(t),
    list.node,
  );
  // a link or a page that asks for entries of the list shows the list
  fold.open = Object.values(view.chosen).some(Boolean) || view.order !== "place" || view.opened.size > 0;
  fold.addEventListener("toggle", () => {
    if (!fold.open) return;
    reveal();
    draw();
  });
  const reveal = () => fig.aha(t("aha", finding(data)));
  const judge = judgePanel(fig, reveal, (c) => {
    for (const key of Object.keys(FILTERS)) view.chosen[key] = "";
    view.opened.add(c.id);
    fig.set("case", c.id);
    fold.open = true;
    draw();
    list.show(c);
  });
  put(fig.body, judge.node, fig.status);
  fig.under(fold);
  if (fold.open) reveal();
  for (const key of Object.keys(FILTERS))
    fig.onChange(key, () => {
      // from Python; fig.get would answer with the link's
      const id = known(key, model.get(key) ?? "");
      if (id !== view.chosen[key]) {
        view.chosen[key] = id;
        fold.open = true;
        draw();
      }
    });
  fig.say("", { shown: false });
  if (fold.open) draw(); // else when it is opened
}

/** What the marks on the lines mean. */
function signs(t) {
  const kinds = new Set(data.cases.flatMap((c) => c.events.map((e) => e.kind)));
  return el(
    "ul",
    { class: "key", "aria-label": t("key") },
    KINDS.filter((k) => kinds.has(k)).map((k) =>
      el("li", {}, el("span", { class: `mark ${k}`, "aria-hidden": "true" }), t(`key_${k}`)),
    ),
  );
}

/** The entries in their groups, each under an axis of years, and the button that opens or closes them all. */
function listPanel(fig, view, redraw) {
  const { t } = fig;
  const entries = new Map(
    data.cases.map((c) => [
      c.id,
      entry(fig, view, c, () => {
        fig.set("case", view.opened.has(c.id) ? c.id : "");
        label();
      }),
    ]),
  );
  const shownLine = el("p", { class: "gb-muted small shown" });
  const allOpen = () => view.shown.every((c) => view.opened.has(c.id));
  const everything = button(
    "",
    () => {
      const all = allOpen();
      for (const c of view.shown) {
        if (all) view.opened.delete(c.id);
        else view.opened.add(c.id);
      }
      redraw();
    },
    { class: "quiet" },
  );
  const node = el("div", { class: "list" });

  const years = Array.from({ length: YEARS[1] - YEARS[0] + 1 }, (_, i) => YEARS[0] + i);
  const axis = () =>
    el(
      "div",
      { class: "axis", "aria-hidden": "true" },
      years.map((y, i) =>
        el(
          "span",
          { class: i % 2 && "odd", style: { "inset-inline-start": where(i / (years.length - 1)) } },
          String(y),
        ),
      ),
    );
  function group({ label: name, cases }) {
    const title = name || t("group_all");
    cases.forEach((c) => entries.get(c.id).show());
    return [
      el(
        "div",
        { class: "group" },
        el("p", {}, title, " ", el("span", { class: "gb-muted" }, `(${cases.length})`)),
        axis(),
      ),
      el(
        "ul",
        { class: "entries", "aria-label": title, style: { "--years": String(years.length - 1) } },
        cases.map((c) => entries.get(c.id).node),
      ),
    ];
  }

  function label() {
    everything.hidden = !view.shown.length;
    put(everything, t(view.shown.length && allOpen() ? "close_all" : "open_all"));
  }
  function draw() {
    const { shown } = view;
    shownLine.textContent = shown.length ? t("shown", { n: shown.length, all: data.cases.length }) : t("none");
    put(node, ordered(data, shown, view.order).map(group));
    label();
  }
  return {
    node,
    tools: el("div", { class: "tools" }, shownLine, everything),
    draw,
    show: (c) => entries.get(c.id).node.querySelector("button").focus(),
    words: () => shownLine.textContent,
  };
}
