// View "line": the reader lays a line through the runs, chooses which of them are in the fit, and foretells a larger one.
import { button, el, put, radios, random, slider } from "../core/index.js";
import { exponent, loss, mean, percent, plot, power, QUIET, sign, stat, where } from "./chart.js";
import {
  AXES,
  band,
  beyond,
  interval,
  lawAt,
  logTicks,
  misfit,
  powerLaw,
  refits,
  series,
  spaced,
  through,
} from "./logic.js";

const REFITS = 400;
const STEPS = 400; // of the sliders that move the line's ends

export function lineView({ fig, t, unit, recording, grid, larger, apart, count }) {
  const more = [...larger, ...apart]; // hidden until the reader asks
  const runs = [...grid, ...more];
  const town = recording.floor;
  const lowest = Math.min(...runs.map((r) => r.loss));
  const most = Math.floor(970 * lowest) / 1000; // a floor must stay below every loss
  const hasTown = town > 0 && town <= most;
  const axisOf = (a) => (a in AXES ? a : "n");
  let axis = axisOf(fig.get("axis", "n"));
  const started = fig.get("floor", hasTown ? town : 0);
  let floor = Number.isFinite(started) ? Math.min(most, Math.max(0, started)) : 0;
  let shown = String(fig.get("shown", false)) === "true";
  let chosen = new Set();
  let ends = null; // the losses at the ends of the reader's line
  let laws = [],
    law = null;

  const x = (r) => r[AXES[axis]];
  const points = () => grid.filter((r) => chosen.has(r.id)).map((r) => [x(r), r.loss]);
  let ahead = []; // of the runs kept apart those that the line foretells on this axis
  const heldX = () => (ahead.length ? x(ahead[0]) : null);
  const heldLoss = () => mean(ahead.map((r) => r.loss));
  const foretells = () => ahead.length > 0;
  const reach = () => {
    const all = grid.map(x);
    return [Math.min(...all), Math.max(...all)];
  };

  const presets = {
    series: () => series(grid, axis),
    all: () => grid,
    small: () => half(series(grid, axis), false),
    upper: () => half(series(grid, axis), true),
  };
  function half(of, upper) {
    const values = [...new Set(of.map(x))].sort((a, b) => a - b);
    const middle = values[Math.ceil(values.length / 2) - (upper ? 1 : 0)] ?? values.at(-1);
    const kept = of.filter((r) => (upper ? x(r) >= middle : x(r) < middle));
    return new Set(kept.map(x)).size >= 3 ? kept : of;
  }

  // the chart
  const chart = plot({ name: "loss", x: {}, y: {} });
  const handles = ["left", "right"].map((end) => el("span", { class: `handle ${end}`, "aria-hidden": "true" }));
  chart.area.append(...handles);
  const stats = el("dl", { class: "stats" });
  const key = el("ul", { class: "key" });
  const few = el("p", { class: "gb-failed", hidden: true }, t("few"));
  const note = el("p", { class: "gb-muted small" });

  // the controls
  const axes = radios({
    legend: t("axis"),
    inline: true,
    value: axis,
    options: Object.keys(AXES).map((a) => [a, t(`axis_${a}`)]),
    onchange: (a) => {
      axis = a;
      fig.set("axis", axis);
      ahead = beyond(grid, more, axis);
      choose(presets.series(), false);
      fig.set("left", null);
      fig.set("right", null);
      begin();
      draw();
      saySoon();
    },
  });
  const floorText = (f) =>
    f === 0 ? t("floor_none") : Math.abs(f - town) < 5e-4 ? t("floor_town", { floor: loss(f) }) : loss(f);
  const floorSlider = slider({
    label: t("floor"),
    min: 0,
    max: most,
    step: 0.001,
    value: floor,
    format: floorText,
    oninput: setFloor,
  });
  const floorButtons = el(
    "div",
    { class: "buttons", role: "group", "aria-label": t("floor_of") },
    button(t("set_floor_none"), () => setFloor(0)),
    hasTown && button(t("set_floor_town"), () => setFloor(town)),
  );
  const presetButtons = {};
  const picks = el(
    "div",
    { class: "buttons presets", role: "group", "aria-label": t("presets") },
    el("span", { class: "legend", "aria-hidden": "true" }, t("presets")),
    Object.keys(presets).map(
      (p) =>
        (presetButtons[p] = button("", () => {
          choose(presets[p]());
          draw();
          saySoon();
        })),
    ),
  );
  const endSliders = ["left", "right"].map((end, i) =>
    slider({
      label: t(end),
      min: 0,
      max: STEPS,
      step: 1,
      value: 0,
      format: (k) => t("end_value", { loss: loss(fromStep(k)), unit }),
      oninput: (k) => {
        ends[i] = fromStep(k);
        keepEnds();
        draw();
        saySoon();
      },
    }),
  );
  const snap = button(t("snap"), () => {
    if (!law) return;
    const [a, b] = reach();
    ends = [lawAt(law, a), lawAt(law, b)];
    keepEnds();
    draw();
    saySoon();
  });
  const reveal = button(
    "",
    () => {
      shown = !shown;
      fig.set("shown", shown);
      draw();
      if (shown) fig.say(t("say_reveal", heard()), QUIET);
    },
    { class: "primary" },
  );

  // the runs as a table with a checkbox each
  const boxes = new Map();
  const body = el(
    "tbody",
    {},
    [...grid]
      .sort((a, b) => a.n_params - b.n_params || a.n_tokens - b.n_tokens)
      .map((r) => {
        const box = el("input", {
          type: "checkbox",
          "aria-label": t("use", { id: name(r) }),
          "data-lm-suppress-shortcuts": "true",
          onchange: () => toggle(r),
        });
        boxes.set(r.id, box);
        return el("tr", {}, el("td", {}, box), row(r));
      }),
    more.map((r) => el("tr", { class: "apart" }, el("td", {}, t("kept_apart")), row(r))),
  );
  function name(r) {
    return `${count(r.n_params)}, ${count(r.n_tokens)}${r.seed === undefined ? "" : `, ${r.seed}`}`;
  }
  function row(r) {
    return [
      count(r.n_params),
      count(r.n_tokens),
      power(r.flops),
      r.group !== "grid" ? el("span", { class: "veiled" }) : loss(r.loss),
      r.seed ?? "",
      r.device ?? r.engine ?? "cpu",
    ].map((cell) => el("td", {}, cell));
  }
  const scroll = el(
    "div",
    {
      class: "gb-scroll tall",
      tabindex: "0",
      role: "region",
      "aria-label": t("runs"),
      "data-lm-suppress-shortcuts": "true",
    },
    el(
      "table",
      { class: "gb-table" },
      el("caption", {}, t("runs_caption", { counts: recording.n_counts ?? t("counts") })),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          ["in", "n", "d", "c", "loss", "seed", "engine"].map((c) =>
            el("th", { scope: "col" }, t(`col_${c}`, { unit })),
          ),
        ),
      ),
      body,
    ),
  );
  const table = el(
    "details",
    { class: "gb-data" },
    el("summary", { "data-lm-suppress-shortcuts": "true" }, t("runs")),
    scroll,
  );

  const node = el(
    "div",
    { class: "view" },
    el("div", { class: "gb-controls run" }, axes.node, floorSlider.node, floorButtons, picks),
    few,
    el(
      "div",
      { class: "two" },
      el("div", { class: "charts" }, chart.node, key),
      el(
        "div",
        {},
        el(
          "div",
          { class: "gb-controls ends" },
          endSliders.map((s) => s.node),
          el("div", { class: "buttons" }, snap, reveal),
        ),
        stats,
        note,
      ),
    ),
    table,
  );

  // ---------------------------------------------------------------- choosing

  function choose(list, keep = true) {
    chosen = new Set(list.map((r) => r.id));
    if (keep) keepChoice();
  }
  function keepChoice() {
    const standard = new Set(presets.series().map((r) => r.id));
    const same = standard.size === chosen.size && [...standard].every((id) => chosen.has(id));
    fig.set(
      "off",
      same
        ? null
        : grid
            .filter((r) => !chosen.has(r.id))
            .map((r) => r.id)
            .join(".") || "none",
    );
  }
  function toggle(r) {
    if (!chosen.delete(r.id)) chosen.add(r.id);
    keepChoice();
    draw();
    fig.say(
      t("say_toggle", {
        id: name(r),
        state: t(chosen.has(r.id) ? "key_in" : "key_out"),
        n: chosen.size,
        fit: law ? exponent(law.b) : "–",
      }),
      QUIET,
    );
  }
  function setFloor(f) {
    floor = Math.min(most, Math.max(0, f));
    fig.set("floor", floor);
    floorSlider.value = floor;
    const [low, high] = lossRange();
    ends = ends.map((y) => Math.min(high, Math.max(low, y)));
    draw();
    saySoon();
  }

  // The vertical axis: what is above the floor, with room for the line to miss. It must not give the larger run away.
  function lossRange() {
    const over = (shown ? [...grid, ...ahead] : grid).map((r) => r.loss - floor);
    const first =
      foretells() &&
      powerLaw(
        presets.series().map((r) => [x(r), r.loss]),
        floor,
      );
    if (first) over.push(lawAt(first, heldX()) - floor);
    const low = Math.min(...over),
      high = Math.max(...over);
    const room = Math.max(1.25, (high / low) ** 0.18);
    return [floor + low / room, floor + high * room];
  }
  function toStep(y) {
    const [low, high] = lossRange();
    return Math.round((STEPS * Math.log((y - floor) / (low - floor))) / Math.log((high - floor) / (low - floor)));
  }
  function fromStep(k) {
    const [low, high] = lossRange();
    return floor + (low - floor) * ((high - floor) / (low - floor)) ** (k / STEPS);
  }
  const keepEnds = () => {
    fig.set("left", +ends[0].toPrecision(5));
    fig.set("right", +ends[1].toPrecision(5));
  };

  /** At first the reader's line lies flat, at the middle of the runs. */
  function begin() {
    const middle = floor + Math.exp(mean(grid.filter((r) => chosen.has(r.id)).map((r) => Math.log(r.loss - floor))));
    ends = [middle, middle];
  }

  handles.forEach((handle, i) => {
    const move = (event) => {
      const box = chart.area.getBoundingClientRect();
      const up = 1 - Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
      ends[i] = fromStep(Math.round(STEPS * up));
      keepEnds();
      draw();
    };
    handle.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      handle.setPointerCapture(event.pointerId);
      endSliders[i].input.focus({ preventScroll: true }); // keys go on from here
      event.stopPropagation();
    });
    handle.addEventListener("mousedown", (event) => event.preventDefault());
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) move(event);
    });
    handle.addEventListener("lostpointercapture", saySoon);
  });
  chart.area.addEventListener("click", (event) => {
    if (handles.includes(event.target)) return;
    const box = chart.area.getBoundingClientRect();
    const far = (r) =>
      Math.hypot(
        chart.px(x(r)) * box.width - (event.clientX - box.left),
        chart.py(r.loss - floor) * box.height - (event.clientY - box.top),
      );
    const near = grid.reduce((a, b) => (far(b) < far(a) ? b : a));
    if (far(near) < 22) toggle(near);
  });

  // ---------------------------------------------------------------- drawing

  const heard = () => {
    const mine = through(...reach().map((v, i) => [v, ends[i]]), floor);
    return { measured: loss(heldLoss()), mine: loss(lawAt(mine, heldX())), fit: law ? loss(lawAt(law, heldX())) : "–" };
  };
  function saySoon() {
    fig.saySoon(() => {
      if (!law) return t("few");
      const mine = through(...reach().map((v, i) => [v, ends[i]]), floor);
      return t("say_line", {
        mine: exponent(mine.b),
        fit: exponent(law.b),
        misfit: percent(misfit(points(), mine)),
        best: percent(law.rms),
      });
    });
  }

  function draw() {
    const use = points();
    const enough = new Set(use.map(([a]) => a)).size >= 3;
    law = enough ? powerLaw(use, floor) : null;
    laws = law ? refits(use, floor, random(11), REFITS) : [];
    few.hidden = !!law;
    const [from, to] = reach();
    ahead = beyond(grid, more, axis);
    const foretell = foretells();
    const others = foretell && axis === "c" ? larger.filter((r) => !ahead.some((h) => h.id === r.id)) : []; // shown beside it
    for (const [p, node_] of Object.entries(presetButtons))
      put(node_, t(p === "series" ? `preset_${axis}` : `preset_${p}`));
    const all = [...grid, ...(foretell ? [...(shown ? others : []), ...ahead] : [])].map(x);
    const wide = Math.max(...all) / Math.min(...all);
    chart.x = { low: Math.min(...all) / wide ** 0.04, high: Math.max(...all) * wide ** 0.06 };
    const [low, high] = lossRange();
    chart.y = { low: low - floor, high: high - floor };
    const narrow = chart.area.clientWidth && chart.area.clientWidth < 420;
    chart.axes(
      logTicks(chart.x.low, chart.x.high, narrow ? 4 : 6).filter(
        (v) =>
          /^1(\.0)?$/.test((v / 10 ** Math.floor(Math.log10(v) + 1e-9)).toPrecision(2)) ||
          chart.x.high / chart.x.low < 300,
      ),
      logTicks(chart.y.low, chart.y.high, 7),
      power,
      (v) => String(+v.toPrecision(2)),
    );
    chart.title.textContent = floor > 0 ? t("y_over", { floor: loss(floor), unit }) : t("y", { unit });
    chart.xName.textContent = t(`x_${axis}`);
    const mine = through([from, ends[0]], [to, ends[1]], floor);
    const xs = spaced(chart.x.low, chart.x.high);
    const over = (l) => xs.map((v) => [v, lawAt(l, v) - floor]);
    put(
      chart.lines,
      laws.length > 20 &&
        chart.area_(
          "band",
          band(laws, xs).map(([v, a, b]) => [v, a - floor, b - floor]),
        ),
      law && chart.line("fit", over(law)),
      chart.line("mine", over(mine)),
    );
    put(
      chart.over,
      grid.map((r) => chart.put(`dot ${chosen.has(r.id) ? "in" : "out"} ${r.engine}`, x(r), r.loss - floor)),
      foretell &&
        !shown &&
        el("span", { class: "question", style: { "inset-inline-start": where(chart.px(heldX())) } }, el("b", {}, "?")),
      foretell &&
        shown &&
        [...others, ...ahead].map((r) =>
          chart.put(`dot ${ahead.some((h) => h.id === r.id) ? "held" : "more"} ${r.engine}`, x(r), r.loss - floor),
        ),
    );
    handles.forEach((h, i) => {
      h.style.setProperty("inset-inline-start", where(chart.px([from, to][i])));
      h.style.setProperty("inset-block-start", where(chart.py(ends[i] - floor)));
    });
    endSliders.forEach((s, i) => {
      s.value = toStep(ends[i]);
    });
    boxes.forEach((box, id) => {
      box.checked = chosen.has(id);
    });
    body.querySelectorAll(".apart").forEach((line, i) => {
      line.querySelector(".veiled").textContent = shown ? loss(more[i].loss) : "?";
    });
    snap.disabled = !law;
    reveal.hidden = !foretell;
    put(reveal, t(shown ? "hide" : "reveal"));
    note.textContent = (more.length && !foretell ? `${t("not_larger")} ` : "") + t("hint");

    const slopes = laws.length > 20 ? interval(laws.map((l) => l.b)) : null;
    const foretold = foretell && laws.length > 20 ? interval(laws.map((l) => lawAt(l, heldX()))) : null;
    const ranged = (i, write) => (i ? t("range", { low: write(i.low), high: write(i.high) }) : t("no_band"));
    put(
      stats,
      stat(exponent(mine.b), t("stat_exponent")),
      law && stat(exponent(law.b), t("stat_fit"), ranged(slopes, exponent)),
      law && stat(percent(misfit(use, mine)), t("stat_misfit")),
      law && stat(percent(law.rms), t("stat_misfit_fit")),
      foretell && stat(loss(lawAt(mine, heldX())), t("stat_yours")),
      foretell && law && stat(loss(lawAt(law, heldX())), t("stat_foretold"), ranged(foretold, loss)),
      foretell &&
        stat(
          shown ? loss(heldLoss()) : "?",
          t("stat_measured"),
          !shown
            ? t("not_yet")
            : ahead.length > 1
              ? t("range_seeds", {
                  n: ahead.length,
                  low: loss(Math.min(...ahead.map((r) => r.loss))),
                  high: loss(Math.max(...ahead.map((r) => r.loss))),
                })
              : t("one_seed"),
        ),
    );
    const gpu = runs.find((r) => r.engine === "gpu");
    put(
      key,
      sign("dot in", t("key_in")),
      sign("dot out", t("key_out")),
      gpu && sign("dot in gpu", t("key_gpu", { device: gpu.device ?? "GPU" })),
      gpu && sign("dot in cpu", t("key_cpu")),
      sign("stroke mine", t("key_line")),
      sign("stroke fit", t("key_fit")),
      foretell &&
        shown && [
          sign("dot held", t(`key_held_${axis === "c" ? "c" : "n"}`)),
          others.length > 0 && sign("dot more", t("key_more")),
        ],
    );
    chart.picture.setAttribute(
      "aria-label",
      t("line_alt", {
        axis: t(`axis_${axis}`),
        n: grid.length,
        used: chosen.size,
        unit,
        mine: exponent(mine.b),
        fit: law ? exponent(law.b) : "–",
        high: loss(Math.max(...grid.map((r) => r.loss))),
        low: loss(Math.min(...grid.map((r) => r.loss))),
        band: ranged(slopes, exponent),
        held: foretell ? t(shown ? "held_alt" : "held_alt_hidden", { x: count(heldX()), ...heard() }) : "",
      }),
    );
    if (!law) fig.aha("");
    else if (!(shown && foretold)) fig.aha(t("aha_line_before", { factor: (10 ** -law.b).toFixed(2) }));
    else {
      const is = heldLoss() > foretold.high ? "above" : heldLoss() < foretold.low ? "below" : "in";
      const largest = Math.max(...use.map(([a]) => a));
      fig.aha(
        t(`aha_line_${is}`, {
          measured: loss(heldLoss()),
          low: loss(foretold.low),
          high: loss(foretold.high),
          times: +(heldX() / largest).toPrecision(2),
        }),
      );
    }
  }

  // ---------------------------------------------------------------- the beginning, a link's included

  const off = fig.get("off", "");
  const known = new Set(grid.map((r) => r.id));
  const out = typeof off === "string" && off ? off.split(".").filter((id) => known.has(id)) : [];
  ahead = beyond(grid, more, axis);
  choose(off === "none" ? grid : out.length ? grid.filter((r) => !out.includes(r.id)) : presets.series(), false);
  begin();
  const given = ["left", "right"].map((end) => Number(fig.get(end, Number.NaN)));
  if (given.every((y) => y > floor && y < 100))
    ends = given.map((y) => fromStep(Math.min(STEPS, Math.max(0, toStep(y)))));
  return { node, draw };
}
