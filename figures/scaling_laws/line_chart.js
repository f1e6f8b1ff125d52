// The runs on log axes, the reader's line and the fit with its band; a finger moves the ends, a click takes a run out.
import { el, MAIN, put } from "../core/index.js";
import { loss, Plot, ratios, sign, where } from "./chart.js";
import { STEPS } from "./laid.js";
import { band, lawAt, logTicks, lossTicks, spaced } from "./logic.js";

/** `on.move()` while an end is dragged, `on.grab(i)` and `on.drop()` around it, `on.toggle(run)` for a click on a run. */
export function lineChart({ t, unit }, laid, on) {
  const plot = new Plot("loss", null, null);
  const handles = ["left", "right"].map((end) => el("span", { class: `handle ${end}`, "aria-hidden": "true" }, "↕"));
  plot.area.append(...handles);
  handles.forEach((handle, i) => {
    dragEnd(plot, laid, handle, i, on);
  });
  clickRuns(plot, laid, handles, on.toggle);
  const key = el("ul", { class: "key" });

  function scales() {
    const { ahead, others, shown, floor } = laid;
    const all = [...laid.grid, ...(shown ? others : []), ...ahead].map((r) => laid.x(r));
    const [least, most] = [Math.min(...all), Math.max(...all)];
    plot.x = ratios(least / (most / least) ** 0.04, most * (most / least) ** 0.06);
    plot.y = ratios(...laid.lossRange.map((l) => l - floor));
    const [low, high] = plot.x.domain();
    const tens = (v) => /^1e/.test(v.toExponential()) || high / low < 300;
    // the axis counts what is above the floor, and names the loss itself, as all other numbers here do
    const marks = lossTicks(...laid.lossRange, floor, plot.narrow ? 7 : 9);
    plot.axes(
      logTicks(low, high, plot.narrow ? 4 : 6).filter(tens),
      marks.map((l) => l - floor),
      (over) => String(+(over + floor).toPrecision(3)),
    );
    put(
      plot.title,
      t("y", { unit }),
      el("span", { class: "scale" }, ` ${floor > 0 ? t("y_over", { floor: loss(floor) }) : t("y_log")}`),
    );
    plot.xName.textContent = t(`x_${laid.axis}`);
  }

  function drawLines() {
    const { laws, law, mine, floor, committed } = laid;
    const xs = spaced(...plot.x.domain());
    const over = (l) => xs.map((v) => [v, lawAt(l, v) - floor]);
    put(
      plot.lines,
      committed &&
        laws.length > 20 &&
        plot.band(
          "band",
          band(laws, xs).map(([v, a, b]) => [v, a - floor, b - floor]),
        ),
      committed && law && plot.line("fit", over(law)),
      plot.line("mine", over(mine)),
    );
  }

  function drawRuns() {
    const { grid, chosen, floor, ahead, others, shown } = laid;
    const dot = (is, r) => plot.put(`dot ${is} ${r.engine}`, laid.x(r), r.loss - floor);
    put(
      plot.over,
      grid.filter((r) => laid.all || chosen.has(r.id)).map((r) => dot(chosen.has(r.id) ? "in" : "out", r)),
      ahead.length > 0 &&
        !shown &&
        el(
          "span",
          { class: "question", style: { "inset-inline-start": where(plot.px(laid.heldX)) } },
          el("b", {}, "?"),
        ),
      ahead.length > 0 && !shown && tag(),
      shown && others.map((r) => dot("more", r)),
      shown && ahead.map((r) => dot("held", r)),
    );
    handles.forEach((h, i) => {
      h.style.setProperty("inset-inline-start", where(plot.px(laid.reach[i])));
      h.style.setProperty("inset-block-start", where(plot.py(laid.ends[i] - floor)));
    });
  }

  /** What the reader's line says for the larger run, written where it crosses. */
  function tag() {
    const foretold = lawAt(laid.mine, laid.heldX);
    const [low, high] = laid.lossRange;
    const seen = Math.min(high, Math.max(low, foretold));
    return plot.put("tag", laid.heldX, seen - laid.floor, loss(foretold));
  }

  function draw(words) {
    scales();
    drawLines();
    drawRuns();
    put(key, keyRows(t, laid));
    plot.picture.setAttribute("aria-label", words);
  }
  return { node: el("div", { ...MAIN.response, class: "charts" }, plot.node), key, draw };
}

function keyRows(t, { runs, ahead, others, committed, shown, axis, all }) {
  const gpu = runs.find((r) => r.engine === "gpu");
  return [
    sign("dot in", t(all ? "key_in" : "key_run")),
    all && sign("dot out", t("key_out")),
    gpu && sign("dot in gpu", t("key_gpu", { device: gpu.device ?? "GPU" })),
    gpu && sign("dot in cpu", t("key_cpu")),
    sign("stroke mine", t("key_line")),
    committed && sign("stroke fit", t("key_fit")),
    ahead.length > 0 &&
      shown && [
        sign("dot held", t(`key_held_${axis === "c" ? "c" : "n"}`)),
        others.length > 0 && sign("dot more", t("key_more")),
      ],
  ];
}

function dragEnd(plot, laid, handle, i, on) {
  handle.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    handle.setPointerCapture(event.pointerId);
    on.grab(i); // keys go on from here
    event.stopPropagation();
  });
  handle.addEventListener("mousedown", (event) => event.preventDefault());
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const box = plot.area.getBoundingClientRect();
    const up = 1 - Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
    laid.lay(i, Math.round(STEPS * up));
    on.move();
  });
  handle.addEventListener("lostpointercapture", on.drop);
}

function clickRuns(plot, laid, handles, toggle) {
  plot.area.addEventListener("click", (event) => {
    if (handles.includes(event.target)) return;
    const box = plot.area.getBoundingClientRect();
    const far = (r) =>
      Math.hypot(
        plot.px(laid.x(r)) * box.width - (event.clientX - box.left),
        plot.py(r.loss - laid.floor) * box.height - (event.clientY - box.top),
      );
    if (!laid.all) return; // a slip of the finger takes no run away unless the choice of runs is open
    const near = laid.grid.reduce((a, b) => (far(b) < far(a) ? b : a));
    if (far(near) < 22) toggle(near);
  });
}
