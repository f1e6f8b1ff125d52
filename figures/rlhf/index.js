// The leash: training runs for reward, recorded under several KL coefficients. The reader drags the
// coefficient and reads what the score, the gold and the replies became. The computing is in logic.js.
// State: { beta: the coefficient (the nearest recorded one is shown), iteration: of training, seed: whose replies are read,
//          axis: "kl" | "iteration" }
// The recording comes from glassbox/recordings/rlhf.py, by way of models/rlhf.js.
import { button, dataTable, el, frame, loadFile, put, radios, slider, svg, whenNear } from "../core/index.js";
import { readQuestion, town, verdict } from "../finetuning/logic.js";
import { MEASURES, byBeta, domain, finding, frontier, klTicks, nearest, path, place, ticks } from "./logic.js";
import css from "./style.css";
import strings from "./strings.json";

const PANELS = ["proxy", "gold", "invented"];
const SIGNS = { right: "✓", wrong: "✗", invented: "✗", refused: "○", malformed: "–" };
const minus = (text) => text.replace("-", "−").replace(/^−(0(?:\.0+)?)$/, "$1");
const percent = (p) => (p > 0 && p < 0.005 ? "<1%" : p > 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);
const WRITE = { kl: (x) => x.toFixed(x < 10 ? 1 : 0), proxy: (x) => minus(x.toFixed(2)), gold: (x) => minus(x.toFixed(2)), invented: percent, right: percent, polite: percent, words: (x) => x.toFixed(1) };
const left = (x) => `${(100 * x).toFixed(2)}%`;

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "rlhf", css, strings, permalink: ["beta", "iteration", "seed", "axis"] });
    let alive = true;
    put(fig.body, el("p", { class: "gb-muted" }, fig.t("loading")));
    whenNear(fig.root)
      .then(() => Promise.all([loadFile(model, "rlhf"), loadFile(model, "finetuning")]))
      .then(([recording, books]) => alive && leashed(model, fig, recording, books))
      .catch((error) => alive && fig.fail(error));
    return () => { alive = false; fig.destroy(); };
  },
};

function leashed(model, fig, recording, data) {
  const { t } = fig;
  const { leash, prompts } = recording;
  const before = { kl: 0, proxy: 0, ...recording.before }; // the chat model, from which both are counted
  const ends = frontier(recording);
  const paths = leash.map(path);
  const most = 1.04 * Math.max(...paths.flat().map((stop) => stop.kl.high), 0.1);
  const iterations = paths[0].map((stop) => stop.iteration);
  let axis = fig.get("axis", "kl") === "iteration" ? "iteration" : "kl";
  const across = (stop) => (axis === "kl" ? place(stop.kl.mean, most) : stop.iteration / iterations.at(-1));
  const seeds = leash[0].runs.map((run) => run.seed);
  // The town's books are those of the models in the page; a recording of another town gets no verdicts.
  const same = data.world.seed === recording.world.seed && data.world.residents === recording.world.residents;
  const books = same ? town(data) : null;
  const questions = prompts.map((p) => books && readQuestion(p.text, books));
  let i = byBeta(leash, fig.get("beta", finding(recording).top.beta));
  const wanted = fig.get("iteration", iterations.at(-1));
  let at = iterations.reduce((best, n, k) => (Math.abs(n - wanted) < Math.abs(iterations[best] - wanted) ? k : best), iterations.length - 1);
  let seed = seeds.includes(Number(fig.get("seed", seeds[0]))) ? Number(fig.get("seed", seeds[0])) : seeds[0];
  const betaText = (k) => (leash[k].beta === 0 ? t("beta_none") : String(leash[k].beta));
  const withLeash = (k) => (leash[k].beta === 0 ? t("leash_none") : t("leash_value", { beta: leash[k].beta }));
  const last = leash.length - 1; // the slider goes from tight to loose, as the dots do in the charts

  // ---------------------------------------------------------------- controls

  const leashSlider = slider({ label: t("beta"), min: 0, max: last, step: 1, value: last - i, format: (x) => betaText(last - x), oninput: (x) => choose(last - x) });
  const clock = slider({ label: t("iteration"), min: 0, max: iterations.length - 1, step: 1, value: at,
    format: (k) => t("iteration_value", { n: iterations[k], of: iterations.at(-1) }), oninput: (k) => moveTo(k) });
  const looser = button(t("looser"), () => choose(Math.max(0, i - 1)));
  const tighter = button(t("tighter"), () => choose(Math.min(last, i + 1)));
  const seedRadios = radios({ legend: t("seed"), inline: true, value: seed, options: seeds.map((s) => [s, String(s)]),
    onchange: (s) => { seed = Number(s); fig.set("seed", seed); drawSamples(); } });
  const stats = el("dl", { class: "stats" });
  const samples = el("div", { class: "samples" });
  const panels = PANELS.map((key) => panel(t(`panel_${key}`), key, domain(paths, key, before[key])));
  const under = el("div", { class: "x", "aria-hidden": "true" });
  const underName = el("p", { class: "x-name" });
  const axes = radios({ legend: t("axis"), inline: true, value: axis, options: ["kl", "iteration"].map((a) => [a, t(`axis_${a}`)]),
    onchange: (a) => { axis = a; fig.set("axis", axis); draw(); } });
  const columns = (keys) => keys.map((key) => t(`col_${key}`));
  const ranged = (stop, key) => `${WRITE[key](stop[key].mean)} (${WRITE[key](stop[key].low)}–${WRITE[key](stop[key].high)})`;
  const table = dataTable({ summary: t("table"), caption: t("table_caption", { seeds: seeds.length }), columns: columns(["beta", ...MEASURES]),
    rows: [[t("table_before"), ...MEASURES.map((key) => WRITE[key](before[key]))], ...ends.map((end, k) => [betaText(k), ...MEASURES.map((key) => ranged(end, key))])] });
  const pathsBox = el("div");

  put(fig.body, el("p", { class: "lead" }, t("lead", { n_runs: leash.length * seeds.length, n_betas: leash.length, seeds: seeds.length })),
    el("div", { class: "gb-controls run" }, leashSlider.node, el("div", { class: "buttons" }, tighter, looser), clock.node, stats), fig.status,
    el("div", { class: "two" },
      el("div", { class: "charts" }, panels.map((p) => p.node), under, underName, axes.node, el("p", { class: "gb-muted small" }, t("legend"))),
      el("div", {}, samples, seedRadios.node)),
    el("div", { class: "tables" }, table.node, pathsBox));

  function choose(k) {
    if (k !== i) {
      i = k;
      fig.set("beta", leash[i].beta);
    }
    draw();
    saySoon();
  }

  function moveTo(k) {
    at = k;
    clock.value = k;
    fig.set("iteration", iterations[k]);
    draw();
    saySoon();
  }

  function saySoon() {
    const now = paths[i][at];
    const words = Object.fromEntries(MEASURES.map((key) => [key, WRITE[key](now[key].mean)]));
    fig.saySoon(() => t("say", { leash: withLeash(i), iteration: now.iteration, ...words }));
  }

  // A finger on the charts takes the leash whose runs ended nearest, or, over iterations, moves through them.
  for (const { area } of panels) {
    const point = (event) => {
      const box = area.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width;
      if (axis === "kl") choose(nearest(ends, x, most));
      else moveTo(Math.round(Math.min(1, Math.max(0, x)) * (iterations.length - 1)));
    };
    area.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      area.setPointerCapture(event.pointerId);
      point(event);
      (axis === "kl" ? leashSlider : clock).input.focus({ preventScroll: true }); // keys go on from here
    });
    area.addEventListener("mousedown", (event) => event.preventDefault());
    area.addEventListener("pointermove", (event) => { if (area.hasPointerCapture(event.pointerId)) point(event); });
  }

  // ---------------------------------------------------------------- drawing

  function draw() {
    leashSlider.value = last - i;
    looser.disabled = i === 0;
    tighter.disabled = i === last;
    const now = paths[i][at];
    put(stats, MEASURES.map((key) => el("div", { class: key }, el("dd", {}, WRITE[key](now[key].mean)),
      el("dt", {}, t(`stat_${key}`), el("span", { class: "range" }, t("range", { low: WRITE[key](now[key].low), high: WRITE[key](now[key].high) }))))));
    const marks = axis === "kl" ? klTicks(most).map((kl) => [place(kl, most), kl]) : ticks(0, iterations.at(-1)).map((n) => [n / iterations.at(-1), n]);
    put(under, marks.map(([x, text]) => el("span", { style: { "inset-inline-start": left(x) } }, String(text))));
    underName.textContent = t(`x_${axis}`);
    panels.forEach((p) => p.draw());
    drawSamples();
    const wasOpen = pathsBox.querySelector("details")?.open;
    const paths_ = dataTable({ summary: t("paths"), caption: t("paths_caption", { leash: withLeash(i), seeds: seeds.length }), columns: columns(["iteration", ...MEASURES]),
      rows: paths[i].map((stop) => [String(stop.iteration), ...MEASURES.map((key) => ranged(stop, key))]) });
    paths_.node.open = wasOpen ?? false;
    put(pathsBox, paths_.node);
  }

  function drawSamples() {
    const run = leash[i].runs.find((r) => r.seed === seed) ?? leash[i].runs[0];
    put(samples, el("p", { class: "sub" }, t("samples")), prompts.map((prompt, k) => el("div", { class: "sample" },
      el("p", { class: "from" }, prompt.text, " ", el("span", { class: "gb-muted" }, prompt.about === "stranger" ? `(${t("about_stranger")})` : prompt.truth ? `(${t("truth", { truth: prompt.truth })})` : "")),
      said(t("before"), before.samples[k], k, "then"), said(t("after", { leash: withLeash(i) }), run.samples[k], k, "now"))));
  }

  function said(when, text, k, is) {
    const found = questions[k] ? verdict(questions[k], text, books) : null;
    return el("p", { class: `said ${is}` }, el("span", { class: "when" }, when), " ",
      text.trim() ? el("q", {}, text.trim()) : el("i", {}, t("nothing")), " ",
      found && el("b", { class: `is ${found}` }, `${SIGNS[found]} ${t(`verdict_${found}`)}`));
  }

  /** One chart over the axis of KL. */
  function panel(title, key, [low, high]) {
    const y = (v) => (high - v) / (high - low);
    const point = (stop, v) => `${(100 * across(stop)).toFixed(2)},${(100 * y(v)).toFixed(2)}`;
    const marks = key === "invented" ? [0, 0.5, 1].filter((v) => v <= high) : ticks(low, high, 3);
    const lines = svg("g", {});
    const picture = svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" },
      marks.map((v) => svg("line", { class: v === 0 ? "grid zero" : "grid", x1: 0, x2: 100, y1: 100 * y(v), y2: 100 * y(v), "vector-effect": "non-scaling-stroke" })), lines);
    const over = el("div", { class: "over", "aria-hidden": "true" });
    const area = el("div", { class: "area" }, picture, over,
      marks.map((v) => el("span", { class: "y", "aria-hidden": "true", style: { "inset-block-start": left(y(v)) } }, key === "invented" ? percent(v) : minus(String(v)))));
    const line = (is, stops, of = "mean") => svg("polyline", { class: is, "vector-effect": "non-scaling-stroke", points: stops.map((s) => point(s, s[key][of])).join(" ") });
    const dot = (is, stop, v = stop[key].mean) => el("span", { class: `dot ${is}`, style: { "inset-inline-start": left(across(stop)), "inset-block-start": left(y(v)) } });
    const whisker = (end) => el("span", { class: "whisker", style: { "inset-inline-start": left(across(end)), "inset-block-start": left(y(end[key].high)), "block-size": left(y(end[key].low) - y(end[key].high)) } });
    return {
      node: el("div", { class: `panel ${key}` }, el("p", { class: "sub" }, title), el("div", { class: "plot" }, area)), area,
      draw() {
        const mine = paths[i];
        const band = [...mine.map((s) => point(s, s[key].high)), ...[...mine].reverse().map((s) => point(s, s[key].low))].join(" ");
        put(lines, axis === "kl" ? line("ends", ends) : paths.map((stops, k) => k !== i && line("other", stops)), svg("polygon", { class: "band", points: band }), line("line", mine));
        put(over, ends.map((end, k) => k !== i && [whisker(end), dot("other", end)]), dot("start", mine[0], before[key]), whisker(mine[at]), dot("now", mine[at]));
        const write = WRITE[key];
        picture.setAttribute("aria-label", t("panel_alt", { title, before: write(before[key]), leash: withLeash(i), iteration: mine[at].iteration, now: write(mine[at][key].mean), kl: WRITE.kl(mine[at].kl.mean),
          low: write(mine[at][key].low), high: write(mine[at][key].high), others: ends.map((end, k) => k !== i && `${withLeash(k)}: ${write(end[key].mean)}`).filter(Boolean).join("; ") }));
      },
    };
  }

  // ---------------------------------------------------------------- the sentence under the figure

  const found = finding(recording);
  const invented = ends.map((end) => end.invented.mean);
  const values = { loosest: withLeash(0), best: withLeash(found.best), peak: found.peak.iteration, last: found.end.iteration, top_gold: WRITE.gold(found.top.gold.mean) };
  for (const key of MEASURES) {
    for (const stop of ["peak", "end"]) values[`${key}_${stop}`] = WRITE[key](found[stop][key].mean);
    values[`${key}_before`] = WRITE[key](before[key]);
  }
  fig.aha([`aha_${found.key}`, "aha_bought"].map((key) => t(key, values)).join("") +
    t("aha_invented", { before: percent(before.invented), low: percent(Math.min(...invented)), high: percent(Math.max(...invented)) }));
  fig.root.querySelector(".gb-aha").after(el("p", { class: "gb-muted small" }, t("simplified", { seeds: seeds.length })));
  fig.onChange("beta", () => { // from Python; fig.get would answer with the link's
    const k = byBeta(leash, Number(model.get("beta")) || 0);
    if (k !== i) choose(k);
  });
  fig.say("", { shown: false });
  draw();
}
