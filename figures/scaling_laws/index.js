// The scaling explorer: recorded runs on log axes with a line to lay through them, a larger run to foretell,
// and a budget to spend from toy to frontier. The computing is in logic.js.
// State: { view: "line" | "budget", axis: "n" | "d" | "c", floor: number taken off the loss, off: ids of runs left out of the fit,
//          left, right: the ends of the reader's line (losses), committed: the fit is shown, shown: the larger run is revealed,
//          budget: log10 of the compute, taken: "all" | "cheap", entropy: "fixed" | "free" }
// The runs come from the recorded sweep that the library ships (data.js says where).
import { arrive, el, frame, more, put } from "../core/index.js";
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
      permalink: ["view", "axis", "floor", "off", "left", "right", "committed", "shown", "budget", "taken", "entropy"],
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
  const ctx = { fig, t, unit, recording, runs, grid, larger: of("larger"), apart: of("held_out"), count, stops };

  const line = lineView(ctx, el("p", { class: "gb-muted small" }, facts(ctx, lost)));
  const budget = budgetFold(ctx);
  put(fig.body, line.node, fig.status);
  fig.under(line.fold, budget.node);
  fig.onChange("view", () => budget.open(model.get("view") === "budget"));
  fig.say("", QUIET);
  line.draw();
}

/** What was recorded, in a sentence. */
function facts({ t, count, runs, grid }, lost) {
  const sizes = grid.map((r) => r.n_params);
  const words = t(runs.length > grid.length ? "lead" : "lead_none", {
    n: grid.length,
    low: count(Math.min(...sizes)),
    high: count(Math.max(...sizes)),
    devices: [...new Set(runs.map((r) => (r.engine === "cpu" ? t("a_cpu") : r.device)))].join(", "),
    more: runs.length - grid.length,
  });
  return lost > 0 ? `${words} ${t("lost", { n: lost })}` : words;
}

/** The second view, folded away: nothing of it is computed before it is opened. */
function budgetFold(ctx) {
  const { fig, t } = ctx;
  const home = el("div");
  const node = more(t("view_budget"), home);
  let view = null;
  function draw() {
    if (!node.open) return;
    view ??= budgetView(ctx);
    put(home, view.node, el("p", { class: "gb-muted small" }, t("simplified_budget")));
    view.draw();
  }
  node.addEventListener("toggle", () => {
    fig.set("view", node.open ? "budget" : "line");
    draw();
  });
  node.open = fig.get("view", "line") === "budget";
  return {
    node,
    open(is) {
      node.open = is;
    },
  };
}
