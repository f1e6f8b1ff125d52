// What a training run costs, from parameters to dollars, megawatt-hours, tons and liters: the arithmetic of
// glassbox.scale.bill (golden.json), and which of the unknowns moves the answer most. No page here.
import RUNS from "./runs.json" with { type: "json" };

export { RUNS };
/** What can be counted, and in which order it is offered. */
export const COUNTS = ["cost", "energy", "carbon", "water"];
export const UNKNOWNS = ["runs", "price", "utilization", "power", "pue", "grid", "water"];
/** Things people know: a US household's electricity in a year, a US car's emissions in a year, a 50-meter pool. */
export const HOUSEHOLD_MWH = 10.5;
export const CAR_TONNES = 4.6;
export const POOL_M3 = 2500;
const STOPS = 20; // steps of a slider from one end of a range to the other

/**
 * Every step of the bill. `x` holds n_params, n_tokens, peak (operations a second of one chip), utilization (the share of it
 * that is reached), n_devices, price (dollars for a chip's hour), power (watts of a chip with its share of the server), pue
 * (all that the building draws over what its computers draw), grid (grams of CO2 a kWh), water (liters a kWh), electricity
 * (dollars a kWh), runs (all computing over that of the final run).
 */
export function bill(x) {
  const flops = 6 * x.n_params * x.n_tokens * x.runs;
  const device_hours = flops / (x.peak * x.utilization) / 3600;
  const days = device_hours / x.n_devices / 24;
  const energy = (device_hours * x.power * x.pue) / 1e6; // MWh
  const cost = device_hours * x.price; // USD
  const electricity_cost = energy * 1000 * x.electricity;
  return {
    flops,
    device_hours,
    device_years: device_hours / 24 / 365.25,
    days,
    cost,
    electricity_cost,
    electricity_share: electricity_cost / cost,
    energy,
    average_power: energy / (days * 24), // MW
    carbon: (energy * x.grid) / 1000, // metric tons
    water: energy * x.water, // cubic meters
  };
}

/** What a run is published with and each unknown's middle value, with `changed` in its place. */
export const inputs = (run, changed = {}) => ({
  ...run.known,
  ...Object.fromEntries(UNKNOWNS.map((name) => [name, run.unknown[name].central])),
  ...changed,
});

/**
 * Each unknown moved alone from one end of its range to the other, the others left where they are:
 * [{ name, low, high, factor }], the results, widest first; unknowns that move nothing are left out.
 */
export function tornado(run, changed, count) {
  const rows = UNKNOWNS.map((name) => {
    const ends = ["low", "high"].map((end) => bill(inputs(run, { ...changed, [name]: run.unknown[name][end] }))[count]);
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    return { name, low, high, factor: high / low };
  });
  return rows.filter((row) => row.factor > 1 + 1e-9).sort((a, b) => b.factor - a.factor);
}

/** Those that move nothing here, though they have a range. */
export const idle = (run, changed, count) => {
  const moving = new Set(tornado(run, changed, count).map((row) => row.name));
  return UNKNOWNS.filter((name) => !moving.has(name) && run.unknown[name].low < run.unknown[name].high);
};

/** The smallest and the largest bill that the ranges allow: [all at their cheap ends, all at their dear ends]. */
export function extremes(run, count) {
  const end = (want) =>
    Object.fromEntries(
      UNKNOWNS.map((name) => {
        const { low, high } = run.unknown[name];
        const [a, b] = [low, high].map((value) => bill(inputs(run, { [name]: value }))[count]);
        return [name, a < b === (want === "low") ? low : high];
      }),
    );
  return ["low", "high"].map((want) => bill(inputs(run, end(want)))[count]);
}

/** The values that a slider can take: in equal ratios from end to end, and the middle value itself. */
export function stops({ low, central, high }) {
  if (low === high) return [low];
  const grid = Array.from({ length: STOPS + 1 }, (_, i) => low * (high / low) ** (i / STOPS));
  const others = grid.filter((value) => Math.abs(Math.log(value / central)) > 1e-9);
  return [...others, central].sort((a, b) => a - b);
}

/** The place among `stops` that is nearest to what a link or Python names; the middle value without one. */
export function nearest(range, wanted) {
  const values = stops(range);
  const value = Number(wanted);
  const target = wanted === null || wanted === "" || !(value > 0) || value === Infinity ? range.central : value;
  const off = (x) => Math.abs(Math.log(x / target));
  return values.reduce((best, x, i) => (off(x) < off(values[best]) ? i : best), 0);
}

/** What a number is as much as: { key, n }, a sentence of strings.json and its number. */
export function likeness(count, { device_hours, energy, carbon, water }) {
  if (count === "cost") return { key: "like_cost", n: device_hours };
  if (count === "energy") return { key: "like_energy", n: energy / HOUSEHOLD_MWH };
  if (count === "carbon") return { key: "like_carbon", n: carbon / CAR_TONNES };
  return { key: "like_water", n: water / POOL_M3 };
}

/** Where a number stands on a line of equal ratios between two others: 0 to 1. */
export const along = (value, low, high) => Math.log(value / low) / Math.log(high / low);
