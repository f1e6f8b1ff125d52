// What comes after the answer: other runs, a slider for each unknown, every step as a table, and the sources of the ranges.
import { button, dataTable, el, more, put, select, slider } from "../core/index.js";
import { RUNS, stops, UNKNOWNS } from "./logic.js";
import { percent, plain, rough, scientific, unit, valued } from "./words.js";

/** `onrun(run)`, `onmove(name, place)` and `onreset()` hear what the reader does. */
export function morePanel(fig, desk, { onrun, onmove, onreset, ontoggle }) {
  const { t } = fig;
  const choice = select({
    label: t("run"),
    options: Object.keys(RUNS).map((name) => [name, t(`run_${name}`)]),
    value: desk.run,
    onchange: (name) => {
      onrun(name);
      fill();
    },
  });
  const controls = el("div", { class: "gb-controls unknowns" });
  const steps = dataTable({
    summary: t("steps"),
    caption: "",
    columns: [t("col_step"), t("col_value"), t("col_how")],
  });
  const sources = dataTable({
    summary: t("sources"),
    caption: "",
    columns: ["col_unknown", "col_low", "col_central", "col_high", "col_source"].map((key) => t(key)),
  });
  const back = button(t("reset"), () => {
    onreset();
    fill();
  });
  const node = more(t("more"), choice.node, controls, back, steps.node, sources.node);
  node.open = desk.detailed;
  node.addEventListener("toggle", () => {
    draw();
    ontoggle();
  });
  steps.node.open = true;

  /** A slider for each unknown that has a range in this run. */
  function fill() {
    const open = UNKNOWNS.filter((name) => stops(desk.range(name)).length > 1);
    put(
      controls,
      open.map((name) => {
        const values = stops(desk.range(name));
        return slider({
          label: t(name),
          name,
          min: 0,
          max: values.length - 1,
          step: 1,
          value: desk.place[name],
          format: (place) => unit(t, name, values[place]),
          oninput: (place) => onmove(name, place),
        }).node;
      }),
    );
  }
  function draw() {
    if (!node.open) return; // drawn when it is opened
    const run = t(`run_${desk.run}`);
    steps.node.querySelector("caption").textContent = t("steps_caption", { run });
    sources.node.querySelector("caption").textContent = t("sources_caption", { run });
    steps.update(stepRows(t, desk));
    sources.update(sourceRows(t, desk));
  }
  fill();
  return { node, draw };
}

function stepRows(t, desk) {
  const x = desk.inputs;
  const result = desk.bill;
  const words = {
    n_params: rough(x.n_params, 4),
    n_tokens: rough(x.n_tokens, 3),
    runs: plain(x.runs, 2),
    peak: plain(x.peak / 1e12),
    utilization: percent(x.utilization),
    gpus: plain(x.n_devices, 5),
    electricity: x.electricity.toFixed(2),
    price: unit(t, "price", x.price),
    power: unit(t, "power", x.power),
    pue: plain(x.pue, 3),
    grid: unit(t, "grid", x.grid),
    water: unit(t, "water", x.water),
  };
  const shown = {
    flops: scientific(result.flops),
    device_hours: rough(result.device_hours, 3),
    device_years: plain(result.device_years, 3),
    days: plain(result.days, 3),
    cost: valued(t, "cost", result.cost),
    energy: t("value_energy", { n: plain(result.energy, 4) }),
    electricity_cost: t("value_electricity_cost", {
      cost: valued(t, "cost", result.electricity_cost),
      share: percent(result.electricity_share, 2),
    }),
    average_power: t("value_average_power", { n: plain(result.average_power, 2) }),
    carbon: t("value_carbon", { n: plain(result.carbon, 3) }),
    water: valued(t, "water", result.water),
  };
  return Object.entries(shown).map(([step, value]) => [t(`step_${step}`), value, t(`how_${step}`, words)]);
}

const SAME = ["runs", "water"]; // for every run
const NAMED = ["price", "grid"]; // with their companies and places, for each run

function sourceRows(t, desk) {
  const source = (name) => {
    if (desk.run === "gpt3" || SAME.includes(name)) return t(`source_${name}`);
    return t(NAMED.includes(name) ? `source_${name}_${desk.run}` : `source_other_${name}`);
  };
  return UNKNOWNS.map((name) => {
    const { low, central, high } = desk.range(name);
    const values = [low, central, high].map((n) => unit(t, name, n));
    return [t(name), ...values, source(name)];
  });
}
