// A dated timeline of copyright cases, statutes and opinions about models, to be filtered and opened one by one.
// State: { place, question, status: ids of cases.json, or "" for all; order: "place" | "latest"; case: the id of an opened entry }
import { button, el, frame, put, radios, select } from "../core/index.js";
import data from "./cases.json";
import { counts, dateText, filtered, finding, ordered, place, span } from "./logic.js";
import strings from "./strings.json";
import css from "./style.css";

const FILTERS = { place: data.places, question: data.questions, status: data.statuses };
const QUIET = { shown: false };
const where = (x) => `${(100 * x).toFixed(2)}%`;
const link = (url) => /^https?:/.test(url ?? "");

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
    const stop = timeline(model, fig);
    return () => {
      stop();
      fig.destroy();
    };
  },
};

function timeline(model, fig) {
  const { t } = fig;
  const years = span(data);
  const named = (key, id) => FILTERS[key].find((v) => v.id === id)?.label ?? id;
  const known = (key, id) => (FILTERS[key].some((v) => v.id === id) ? id : "");
  const chosen = Object.fromEntries(Object.keys(FILTERS).map((key) => [key, known(key, fig.get(key, ""))]));
  let order = fig.get("order", "place") === "latest" ? "latest" : "place";
  const wanted = fig.get("case", "");
  const opened = new Set(data.cases.some((c) => c.id === wanted) ? [wanted] : []);

  // ---------------------------------------------------------------- the filters

  const menus = Object.fromEntries(
    Object.entries(FILTERS).map(([key, values]) => [
      key,
      select({
        label: t(key),
        value: chosen[key],
        options: [["", ""], ...values.map((v) => [v.id, v.label])],
        onchange: (id) => choose(key, id),
      }),
    ]),
  );
  const orders = radios({
    legend: t("order"),
    inline: true,
    value: order,
    options: ["place", "latest"].map((o) => [o, t(`order_${o}`)]),
    onchange: (o) => {
      order = o;
      fig.set("order", o);
      draw();
    },
  });
  const reset = button(t("reset"), () => {
    for (const key of Object.keys(FILTERS)) {
      chosen[key] = "";
      fig.set(key, "");
    }
    menus.place.input.focus({ preventScroll: true });
    draw();
    saySoon();
  });
  const everything = button(
    "",
    () => {
      const shown = filtered(data.cases, chosen);
      const all = shown.every((c) => opened.has(c.id));
      shown.forEach((c) => (all ? opened.delete(c.id) : opened.add(c.id)));
      draw();
    },
    { class: "quiet" },
  );
  const ask = el("p", { class: "ask" });
  const shownLine = el("p", { class: "gb-muted small shown" });
  const list = el("div", { class: "list" });

  function choose(key, id) {
    chosen[key] = known(key, id);
    fig.set(key, chosen[key]);
    draw();
    saySoon();
  }
  const saySoon = () => fig.saySoon(() => shownLine.textContent);

  // ---------------------------------------------------------------- one entry

  const entries = new Map(data.cases.map((c) => [c.id, entry(c)]));

  function entry(c) {
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
          if (!opened.delete(c.id)) opened.add(c.id);
          fig.set("case", opened.has(c.id) ? c.id : "");
          show();
          label();
        },
      },
      el("span", { class: "name" }, c.name),
      el("span", { class: `state ${c.status}` }, named("status", c.status)),
      c.outcome && el("span", { class: "outcome" }, c.outcome),
    );
    const at = c.events.map((e) => place(e.date, years));
    const track = el(
      "div",
      { class: "track", "aria-hidden": "true" },
      el("span", {
        class: `bar ${c.status}`,
        style: {
          "inset-inline-start": where(at[0]),
          "inline-size": where(
            (c.status === "open" || c.status === "appeal" ? place(data.as_of, years) : at.at(-1)) - at[0],
          ),
        },
      }),
      c.events.map((e, i) => el("span", { class: `mark ${e.kind}`, style: { "inset-inline-start": where(at[i]) } })),
    );
    const node = el("li", { class: "entry" }, el("div", { class: "line" }, head), track, panel);
    let filled = false;
    function show() {
      const is = opened.has(c.id);
      head.setAttribute("aria-expanded", String(is));
      panel.hidden = !is;
      if (is && !filled) {
        put(panel, details(c));
        filled = true;
      }
    }
    return { node, show };
  }

  const part = (key, text) => text && [el("dt", {}, t(key)), el("dd", {}, text)];
  function details(c) {
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
      el(
        "ol",
        { class: "events" },
        c.events.map((e) =>
          el(
            "li",
            {},
            el("span", { class: `mark ${e.kind}`, "aria-hidden": "true" }),
            el("time", { datetime: e.date }, dateText(e.date)),
            el("span", {}, e.what),
          ),
        ),
      ),
      el("p", { class: "sub" }, t("sources")),
      el(
        "ul",
        { class: "sources" },
        c.sources.map((s) =>
          el("li", {}, link(s.url) ? el("a", { href: s.url, rel: "noopener noreferrer" }, s.label) : s.label),
        ),
      ),
      el("p", { class: "gb-muted small" }, t("checked", { date: dateText(c.checked) })),
    ];
  }

  // ---------------------------------------------------------------- drawing

  const label = () => {
    const shown = filtered(data.cases, chosen);
    everything.hidden = !shown.length;
    put(everything, t(shown.length && shown.every((c) => opened.has(c.id)) ? "close_all" : "open_all"));
  };
  const ticks = Array.from({ length: years[1] - years[0] + 1 }, (_, i) => years[0] + i);
  const axis = () =>
    el(
      "div",
      { class: "axis", "aria-hidden": "true" },
      ticks.map((y, i) =>
        el(
          "span",
          { class: i % 2 && "odd", style: { "inset-inline-start": where(i / (ticks.length - 1)) } },
          String(y),
        ),
      ),
    );

  function draw() {
    const shown = filtered(data.cases, chosen);
    for (const [key, menu] of Object.entries(menus)) {
      const n = counts(data, chosen, key);
      const all = filtered(data.cases, { ...chosen, [key]: "" }).length;
      [...menu.input.options].forEach((o) => {
        o.textContent = o.value
          ? t("counted", { label: named(key, o.value), n: n[o.value] })
          : t(`all_${key === "status" ? "statuses" : `${key}s`}`, { n: all });
      });
      menu.value = chosen[key];
    }
    ask.textContent = data.questions.find((q) => q.id === chosen.question)?.ask ?? "";
    ask.hidden = !chosen.question;
    reset.disabled = !Object.values(chosen).some(Boolean);
    shownLine.textContent = shown.length ? t("shown", { n: shown.length, all: data.cases.length }) : t("none");
    put(
      list,
      ordered(data, shown, order).map((g) => [
        el(
          "div",
          { class: "group" },
          el("p", {}, g.label || t("group_all"), " ", el("span", { class: "gb-muted" }, `(${g.cases.length})`)),
          axis(),
        ),
        el(
          "ul",
          { class: "entries", "aria-label": g.label || t("group_all"), style: { "--years": String(ticks.length - 1) } },
          g.cases.map((c) => {
            const e = entries.get(c.id);
            e.show();
            return e.node;
          }),
        ),
      ]),
    );
    label();
  }

  const kinds = [...new Set(data.cases.flatMap((c) => c.events.map((e) => e.kind)))];
  put(
    fig.body,
    el("p", { class: "as-of" }, t("as_of", { date: dateText(data.as_of) })),
    el(
      "div",
      { class: "gb-controls filters" },
      Object.values(menus).map((m) => m.node),
      orders.node,
      reset,
    ),
    ask,
    el("div", { class: "tools" }, shownLine, everything),
    fig.status,
    el(
      "ul",
      { class: "key", "aria-label": t("key") },
      ["filed", "hearing", "ruling", "appeal", "settlement", "law", "report"]
        .filter((k) => kinds.includes(k))
        .map((k) => el("li", {}, el("span", { class: `mark ${k}`, "aria-hidden": "true" }), t(`key_${k}`))),
    ),
    list,
  );
  fig.aha(t("aha", finding(data)));
  for (const key of Object.keys(FILTERS))
    fig.onChange(key, () => {
      // from Python; fig.get would answer with the link's
      const id = known(key, model.get(key) ?? "");
      if (id !== chosen[key]) {
        chosen[key] = id;
        draw();
      }
    });
  fig.say("", QUIET);
  draw();
}
