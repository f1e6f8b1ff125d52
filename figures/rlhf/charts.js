// Score, gold and inventions over one axis, which a finger can be drawn along.
import { el, followFinger, put, radios } from "../core/index.js";
import { chart } from "./chart.js";
import { iterationTicks, klTicks, nearest } from "./logic.js";
import { left } from "./words.js";

const MEASURED = ["proxy", "gold", "invented"];

/** A finger calls `on.leash(k)` or, over iterations, `on.iteration(k)`; `on.touch()` when it comes down. */
export function chartsPanel(fig, view, on) {
  const { t } = fig;
  const charts = MEASURED.map((key) => chart(fig, view, key));
  const under = el("div", { class: "x", "aria-hidden": "true" });
  const name = el("p", { class: "x-name" });
  const axes = radios({
    legend: t("axis"),
    inline: true,
    value: view.axis,
    options: ["kl", "iteration"].map((a) => [a, t(`axis_${a}`)]),
    onchange: (a) => {
      view.axis = a;
      fig.set("axis", a);
      on.axis();
    },
  });
  for (const { area } of charts) followFinger(area, (x) => take(x, view, on), on.touch);

  function draw() {
    const last = view.iterations.at(-1);
    const marks =
      view.axis === "kl"
        ? klTicks(view.kl).map((kl) => [view.kl(kl), kl])
        : iterationTicks(last).map((n) => [n / last, n]);
    put(
      under,
      marks.map(([x, text]) => el("span", { style: { "inset-inline-start": left(x) } }, String(text))),
    );
    name.textContent = t(`x_${view.axis}`);
    for (const c of charts) c.draw();
  }
  const node = el(
    "div",
    { class: "charts" },
    charts.map((c) => c.node),
    under,
    name,
    axes.node,
    el("p", { class: "gb-muted small" }, t("legend")),
  );
  return { node, draw };
}

/** A place on the axis takes the leash whose runs ended nearest, or, over iterations, the iteration. */
function take(x, view, on) {
  if (view.axis === "kl") on.leash(nearest(view.ends, x, view.kl));
  else on.iteration(view.nearestStop(x * view.iterations.at(-1)));
}
