// View "budget": what a compute budget should buy by the law of the recorded runs, from toy to frontier.
import { dataTable, el, put } from "../core/index.js";
import { Bought, BUDGET, REFITS } from "./bought.js";
import { budgetCharts, ends } from "./budget_charts.js";
import { budgetControls } from "./budget_controls.js";
import { testPanel } from "./budget_test.js";
import { exponent, loss, power } from "./chart.js";
import { growth, MODELS, optimum, PUBLISHED, spread } from "./logic.js";

const ROWS = [1e9, 1e12, 1e15, 1e18, 1e21, 1e24, 1e26]; // budgets in the table

export function budgetView(ctx) {
  const { fig, t, count, stops } = ctx;
  const bought = new Bought(fig, ctx, drawCharts);
  stops.push(() => bought.stop());
  const controls = budgetControls(ctx, bought, setBudget, draw);
  const charts = budgetCharts(ctx, bought, setBudget, controls.focus);
  const test = bought.apart.length ? testPanel(ctx, bought, drawCharts) : null;
  const none = el("p", { class: "gb-failed", hidden: true }, t("none"));
  const found = el("p", { class: "found" });
  const lawLine = el("p", { class: "small law" });
  const table = budgetTable(ctx, bought);
  const node = el(
    "div",
    { class: "view" },
    controls.node,
    none,
    lawLine,
    test?.node,
    charts.nodes,
    found,
    table.node,
    modelsTable(t, count),
  );

  function setBudget(p) {
    bought.set("budget", Math.min(BUDGET.high, Math.max(BUDGET.low, p)));
    drawCharts();
    fig.saySoon(() => {
      const { optimum: o, c } = bought;
      return o
        ? t("say_budget", { c: power(c), n: count(o.n), d: count(o.d), loss: loss(o.loss), where: controls.where() })
        : "";
    });
  }
  function draw() {
    bought.fit();
    drawCharts();
  }
  function drawCharts() {
    none.hidden = !!bought.law;
    controls.draw();
    charts.draw();
    test?.draw();
    if (bought.busy && bought.laws.length % 40 !== 0) return; // the rest waits for the last refit
    put(lawLine, lawWords(t, bought));
    if (bought.busy) return;
    if (bought.law) table.draw();
    found.textContent = aha(t, bought, count);
  }
  return { node, draw };
}

/** The law with its numbers; the exponents stand raised. */
function lawWords(t, bought) {
  const { law } = bought;
  return (
    law &&
    t("law", {
      E: loss(law.E),
      A: String(+law.A.toPrecision(3)),
      B: String(+law.B.toPrecision(3)),
      growth: growth(law).toFixed(2),
      ...ends(bought.intervalOf(growth), (v) => v.toFixed(2)),
    })
      .split(/\^\{(alpha|beta)\}/)
      .map((part, i) => (i % 2 ? el("sup", {}, exponent(law[part])) : part))
  );
}

/** How much surer the law is where there were runs than at the frontier. */
function aha(t, { laws, spent: [low, high], used, failed }, count) {
  const frontier = MODELS.at(-1).c;
  const near = spread(laws, Math.sqrt(low * high)),
    far = spread(laws, frontier);
  const factor = (b) => Math.sqrt(b.n.high / b.n.low);
  const times = (f) => (f < 2 ? f.toFixed(2) : f < 10 ? f.toFixed(1) : count(f));
  const key = near && far && (factor(far) > 1.5 * factor(near) ? "aha_budget" : "aha_budget_even");
  return (
    (key ? t(key, { near: times(factor(near)), far: times(factor(far)), c: power(frontier), n: used.length }) : "") +
    (failed ? ` ${t("aha_budget_bad", { bad: failed, n: REFITS })}` : "")
  );
}

/** Tables that are wider than a phone: a region each, to be found and scrolled by keyboard. */
function wide(t, key, table) {
  const scroll = table.node.querySelector(".gb-scroll");
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", t(key));
  return table;
}

function budgetTable({ t, unit, count }, bought) {
  const table = wide(
    t,
    "table",
    dataTable({
      summary: t("table"),
      caption: t("table_caption"),
      columns: ["budget", "best_n", "best_d", "best_loss", "kaplan", "hoffmann", "besiroglu"].map((c) =>
        t(`col_${c}`, { unit }),
      ),
    }),
  );
  const cell = (value, i, write) => (i ? `${write(value)} (${write(i.low)} – ${write(i.high)})` : write(value));
  const row = (c) => {
    const o = optimum(bought.law, c),
      b = spread(bought.laws, c);
    if (!o) return [power(c), "–", "–", "–", "–", "–", "–"];
    return [
      power(c),
      cell(o.n, b?.n, count),
      cell(o.d, b?.d, count),
      cell(o.loss, b?.loss, loss),
      ...PUBLISHED.map((p) => (c >= 1e18 ? count(p.n(c)) : "–")),
    ];
  };
  return { node: table.node, draw: () => table.update(ROWS.map(row)) };
}

const modelsTable = (t, count) =>
  wide(
    t,
    "models_table",
    dataTable({
      summary: t("models_table"),
      caption: t("models_caption"),
      columns: ["model", "n", "d", "c", "ratio"].map((c) => t(`col_${c}`)),
      rows: MODELS.map((m) => [m.name, count(m.n, 3), count(m.d, 3), power(m.c), (m.d / m.n).toFixed(1)]),
    }),
  ).node;
