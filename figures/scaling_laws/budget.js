// View "budget": what a compute budget should buy by the law of the recorded runs, from toy to frontier.
import { button, dataTable, el, put, radios, random, slider, svg } from "../core/index.js";
import { exponent, loss, plot, power, QUIET, sign, stat } from "./chart.js";
import {
  best,
  decades,
  growth,
  interval,
  lossOf,
  MODELS,
  optimum,
  PUBLISHED,
  parametric,
  refit,
  spaced,
  spread,
} from "./logic.js";

const REFITS = 120;
const BUDGET = { low: 8, high: 26, step: 0.1 }; // powers of ten
const LABELS = [
  [["MT-NLG", "Gopher", "GPT-3"], "left"],
  [["Chinchilla"], "left"],
  [["Llama 3 8B"], "below"],
  [["Llama 3 405B"], "above"],
]; // names beside the first one's mark
const model_ = (name) => MODELS.find((m) => m.name === name);

export function budgetView({ fig, t, unit, recording, grid, larger, apart, count, stops }) {
  const town = recording.floor;
  const canFix = town > 0 && town < Math.min(...grid.map((r) => r.loss));
  const wanted = fig.get("budget", 12);
  let budget = Number.isFinite(wanted) ? Math.min(BUDGET.high, Math.max(BUDGET.low, wanted)) : 12;
  const sets = { all: grid, cheap: cheaper(), ...(larger.length && { more: [...grid, ...larger] }) };
  let taken = fig.get("taken", "all") in sets ? fig.get("taken", "all") : "all";
  let shown = String(fig.get("shown", false)) === "true";
  let entropy = fig.get("entropy", canFix ? "fixed" : "free") === "free" || !canFix ? "free" : "fixed";
  let law = null,
    laws = [],
    asked = 0,
    failed = 0,
    job = 0,
    fittedFor = "";
  stops.push(() => clearTimeout(job));
  const FLOPS = [10 ** BUDGET.low, 10 ** BUDGET.high];

  function cheaper() {
    const cut = [...grid].map((r) => r.flops).sort((a, b) => a - b)[Math.ceil(grid.length / 2) - 1];
    return grid.filter((r) => r.flops <= cut);
  }
  const used = () => sets[taken];

  const dial = slider({
    label: t("budget"),
    ...{ min: BUDGET.low, max: BUDGET.high, step: BUDGET.step },
    value: budget,
    format: (p) => t("budget_value", { c: power(10 ** p) }),
    oninput: setBudget,
  });
  const llama = Math.log10(MODELS.at(-1).c);
  const jumps = {
    toy: Math.log10(Math.max(...grid.map((r) => r.flops))),
    chinchilla: Math.log10(model_("Chinchilla").c),
    llama,
  };
  const jumpButtons = el(
    "div",
    { class: "buttons", role: "group", "aria-label": t("jump") },
    Object.entries(jumps).map(([key, p]) => button(t(`jump_${key}`), () => setBudget(+p.toFixed(1)))),
  );
  const takenRadios = radios({
    legend: t("taken"),
    inline: true,
    value: taken,
    options: Object.keys(sets).map((k) => [k, t(`taken_${k}`)]),
    onchange: (k) => {
      taken = k;
      fig.set("taken", k);
      draw();
    },
  });
  const entropyRadios =
    canFix &&
    radios({
      legend: t("entropy"),
      inline: true,
      value: entropy,
      options: ["fixed", "free"].map((k) => [k, t(`entropy_${k}`)]),
      onchange: (k) => {
        entropy = k;
        fig.set("entropy", k);
        draw();
      },
    });
  const stats = el("dl", { class: "stats" });
  const place = el("p", { class: "where" });
  const lawLine = el("p", { class: "small law" });
  const test = el("div", { class: "test" });
  const reveal = button("", () => {
    shown = !shown;
    fig.set("shown", shown);
    drawCharts();
    if (shown) fig.say(test.textContent, QUIET);
  });
  const none = el("p", { class: "gb-failed", hidden: true }, t("none"));

  const sizeChart = plot({ name: "sizes", x: { low: FLOPS[0], high: FLOPS[1] }, y: { low: 1e2, high: 1e14 } });
  const lossChart = plot({
    name: "expected",
    x: { low: FLOPS[0], high: FLOPS[1] },
    y: { low: 0, high: 1, log: false },
  });
  for (const chart of [sizeChart, lossChart]) {
    chart.area.classList.add("sweep");
    const point = (event) => {
      const box = chart.area.getBoundingClientRect();
      const p =
        BUDGET.low + (BUDGET.high - BUDGET.low) * Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      setBudget(+p.toFixed(1));
    };
    chart.area.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      chart.area.setPointerCapture(event.pointerId);
      point(event);
      dial.input.focus({ preventScroll: true });
    });
    chart.area.addEventListener("mousedown", (event) => event.preventDefault());
    chart.area.addEventListener("pointermove", (event) => {
      if (chart.area.hasPointerCapture(event.pointerId)) point(event);
    });
  }
  const keyOurs = el(
    "ul",
    { class: "key" },
    sign("stroke law", t("key_law")),
    sign("dot in", t("key_runs")),
    sign("region", t("key_region")),
  );
  const keyOthers = el(
    "ul",
    { class: "key" },
    PUBLISHED.map((p) => sign(`stroke ${p.id}`, t(`key_${p.id}`))),
    sign("diamond", t("key_models")),
  );
  const table = dataTable({
    summary: t("table"),
    caption: t("table_caption"),
    columns: ["budget", "best_n", "best_d", "best_loss", "kaplan", "hoffmann", "besiroglu"].map((c) =>
      t(`col_${c}`, { unit }),
    ),
  });
  const models = dataTable({
    summary: t("models_table"),
    caption: t("models_caption"),
    columns: ["model", "n", "d", "c", "ratio"].map((c) => t(`col_${c}`)),
    rows: MODELS.map((m) => [m.name, count(m.n, 3), count(m.d, 3), power(m.c), (m.d / m.n).toFixed(1)]),
  });
  for (const [d, key] of [
    [table, "table"],
    [models, "models_table"],
  ]) {
    const wide = d.node.querySelector(".gb-scroll");
    Object.entries({
      tabindex: "0",
      role: "region",
      "aria-label": t(key),
      "data-lm-suppress-shortcuts": "true",
    }).forEach(([k, v]) => wide.setAttribute(k, v));
  }
  const node = el(
    "div",
    { class: "view" },
    el(
      "div",
      { class: "gb-controls run" },
      dial.node,
      jumpButtons,
      takenRadios.node,
      entropyRadios?.node,
      stats,
      place,
    ),
    none,
    lawLine,
    apart.length > 0 && test,
    el("div", { class: "two" }, sizeChart.node, lossChart.node),
    el(
      "div",
      { class: "two keys" },
      el("div", {}, el("p", { class: "sub" }, t("key_ours")), keyOurs),
      el("div", {}, el("p", { class: "sub" }, t("key_published")), keyOthers),
    ),
    table.node,
    models.node,
  );

  function setBudget(p) {
    budget = Math.min(BUDGET.high, Math.max(BUDGET.low, p));
    dial.value = budget;
    fig.set("budget", budget);
    drawCharts();
    fig.saySoon(() => {
      const o = law && optimum(law, 10 ** budget);
      return o
        ? t("say_budget", {
            c: power(10 ** budget),
            n: count(o.n),
            d: count(o.d),
            loss: loss(o.loss),
            where: place.textContent,
          })
        : "";
    });
  }

  /** Fit, then refit a few at a time, so that the page stays alive. */
  function draw() {
    const want = `${taken}/${entropy}`;
    if (want !== fittedFor) {
      fittedFor = want;
      clearTimeout(job);
      const runs = used(),
        floor = entropy === "fixed" ? town : null,
        rng = random(5);
      law = parametric(runs, { floor });
      laws = [];
      asked = failed = 0;
      const some = () => {
        const until = performance.now() + 30;
        while (asked < REFITS && performance.now() < until) {
          const again = refit(runs, law, floor, rng);
          asked += 1;
          if (again && optimum(again, 1e12)) laws.push(again);
          else failed += 1;
        }
        if (asked < REFITS) job = setTimeout(some, 0);
        drawCharts();
      };
      if (law) job = setTimeout(some, 0);
    }
    drawCharts();
  }

  function drawCharts() {
    const c = 10 ** budget;
    none.hidden = !!law;
    const o = law && optimum(law, c);
    const s = laws.length >= 40 ? spread(laws, c) : null;
    const busy = law && asked < REFITS;
    const ranged = (i, write) =>
      i ? t("range", { low: write(i.low), high: write(i.high) }) : busy ? t("fitting", { k: asked, n: REFITS }) : "";
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
    const spent = used().map((r) => r.flops);
    const low = Math.min(...spent),
      high = Math.max(...spent);
    place.textContent =
      c > 1.05 * high
        ? t("beyond", { times: count(c / high), tens: Math.log10(c / high).toFixed(1) })
        : c < 0.95 * low
          ? t("below")
          : t("within");

    // sizes
    const narrow = sizeChart.area.clientWidth && sizeChart.area.clientWidth < 420;
    const xTicks = decades(FLOPS[0], FLOPS[1], narrow ? 5 : 7);
    sizeChart.axes(xTicks, decades(1e2, 1e14, 5), power, (v) => power(v));
    sizeChart.title.textContent = t("n_title");
    sizeChart.xName.textContent = lossChart.xName.textContent = t("x_budget");
    const xs = spaced(FLOPS[0], FLOPS[1], 61);
    const bands = laws.length >= 40 ? xs.map((v) => [v, spread(laws, v)]).filter(([, b]) => b) : [];
    const ours = (of) =>
      law &&
      xs
        .map((v) => [v, optimum(law, v)])
        .filter(([, b]) => b)
        .map(([v, b]) => [v, b[of]]);
    const inside = (points) => points?.filter(([v]) => v >= low / 1.8 && v <= high * 1.8);
    const region = (chart) =>
      svg("rect", {
        class: "region",
        x: 100 * chart.px(low),
        width: 100 * (chart.px(high) - chart.px(low)),
        y: 0,
        height: 100,
      });
    const cursor = (chart) =>
      svg("line", {
        class: "cursor",
        x1: 100 * chart.px(c),
        x2: 100 * chart.px(c),
        y1: 0,
        y2: 100,
        "vector-effect": "non-scaling-stroke",
      });
    const bestRuns = best(used());
    put(
      sizeChart.lines,
      region(sizeChart),
      bands.length > 0 &&
        sizeChart.area_(
          "band",
          bands.map(([v, b]) => [v, b.n.low, b.n.high]),
        ),
      PUBLISHED.map((p) =>
        sizeChart.line(
          `published ${p.id}`,
          spaced(1e18, FLOPS[1], 12).map((v) => [v, p.n(v)]),
        ),
      ),
      law && [sizeChart.line("law far", ours("n")), sizeChart.line("law", inside(ours("n")))],
      cursor(sizeChart),
    );
    put(
      sizeChart.over,
      bestRuns.map((r) => sizeChart.put(`dot in ${r.engine}`, r.flops, r.n_params)),
      MODELS.map((m) => sizeChart.put("diamond", m.c, m.n)),
      LABELS.map(([names, is]) =>
        sizeChart.put(`model ${is}`, model_(names[0]).c, model_(names[0]).n, names.join(", ")),
      ),
      o && sizeChart.put("dot now", c, o.n),
    );
    // losses
    const floor = law?.E ?? 0;
    const top = Math.max(...grid.map((r) => r.loss)) * 1.05;
    const bottom = Math.max(0, Math.min(floor, ...bands.map(([, b]) => b.loss.low)) - 0.03 * top);
    lossChart.y = { low: bottom, high: top, log: false };
    const stepY = [0.05, 0.1, 0.2, 0.25, 0.5, 1, 2].find((w) => (top - bottom) / w <= 6) ?? 2;
    lossChart.axes(
      xTicks,
      Array.from({ length: 12 }, (_, k) => (Math.ceil(bottom / stepY) + k) * stepY).filter((v) => v <= top),
      power,
      (v) => String(+v.toPrecision(3)),
    );
    lossChart.title.textContent = t("loss_title", { unit });
    const clip = (rows) => rows.map(([v, a, b]) => [v, Math.min(top, a), Math.min(top, b)]);
    const seen = (points) => points?.filter(([, y]) => y <= top);
    put(
      lossChart.lines,
      region(lossChart),
      bands.length > 0 && lossChart.area_("band", clip(bands.map(([v, b]) => [v, b.loss.low, b.loss.high]))),
      law &&
        lossChart.line(
          "floor",
          FLOPS.map((v) => [v, floor]),
        ),
      law && [lossChart.line("law far", seen(ours("loss"))), lossChart.line("law", seen(inside(ours("loss"))))],
      cursor(lossChart),
    );
    put(
      lossChart.over,
      bestRuns.map((r) => lossChart.put(`dot in ${r.engine}`, r.flops, r.loss)),
      o && o.loss <= top && lossChart.put("dot now", c, o.loss),
    );
    const none_ = { low: "–", high: "–" };
    const words = (i, write) => (i ? { low: write(i.low), high: write(i.high) } : none_);
    sizeChart.picture.setAttribute(
      "aria-label",
      o
        ? t("n_alt", {
            c: power(c),
            n: count(o.n),
            ...words(s?.n, count),
            others: PUBLISHED.map((p) => `${t(`key_${p.id}`)}: ${count(p.n(c))}`).join("; "),
            models: MODELS.map((m) => `${m.name} ${count(m.n, 3)}`).join(", "),
          })
        : t("none"),
    );
    if (apart.length) drawTest(busy);
    const first = o && optimum(law, low),
      last = o && optimum(law, FLOPS[1]);
    lossChart.picture.setAttribute(
      "aria-label",
      o
        ? t("loss_alt", {
            first: loss(first.loss),
            from: power(low),
            last: loss(last.loss),
            to: power(FLOPS[1]),
            c: power(c),
            loss: loss(o.loss),
            ...words(s?.loss, loss),
            floor: loss(floor),
          })
        : t("none"),
    );

    if (busy && laws.length % 40 !== 0) return; // the rest waits for the last refit
    const grown = laws.length >= 40 ? interval(laws.map(growth)) : null;
    put(
      lawLine,
      law &&
        t("law", {
          E: loss(law.E),
          A: String(+law.A.toPrecision(3)),
          B: String(+law.B.toPrecision(3)),
          growth: growth(law).toFixed(2),
          ...words(grown, (v) => v.toFixed(2)),
        })
          .split(/\^\{(alpha|beta)\}/)
          .map((part, i) => (i % 2 ? el("sup", {}, exponent(law[part])) : part)),
    );
    const cell = (value, i, write) => (i ? `${write(value)} (${write(i.low)} – ${write(i.high)})` : write(value));
    if (law && !busy)
      table.update(
        [1e9, 1e12, 1e15, 1e18, 1e21, 1e24, 1e26].map((v) => {
          const at = optimum(law, v),
            b = spread(laws, v);
          return at
            ? [
                power(v),
                cell(at.n, b?.n, count),
                cell(at.d, b?.d, count),
                cell(at.loss, b?.loss, loss),
                ...PUBLISHED.map((p) => (v >= 1e18 ? count(p.n(v)) : "–")),
              ]
            : [power(v), "–", "–", "–", "–", "–", "–"];
        }),
      );
    const near = spread(laws, Math.sqrt(low * high)),
      far = spread(laws, 10 ** llama);
    const factor = (b) => Math.sqrt(b.n.high / b.n.low);
    const times = (f) => (f < 2 ? f.toFixed(2) : f < 10 ? f.toFixed(1) : count(f));
    const key = near && far && (factor(far) > 1.5 * factor(near) ? "aha_budget" : "aha_budget_even");
    if (!busy)
      fig.aha(
        (key
          ? t(key, { near: times(factor(near)), far: times(factor(far)), c: power(10 ** llama), n: used().length })
          : "") + (failed ? ` ${t("aha_budget_bad", { bad: failed, n: REFITS })}` : ""),
      );
  }

  /** The model that is much larger than any in the fits: what the law says of it, and, when asked, what it did. */
  function drawTest(busy) {
    const [{ n_params: n, n_tokens: d, flops }] = apart;
    const losses = apart.map((r) => r.loss);
    const measured = losses.reduce((a, b) => a + b, 0) / losses.length;
    const said = law && lossOf(law, n, d);
    const band = laws.length >= 40 ? interval(laws.map((l) => lossOf(l, n, d))) : null;
    const times = n / Math.max(...used().map((r) => r.n_params));
    const is = band && (measured < band.low ? "below" : measured > band.high ? "above" : "in");
    put(reveal, t(shown ? "hide_model" : "reveal_model"));
    put(
      test,
      el("p", { class: "sub" }, t(times > 1.2 ? "test" : "test_same", { times: +times.toPrecision(2) })),
      el(
        "dl",
        { class: "stats" },
        stat(count(n, 3), t("test_n"), t("test_d", { d: count(d), c: power(flops) })),
        law &&
          stat(
            loss(said),
            t("test_said"),
            band
              ? t("range", { low: loss(band.low), high: loss(band.high) })
              : busy && t("fitting", { k: asked, n: REFITS }),
          ),
        stat(
          shown ? loss(measured) : "?",
          t("stat_measured"),
          shown
            ? t("range_seeds", { n: losses.length, low: loss(Math.min(...losses)), high: loss(Math.max(...losses)) })
            : t("not_yet"),
        ),
      ),
      reveal,
      shown && is && el("p", {}, t(`test_${is}`)),
    );
  }
  return { node, draw };
}
