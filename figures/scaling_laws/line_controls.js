// The controls of the reader's line: axis, floor, which runs are in the fit, the ends of the line, the larger run.
import { button, el, put, radios, slider } from "../core/index.js";
import { loss } from "./chart.js";
import { PRESETS, STEPS } from "./laid.js";
import { AXES } from "./logic.js";

/** `onchange()` hears every change; `onreveal()` that the larger run was shown or hidden. */
export function lineControls({ t, unit }, laid, onchange, onreveal) {
  const { most, town } = laid;
  const act = (change) => (value) => {
    change(value);
    onchange();
  };
  const axes = radios({
    legend: t("axis"),
    inline: true,
    value: laid.axis,
    options: Object.keys(AXES).map((a) => [a, t(`axis_${a}`)]),
    onchange: act((a) => laid.turnTo(a)),
  });
  const setFloor = act((f) => laid.setFloor(f));
  const floorText = (f) =>
    f === 0
      ? t("floor_none")
      : town !== null && Math.abs(f - town) < 5e-4
        ? t("floor_town", { floor: loss(f) })
        : loss(f);
  const floor = slider({
    label: t("floor"),
    min: 0,
    max: most,
    step: 0.001,
    value: laid.floor,
    format: floorText,
    oninput: setFloor,
  });
  const floors = el(
    "div",
    { class: "buttons", role: "group", "aria-label": t("floor_of") },
    button(t("set_floor_none"), () => setFloor(0)),
    town !== null && button(t("set_floor_town"), () => setFloor(town)),
  );
  const presets = PRESETS.map((p) => ({
    p,
    node: button(
      "",
      act(() => laid.choose(laid.preset(p))),
    ),
  }));
  const ends = ["left", "right"].map((end, i) =>
    slider({
      label: t(end),
      min: 0,
      max: STEPS,
      step: 1,
      value: 0,
      format: (k) => t("end_value", { loss: loss(laid.fromStep(k)), unit }),
      oninput: act((k) => laid.lay(i, k)),
    }),
  );
  const snap = button(
    t("snap"),
    act(() => laid.law && laid.layOnLaw()),
  );
  const reveal = button(
    "",
    () => {
      laid.reveal();
      onreveal();
    },
    { class: "primary" },
  );

  function draw() {
    if (floor.value !== laid.floor) floor.value = laid.floor;
    for (const { p, node } of presets) put(node, t(p === "series" ? `preset_${laid.axis}` : `preset_${p}`));
    ends.forEach((s, i) => {
      s.value = laid.toStep(laid.ends[i]);
    });
    snap.disabled = !laid.law;
    reveal.hidden = !laid.ahead.length;
    put(reveal, t(laid.shown ? "hide" : "reveal"));
  }
  const picks = el(
    "div",
    { class: "buttons presets", role: "group", "aria-label": t("presets") },
    el("span", { class: "legend", "aria-hidden": "true" }, t("presets")),
    presets.map((p) => p.node),
  );
  return {
    fit: el("div", { class: "gb-controls run" }, axes.node, floor.node, floors, picks),
    ends: el(
      "div",
      { class: "gb-controls ends" },
      ends.map((s) => s.node),
      el("div", { class: "buttons" }, snap, reveal),
    ),
    draw,
    focus: (i) => ends[i].input.focus({ preventScroll: true }),
  };
}
