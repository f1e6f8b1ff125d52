// The filters: three menus that say how many entries each choice leaves, the order, and a way back to all.
import { button, el, put, radios, select } from "../core/index.js";
import data from "./cases.json";
import { counts, filtered } from "./logic.js";

export const FILTERS = { place: data.places, question: data.questions, status: data.statuses };
export const named = (key, id) => FILTERS[key].find((v) => v.id === id)?.label ?? id;
export const known = (key, id) => (FILTERS[key].some((v) => v.id === id) ? id : "");

/** What the reader sees: `chosen` ids or "" for each filter, the `order`, and the entries that are `opened`. */
export function begin(fig) {
  const wanted = fig.get("case", "");
  return {
    chosen: Object.fromEntries(Object.keys(FILTERS).map((key) => [key, known(key, fig.get(key, ""))])),
    order: fig.get("order", "place") === "latest" ? "latest" : "place",
    opened: new Set(data.cases.some((c) => c.id === wanted) ? [wanted] : []),
    get shown() {
      return filtered(data.cases, this.chosen);
    },
  };
}

/** `onchange()` hears that other entries are to be shown, `onorder()` that the same are to be ordered anew. */
export function filtersPanel(fig, view, onchange, onorder) {
  const { t } = fig;
  const choose = (key, id) => {
    view.chosen[key] = known(key, id);
    fig.set(key, view.chosen[key]);
  };
  const menus = Object.fromEntries(
    Object.entries(FILTERS).map(([key, values]) => [
      key,
      select({
        label: t(key),
        value: view.chosen[key],
        options: [["", ""], ...values.map((v) => [v.id, v.label])],
        onchange: (id) => {
          choose(key, id);
          onchange();
        },
      }),
    ]),
  );
  const orders = radios({
    legend: t("order"),
    inline: true,
    value: view.order,
    options: ["place", "latest"].map((o) => [o, t(`order_${o}`)]),
    onchange: (o) => {
      view.order = o;
      fig.set("order", o);
      onorder();
    },
  });
  const reset = button(t("reset"), () => {
    for (const key of Object.keys(FILTERS)) choose(key, "");
    menus.place.input.focus({ preventScroll: true });
    onchange();
  });
  const ask = el("p", { class: "ask" });

  function draw() {
    const { chosen } = view;
    for (const [key, menu] of Object.entries(menus)) {
      const n = counts(data, chosen, key);
      const all = filtered(data.cases, { ...chosen, [key]: "" }).length;
      for (const option of menu.input.options) {
        put(
          option,
          option.value
            ? t("counted", { label: named(key, option.value), n: n[option.value] })
            : t(`all_${key === "status" ? "statuses" : `${key}s`}`, { n: all }),
        );
      }
      menu.value = chosen[key];
    }
    ask.textContent = data.questions.find((q) => q.id === chosen.question)?.ask ?? "";
    ask.hidden = !chosen.question;
    reset.disabled = !Object.values(chosen).some(Boolean);
  }
  return {
    nodes: [
      el(
        "div",
        { class: "gb-controls filters" },
        Object.values(menus).map((m) => m.node),
        orders.node,
        reset,
      ),
      ask,
    ],
    draw,
  };
}
