// What comes after the desk: another filter, the recorded curves as a chart and as a table, and every message.
import { dataTable, el, more, put, radios } from "../core/index.js";
import { chartPanel } from "./chart.js";
import { quoted } from "./groups.js";
import { GROUPS, share, sorted } from "./logic.js";
import { percent } from "./words.js";

const EVERY = 10; // rows of the table, in steps of the slider

/** `onfilter(filter)` hears that another filter is looked at, `ontoggle()` that this is opened or closed. */
export function morePanel(fig, desk, onfilter, ontoggle) {
  const { t } = fig;
  const { data } = desk;
  const choice =
    data.filters.length > 1 &&
    radios({
      legend: t("filter"),
      value: desk.filter,
      options: data.filters.map((filter) => [filter, t(`filter_${filter}`)]),
      onchange: onfilter,
    });
  const chart = chartPanel(fig, desk);
  const table = dataTable({
    summary: t("table"),
    caption: t("table_caption", { seeds: data.seeds.length, each: data.each }),
    columns: [t("col_threshold"), ...GROUPS.map((group) => t(`group_${group.id}`))],
  });
  const lists = el("div", { class: "lists" });
  const node = more(t("more"), choice?.node, chart.node, table.node, el("p", { class: "sub" }, t("all")), lists);
  node.open = desk.detailed;
  node.addEventListener("toggle", ontoggle);

  function draw() {
    if (!node.open) return; // drawn when it is opened
    chart.draw();
    table.update(rows(desk));
    put(
      lists,
      GROUPS.map((group) =>
        el(
          "div",
          {},
          el("p", { class: "name" }, t(`group_${group.id}`)),
          el(
            "ol",
            { reversed: true },
            sorted(data, desk.filter, group, desk.step)
              .reverse()
              .map((message) =>
                el(
                  "li",
                  {},
                  el("span", { class: "score" }, String(Math.round(100 * message.score))),
                  " ",
                  quoted(t, message),
                ),
              ),
          ),
        ),
      ),
    );
  }
  return { node, draw };
}

function rows({ data, filter }) {
  const steps = [...Array(11).keys()].map((i) => i * EVERY);
  return steps.map((step) => [
    String(step),
    ...GROUPS.map(({ id }) => {
      const { mean, low, high } = share(data, filter, id, step);
      return `${percent(mean)} (${percent(low)}–${percent(high)})`;
    }),
  ]);
}

/** What the recording bears out of this filter, in a sentence. */
export function whatFilter(t, { data, filter, found }) {
  const { clean, best, loses, from } = found[filter];
  const at = (id) => percent(share(data, filter, id, best).mean);
  const through = percent(
    1 - (share(data, filter, "rude-harbor", best).mean + share(data, filter, "rude-uptown", best).mean) / 2,
  );
  const values = {
    best,
    harbor: at("fine-harbor"),
    uptown: at("fine-uptown"),
    through,
    seeds: data.seeds.length,
    each: data.each,
  };
  if (clean) return t("found_clean", values);
  return t("found", values) + t(from === null ? "loses_none" : `loses_${loses ?? "changes"}`, values);
}
