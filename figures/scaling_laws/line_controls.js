// The controls of the reader's line: its ends and what comes of it; and, folded away, axis, floor and the runs in the fit.
import { button, el, MAIN, put, radios, slider } from "../core/index.js";
import { loss } from "./chart.js";
import { PRESETS, STEPS } from "./laid.js";
import { AXES } from "./logic.js";

/** The reader's line: its two ends, and the steps from there: to commit, to reveal, to start over. */
export function endControls({ t, unit }, laid, onchange, onreveal) {
  const act = (change) => (value) => {
    change(value);
    onchange();
  };
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
  const commit = button(
    t("commit"),
    act(() => {
      laid.commit();
      next().focus({ preventScroll: true }); // this button is gone
    }),
    { class: "primary" },
  );
  const reveal = button(
    "",
    () => {
      laid.reveal();
      onreveal();
    },
    { class: "primary" },
  );
  const again = button(
    t("again"),
    act(() => {
      laid.startOver();
      focus(0);
    }),
  );
  const next = () => (laid.ahead.length ? reveal : again);
  const focus = (i) => ends[i].input.focus({ preventScroll: true });

  function draw() {
    ends.forEach((s, i) => {
      s.value = laid.toStep(laid.ends[i]);
    });
    commit.hidden = laid.committed;
    commit.disabled = !laid.moved;
    reveal.hidden = !laid.committed || !laid.ahead.length;
    again.hidden = !laid.committed;
    put(reveal, t(laid.shown ? "hide" : "reveal"));
    reveal.classList.toggle("primary", !laid.shown);
  }
  return {
    node: el(
      "div",
      { ...MAIN.control, class: "ends" },
      ends.map((s) => s.node),
      el("div", { class: "buttons" }, commit, reveal, again),
    ),
    draw,
    focus,
  };
}

/** What the line goes through: the axis, the floor taken off, the runs in the fit. `onchange()` hears every change. */
export function lineControls({ fig, t }, laid, onchange) {
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
  const choose = (p, name) => {
    laid.choose(laid.preset(p));
    onchange();
    fig.say(t("say_preset", { name, n: laid.chosen.size }), { shown: false });
  };
  const presets = PRESETS.map((p) => ({ p, node: button("", (event) => choose(p, event.currentTarget.textContent)) }));
  const snap = button(
    t("snap"),
    act(() => laid.law && laid.layOnLaw()),
  );

  function draw() {
    if (floor.value !== laid.floor) floor.value = laid.floor;
    axes.value = laid.axis;
    for (const { p, node } of presets) put(node, t(p === "series" ? `preset_${laid.axis}` : `preset_${p}`));
    snap.disabled = !laid.law || !laid.committed;
  }
  const picks = el(
    "div",
    { class: "buttons presets", role: "group", "aria-label": t("presets") },
    el("span", { class: "legend", "aria-hidden": "true" }, t("presets")),
    presets.map((p) => p.node),
  );
  return { node: el("div", { class: "gb-controls run" }, axes.node, floor.node, floors, picks, snap), draw };
}
