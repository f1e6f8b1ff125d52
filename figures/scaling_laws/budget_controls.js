// The controls of the budget: how much, which runs the law is fitted to, whether its floor is known.
import { button, el, put, radios, slider } from "../core/index.js";
import { BUDGET, REFITS } from "./bought.js";
import { loss, power, stat } from "./chart.js";
import { MODELS } from "./logic.js";

/** `onbudget(power of ten)` and `onfit()` hear what the reader sets. */
export function budgetControls({ t, unit, count }, bought, onbudget, onfit) {
  const { low: min, high: max, step } = BUDGET;
  const dial = slider({
    label: t("budget"),
    min,
    max,
    step,
    value: bought.budget,
    format: (p) => t("budget_value", { c: power(10 ** p) }),
    oninput: onbudget,
  });
  const compute = (name) => MODELS.find((m) => m.name === name).c;
  const jumps = {
    toy: Math.max(...bought.grid.map((r) => r.flops)),
    chinchilla: compute("Chinchilla"),
    llama: MODELS.at(-1).c,
  };
  const jumpButtons = el(
    "div",
    { class: "buttons", role: "group", "aria-label": t("jump") },
    Object.entries(jumps).map(([key, c]) => button(t(`jump_${key}`), () => onbudget(+Math.log10(c).toFixed(1)))),
  );
  const choice = (key, values) =>
    radios({
      legend: t(key),
      inline: true,
      value: bought[key],
      options: values.map((k) => [k, t(`${key}_${k}`)]),
      onchange: (k) => {
        bought.set(key, k);
        onfit();
      },
    });
  const taken = choice("taken", Object.keys(bought.sets));
  const entropy = bought.canFix ? choice("entropy", ["fixed", "free"]) : null;
  const stats = el("dl", { class: "stats" });
  const place = el("p", { class: "where" });

  function draw() {
    const { optimum: o, c } = bought;
    const s = bought.spreadAt(c);
    const ranged = (i, write) =>
      i
        ? t("range", { low: write(i.low), high: write(i.high) })
        : bought.busy
          ? t("fitting", { k: bought.asked, n: REFITS })
          : "";
    const ratio = (v) =>
      v < 0.05 ? power(v) : v < 9.95 ? v.toFixed(1) : v < 1e4 ? String(+v.toPrecision(2)) : count(v);
    put(
      stats,
      o && [
        stat(count(o.n), t("stat_n"), ranged(s?.n, count)),
        stat(count(o.d), t("stat_d"), ranged(s?.d, count)),
        stat(ratio(o.d / o.n), t("stat_ratio"), ranged(s?.ratio, ratio)),
        stat(loss(o.loss), t("stat_loss", { unit }), ranged(s?.loss, loss)),
      ],
    );
    const [low, high] = bought.spent;
    place.textContent =
      c > 1.05 * high
        ? t("beyond", { times: count(c / high), tens: Math.log10(c / high).toFixed(1) })
        : c < 0.95 * low
          ? t("below")
          : t("within");
    if (dial.value !== bought.budget) dial.value = bought.budget;
  }
  return {
    node: el("div", { class: "gb-controls run" }, dial.node, jumpButtons, taken.node, entropy?.node, stats, place),
    draw,
    where: () => place.textContent,
    focus: () => dial.input.focus({ preventScroll: true }),
  };
}
