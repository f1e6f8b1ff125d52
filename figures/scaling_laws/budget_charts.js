// What the budget should buy, from toy to frontier: the size of the model, and the loss it comes to.
import { el, followFinger, put, svg } from "../core/index.js";
import { BUDGET } from "./bought.js";
import { differences, loss, Plot, power, ratios, sign } from "./chart.js";
import { best, logTicks, MODELS, optimum, PUBLISHED, spaced } from "./logic.js";

const FLOPS = [10 ** BUDGET.low, 10 ** BUDGET.high];
const SIZES = [1e2, 1e14];
const LABELS = [
  [["MT-NLG", "Gopher", "GPT-3"], "left"],
  [["Chinchilla"], "left"],
  [["Llama 3 8B"], "below"],
  [["Llama 3 405B"], "above"],
]; // names beside the first one's mark
const XS = spaced(...FLOPS, 61);

/** `onbudget(power of ten)` hears a finger on either chart, `ontouch()` when it comes down. */
export function budgetCharts({ t, unit, count }, bought, onbudget, ontouch) {
  const sizes = new Plot("sizes", ratios(...FLOPS), ratios(...SIZES));
  const losses = new Plot("expected", ratios(...FLOPS), null);
  for (const { area } of [sizes, losses]) {
    area.classList.add("sweep");
    followFinger(area, (x) => onbudget(+(BUDGET.low + (BUDGET.high - BUDGET.low) * x).toFixed(1)), ontouch);
  }
  sizes.title.textContent = t("n_title");
  losses.title.textContent = t("loss_title", { unit });
  sizes.xName.textContent = losses.xName.textContent = t("x_budget");

  function draw() {
    const ticks = logTicks(...FLOPS, sizes.narrow ? 5 : 7);
    const bands = XS.map((v) => [v, bought.spreadAt(v)]).filter(([, b]) => b);
    drawSizes(sizes, bought, bands, ticks);
    sizes.picture.setAttribute("aria-label", sizeWords(t, bought, count));
    drawLosses(losses, bought, bands, ticks);
    losses.picture.setAttribute("aria-label", lossWords(t, bought));
  }
  const ours = el(
    "ul",
    { class: "key" },
    sign("stroke law", t("key_law")),
    sign("dot in", t("key_runs")),
    sign("region", t("key_region")),
  );
  const others = el(
    "ul",
    { class: "key" },
    PUBLISHED.map((p) => sign(`stroke ${p.id}`, t(`key_${p.id}`))),
    sign("diamond", t("key_models")),
  );
  const nodes = [
    el("div", { class: "two" }, sizes.node, losses.node),
    el(
      "div",
      { class: "two keys" },
      el("div", {}, el("p", { class: "sub" }, t("key_ours")), ours),
      el("div", {}, el("p", { class: "sub" }, t("key_published")), others),
    ),
  ];
  return { nodes, draw };
}

/** The law's optimum over all budgets, and the part of it where there were runs. */
function lawPoints({ law, spent: [low, high] }, of) {
  const far = XS.map((v) => [v, optimum(law, v)])
    .filter(([, o]) => o)
    .map(([v, o]) => [v, o[of]]);
  return { far, near: far.filter(([v]) => v >= low / 1.8 && v <= high * 1.8) };
}
const region = (plot, [low, high]) =>
  svg("rect", {
    class: "region",
    x: 100 * plot.px(low),
    width: 100 * (plot.px(high) - plot.px(low)),
    y: 0,
    height: 100,
  });
const cursor = (plot, c) =>
  svg("line", {
    class: "cursor",
    x1: 100 * plot.px(c),
    x2: 100 * plot.px(c),
    y1: 0,
    y2: 100,
    "vector-effect": "non-scaling-stroke",
  });

function drawSizes(plot, bought, bands, ticks) {
  const { law, c, optimum: o } = bought;
  plot.axes(ticks, logTicks(...SIZES, 7), power);
  const points = law && lawPoints(bought, "n");
  put(
    plot.lines,
    region(plot, bought.spent),
    bands.length > 0 &&
      plot.band(
        "band",
        bands.map(([v, b]) => [v, b.n.low, b.n.high]),
      ),
    PUBLISHED.map((p) =>
      plot.line(
        `published ${p.id}`,
        spaced(1e18, FLOPS[1], 12).map((v) => [v, p.n(v)]),
      ),
    ),
    law && [plot.line("law far", points.far), plot.line("law", points.near)],
    cursor(plot, c),
  );
  const named = (name) => MODELS.find((m) => m.name === name);
  put(
    plot.over,
    best(bought.used).map((r) => plot.put(`dot in ${r.engine}`, r.flops, r.n_params)),
    MODELS.map((m) => plot.put("diamond", m.c, m.n)),
    LABELS.map(([names, is]) => plot.put(`model ${is}`, named(names[0]).c, named(names[0]).n, names.join(", "))),
    o && plot.put("dot now", c, o.n),
  );
}

function drawLosses(plot, bought, bands, ticks) {
  const { law, c, optimum: o } = bought;
  const floor = law?.E ?? 0;
  const top = Math.max(...bought.grid.map((r) => r.loss)) * 1.05;
  const bottom = Math.max(0, Math.min(floor, ...bands.map(([, b]) => b.loss.low)) - 0.03 * top);
  plot.y = differences(bottom, top);
  plot.axes(ticks, plot.y.ticks(5), (v) => String(+v.toPrecision(3)));
  const seen = (points) => points.filter(([, y]) => y <= top);
  const points = law && lawPoints(bought, "loss");
  put(
    plot.lines,
    region(plot, bought.spent),
    bands.length > 0 &&
      plot.band(
        "band",
        bands.map(([v, b]) => [v, Math.min(top, b.loss.low), Math.min(top, b.loss.high)]),
      ),
    law && [
      plot.line(
        "floor",
        FLOPS.map((v) => [v, floor]),
      ),
      plot.line("law far", seen(points.far)),
      plot.line("law", seen(points.near)),
    ],
    cursor(plot, c),
  );
  put(
    plot.over,
    best(bought.used).map((r) => plot.put(`dot in ${r.engine}`, r.flops, r.loss)),
    o && o.loss <= top && plot.put("dot now", c, o.loss),
  );
}

export const ends = (i, write) => (i ? { low: write(i.low), high: write(i.high) } : { low: "–", high: "–" });

function sizeWords(t, bought, count) {
  const { c, optimum: o } = bought;
  if (!o) return t("none");
  return t("n_alt", {
    c: power(c),
    n: count(o.n),
    ...ends(bought.spreadAt(c)?.n, count),
    others: PUBLISHED.map((p) => `${t(`key_${p.id}`)}: ${count(p.n(c))}`).join("; "),
    models: MODELS.map((m) => `${m.name} ${count(m.n, 3)}`).join(", "),
  });
}

function lossWords(t, bought) {
  const {
    law,
    c,
    optimum: o,
    spent: [low],
  } = bought;
  if (!o) return t("none");
  const first = optimum(law, low),
    last = optimum(law, FLOPS[1]);
  return t("loss_alt", {
    first: loss(first.loss),
    from: power(low),
    last: loss(last.loss),
    to: power(FLOPS[1]),
    c: power(c),
    loss: loss(o.loss),
    ...ends(bought.spreadAt(c)?.loss, loss),
    floor: loss(law.E),
  });
}
