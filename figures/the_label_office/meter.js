// The meter: what reported pay comes to at the reader's pace.
import { dataTable, el, put } from "../core/index.js";
import { clock, earned, money, payScale, pieces, range } from "./logic.js";
import pay from "./pay.json";
import { refold } from "./replies.js";
import { left, whole } from "./words.js";

const TICKS = [1, 2, 5, 10, 20, 50, 100, 250]; // dollars an hour
const place = payScale(TICKS[0], TICKS.at(-1));
const at = (x) => left(place(x));

export function meterPanel({ t }, office) {
  const lead = el("p");
  const rows = el("div", { class: "meter" });
  const tableBox = el("div");

  function draw() {
    const { rate, worked } = office;
    const { labels, ms } = worked;
    const time = clock(ms);
    lead.textContent =
      rate === null
        ? t("meter_none")
        : t("meter_lead", { n: labels === 1 ? "1 label" : `${labels} labels`, time, pace: whole(rate) });
    const comes = pay.rows.map((r) => ({ r, ...payWords(t, r, ms, rate) }));
    put(
      rows,
      comes.map((c) => payRow(t, c, time)),
      axis(t),
    );
    refold(
      tableBox,
      dataTable({
        summary: t("meter_table"),
        caption: t("meter_caption"),
        columns: ["work", "source", "hour", "shift", "thousand"].map((c) => t(`col_${c}`)),
        rows: comes.map((c) => [t(`pay_${c.r.id}`), t(`source_${c.r.id}`), c.hour, c.shift ?? "–", c.thousand ?? "–"]),
      }),
    );
  }
  const nodes = [lead, rows, el("p", { class: "gb-muted small" }, t("meter_key")), notes(t), tableBox];
  return { nodes, draw };
}

/** What one kind of work pays an hour, in this shift and for a thousand labels; null before there is a pace. */
function payWords(t, r, elapsed, rate) {
  const unpaid = r.kind === "unpaid";
  const hour = unpaid ? t("unpaid") : range(r);
  if (rate === null) return { hour, shift: null, thousand: null };
  const come = earned(r, elapsed, rate);
  return { hour, shift: unpaid ? money(0) : range(come.shift), thousand: unpaid ? money(0) : range(come.labels) };
}

function payRow(t, { r, hour, shift, thousand }, time) {
  const line = el("span", { class: "line", style: { "inset-inline-start": at(pay.minimum) } });
  return el(
    "div",
    { class: "pay" },
    el("span", {}, t(`pay_${r.id}`), el("span", { class: "gb-muted" }, t(`source_${r.id}`))),
    el("div", { class: "track", "aria-hidden": "true" }, line, payMark(r)),
    el("span", { class: "num hour" }, r.kind === "unpaid" ? hour : t("per_hour", { pay: hour })),
    el(
      "span",
      { class: "num" },
      shift &&
        `${t(r.kind === "contract" ? "billed_shift" : "this_shift", { time, pay: shift })} · ${t("per_thousand", { pay: thousand })}`,
    ),
  );
}

function payMark(r) {
  if (r.kind === "unpaid") return null;
  if (r.kind === "contract") return el("span", { class: "diamond", style: { "inset-inline-start": at(r.low) } });
  return el("span", {
    class: `bar ${r.kind}`,
    style: {
      "inset-inline-start": r.low === r.high ? `calc(${at(r.low)} - 4px)` : at(r.low),
      "inline-size": left(place(r.high) - place(r.low)),
    },
  });
}

const axis = (t) =>
  el(
    "div",
    { class: "pay pay-axis", "aria-hidden": "true" },
    el("span", {}, `${t("meter_axis")}; ┆ ${t("minimum", { pay: money(pay.minimum) })}`),
    el(
      "div",
      { class: "track" },
      TICKS.map((x) => el("span", { style: { "inset-inline-start": at(x) } }, String(x))),
    ),
  );

function notes(t) {
  const { shift, rows, checked } = pay;
  const passages = (of) => ({
    n: of.low === of.high ? String(of.low) : `${of.low} to ${of.high}`,
    each: range(
      pieces(
        of,
        rows.find((r) => r.id === of.pay),
        shift.hours,
      ).each,
    ),
  });
  const [workers, company] = [passages(shift.workers), passages(shift.company)];
  const date = new Date(`${checked}T12:00:00Z`).toLocaleDateString("en-US", {
    year: "numeric",
    month: "long",
    day: "numeric",
    timeZone: "UTC",
  });
  return [
    el(
      "p",
      { class: "small" },
      t("meter_passages", {
        workers: workers.n,
        company: company.n,
        hours: shift.hours,
        workers_each: workers.each,
        company_each: company.each,
      }),
    ),
    el("p", { class: "gb-muted small" }, t("meter_notes", { checked: date })),
  ];
}
