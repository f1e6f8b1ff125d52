// The answer in one number, and below it a bar for each unknown that moves it.
import { el, put } from "../core/index.js";
import { along, likeness } from "./logic.js";
import { bare, listed, plain, rough, unit, valued } from "./words.js";

export function answerPanel(fig, desk) {
  const { t } = fig;
  const answer = el("p", { class: "answer" });
  const like = el("p", { class: "like" });
  const between = el("p", { class: "between gb-muted small" });
  const rows = el("ul", { class: "tornado" });
  const rest = el("p", { class: "gb-muted small rest" });
  const node = el("div", {}, answer, like, between, el("p", { class: "sub" }, t("which")), rows, rest);

  function draw() {
    const about = t("about", { answer: valued(t, desk.count, desk.bill[desk.count]) });
    const other = desk.run === "gpt3" ? null : el("span", { class: "of" }, t(`run_${desk.run}`));
    put(answer, about, other && " ", other);
    like.textContent = likened(t, desk);
    const [low, high] = desk.extremes.map((n) => valued(t, desk.count, n));
    between.textContent = t("between", { low, high });
    put(rows, bars(t, desk));
    rest.textContent = without(t, desk);
  }
  return { node, draw, said: () => `${answer.textContent}. ${like.textContent}` };
}

function bars(t, desk) {
  const rows = desk.rows;
  const now = desk.bill[desk.count];
  const ends = [Math.min(...rows.map((row) => row.low)), Math.max(...rows.map((row) => row.high))];
  const at = (value) => `${100 * along(value, ...ends)}%`;
  return rows.map((row) => {
    const range = desk.range(row.name);
    const words = {
      name: t(row.name),
      from: unit(t, row.name, range.low),
      to: unit(t, row.name, range.high),
      low: valued(t, desk.count, row.low),
      high: valued(t, desk.count, row.high),
      factor: plain(row.factor, 2),
    };
    return el(
      "li",
      { "data-unknown": row.name },
      el(
        "span",
        { class: "name" },
        el("b", {}, words.name),
        " ",
        el("span", { class: "range" }, between(t, desk, row.name)),
      ),
      el("span", { class: "ends" }, t("row", words), " ", el("b", {}, t("factor", { n: words.factor }))),
      el(
        "span",
        { class: "track", role: "img", "aria-label": t("row_alt", words), style: { "--now": at(now) } },
        el("span", {
          class: "bar",
          style: { "--from": at(row.low), "--width": `calc(${at(row.high)} - ${at(row.low)})` },
        }),
      ),
    );
  });
}

/** An unknown's range in a few words. */
function between(t, desk, name) {
  const { low, high } = desk.range(name);
  return t(`range_${name}`, { low: bare(name, low), high: bare(name, high) });
}

/** What the number is as much as. */
function likened(t, desk) {
  const result = desk.bill;
  const { key, n } = likeness(desk.count, result);
  return t(key, {
    n: rough(n, desk.count === "cost" ? 3 : 2),
    price: bare("price", desk.inputs.price),
    days: plain(result.days, 3),
    gpus: plain(desk.inputs.n_devices, 5),
    average_power: plain(result.average_power, 2),
  });
}

function without(t, desk) {
  const names = desk.idle.map((name) => t(`short_${name}`));
  if (!names.length) return "";
  return t(desk.count === "cost" ? "idle_cost" : "idle", { names: listed(t, names) });
}
