// The scaling explorer: recorded runs on log axes with a line to lay through them, a larger run to foretell,
// and a budget to spend from toy to frontier. The computing is in logic.js.
// State: { view: "line" | "budget", axis: "n" | "d" | "c", floor: number taken off the loss, off: ids of runs left out of the fit,
//          left, right: the ends of the reader's line (losses), shown: the larger run is revealed,
//          budget: log10 of the compute, taken: "all" | "cheap", entropy: "fixed" | "free" }
// The runs come from the recorded sweep that the library ships (data.js says where).
import { arrive, el, frame, put, radios } from "../core/index.js";
import { budgetView } from "./budget.js";
import { QUIET, raised } from "./chart.js";
import recorded from "./data.js";
import { lineView } from "./line.js";
import { distinct, scaled, usable, wanted } from "./logic.js";
import strings from "./strings.json";
import css from "./style.css";

export default {
  render({ model, el: host }) {
    const fig = frame({
      model,
      host,
      name: "scaling_laws",
      css,
      strings,
      permalink: ["view", "axis", "floor", "off", "left", "right", "shown", "budget", "taken", "entropy"],
    });
    return arrive(
      fig,
      () => model.get("recording") ?? recorded,
      (recording, stops) => explorer(model, fig, recording, stops),
    );
  },
};

function explorer(model, fig, recording, stops) {
  const { t } = fig;
  const unit = recording.unit;
  const runs = usable(recording.runs);
  const of = (group) => runs.filter((r) => r.group === group);
  const grid = of("grid");
  const lost = recording.runs.filter(wanted).length - runs.length;
  if (grid.length < 5 || distinct(grid, "c") < 3) {
    fig.fail(t("too_few", { n: grid.length }));
    return;
  }
  const count = (x, digits = 2) => {
    const [v, u, p] = scaled(x, digits);
    return u === "power" ? v + raised(p) : t(u || "plain", { x: v });
  };
  const sizes = grid.map((r) => r.n_params);
  const ctx = { fig, t, unit, recording, runs, grid, larger: of("larger"), apart: of("held_out"), count, stops };

  let view = fig.get("view", "line") === "budget" ? "budget" : "line";
  const views = { line: lineView(ctx), budget: budgetView(ctx) };
  const home = el("div");
  const viewRadios = radios({
    legend: t("view"),
    inline: true,
    value: view,
    options: Object.keys(views).map((v) => [v, t(`view_${v}`)]),
    onchange: (v) => {
      view = v;
      fig.set("view", view);
      show();
    },
  });
  const facts = {
    n: grid.length,
    low: count(Math.min(...sizes)),
    high: count(Math.max(...sizes)),
    devices: [...new Set(runs.map((r) => (r.engine === "cpu" ? t("a_cpu") : r.device)))].join(", "),
  };
  const simplified = el("p", { class: "gb-muted small" });
  put(
    fig.body,
    el(
      "p",
      { class: "lead" },
      t(runs.length > grid.length ? "lead" : "lead_none", { ...facts, more: runs.length - grid.length }),
      lost > 0 && ` ${t("lost", { n: lost })}`,
    ),
    viewRadios.node,
    home,
    fig.status,
  );
  fig.under(simplified);

  function show() {
    put(home, views[view].node);
    simplified.textContent = t(`simplified_${view}`);
    views[view].draw();
  }
  fig.onChange("view", () => {
    const v = model.get("view") === "budget" ? "budget" : "line";
    if (v !== view) {
      view = v;
      viewRadios.value = v;
      show();
    }
  });
  fig.say("", QUIET);
  show();
}
