// Loss and facts over the run, two charts over one axis; before the guess the second holds the guess alone.
import { el, put } from "../core/index.js";
import { at, chart } from "./chart.js";
import { covered, guessLine, nearestPlace, ticks } from "./logic.js";
import { bits, number, percent } from "./words.js";

/** A finger calls `on.step(i)`, or before the run is open `on.draft(k, percent)`; `on.touch(k)` when it comes down. */
export function chartsPanel({ t }, run, on) {
  const top = Math.ceil(run.frames[0].held_out * 2) / 2;
  const loss = chart({ title: t("loss_title"), max: top, marks: [0, 1, 2, 3].filter((y) => y <= top), write: String });
  const facts = chart({ title: t("facts_title"), max: 1, marks: [0, 0.5, 1], write: percent });
  const under = el("div", { class: "x", "aria-hidden": "true" });
  const node = el("div", { class: "charts" }, loss.node, facts.node, under);
  const handles = run.questions.map(() => el("span", { class: "handle", "aria-hidden": "true" }));
  facts.area.append(...handles);
  followFinger(run, loss.area, facts.area, on);

  function draw() {
    put(
      under,
      ticks(run.steps, run.kind).map((s) => el("span", { style: at(run.where(s)) }, number(s))),
    );
    const { open, now } = run;
    const cursor = open ? run.where(now.step) : null;
    loss.draw(lossLines(run), cursor, open ? [["held", now.held_out]] : []);
    facts.draw(factLines(run), cursor, open ? [["right", now.right]] : []);
    loss.say(lossWords(t, run));
    facts.say(factWords(t, run));
    handles.forEach((handle, k) => {
      put(handle, `${run.draft[k]}%`);
      handle.style.setProperty(
        "inset-inline-start",
        at(run.where(run.frames[run.questions[k]].step))["inset-inline-start"],
      );
      handle.style.setProperty("inset-block-start", `${100 - run.draft[k]}%`);
      handle.hidden = open;
    });
    put(loss.key, lossKey(t, run));
    put(facts.key, factKey(t, run));
  }
  return { node, draw };
}

const placed = ({ where }, points) => points.map(([step, y]) => [where(step), y]);
const line = (run, of) =>
  placed(
    run,
    run.frames.map((f) => [f.step, of(f)]),
  );

function lossLines(run) {
  const floor = {
    is: "floor",
    points: [
      [0, run.floor],
      [1, run.floor],
    ],
  };
  const held = { is: "held", points: line(run, (f) => f.held_out) };
  return run.open ? [floor, { is: "train", points: line(run, (f) => f.train) }, held] : [floor, held];
}

function factLines(run) {
  const { frames, questions, groups, open, guess, draft } = run;
  const guessed = {
    is: "guess",
    points: placed(
      run,
      guessLine(frames, questions, open ? (guess ?? []) : draft).map(([s, p]) => [s, p / 100]),
    ),
  };
  if (!open) return [guessed];
  return [
    ...(guess ? [guessed] : []),
    ...groups.map((_, g) => ({ is: `g${g}`, points: line(run, (f) => f.right_by_group[g]) })),
    { is: "right", points: line(run, (f) => f.right) },
  ];
}

function lossWords(t, { frames, floor, steps, recording, open, now }) {
  const ends = {
    first: bits(frames[0].held_out),
    last: bits(frames.at(-1).held_out),
    floor: bits(floor),
    steps: number(steps),
  };
  if (open) return t("loss_alt", { ...ends, step: number(now.step), now: bits(now.held_out) });
  const half = frames.find((_, k) => covered(recording, k) >= 0.5);
  return t("loss_alt_whole", { ...ends, half: number(half.step) });
}

function factWords(t, { frames, questions, steps, open, draft, now }) {
  if (open)
    return t("facts_alt", {
      first: percent(frames[0].right),
      last: percent(frames.at(-1).right),
      steps: number(steps),
      now: percent(now.right),
      step: number(now.step),
    });
  return t("facts_alt_guess", {
    guess: questions.map((q, k) => `${draft[k]}% ${t("guess_names", { step: number(frames[q].step) })}`).join(", "),
  });
}

const keyLine = (is, name, value) =>
  el(
    "li",
    {},
    el("span", { class: `sign ${is}`, "aria-hidden": "true" }),
    el("span", {}, name),
    value && el("b", {}, value),
  );

const lossKey = (t, { open, now, floor }) => [
  keyLine("held", t("held_out"), open && bits(now.held_out)),
  open && keyLine("train", t("train"), bits(now.train)),
  keyLine("floor", t("floor"), bits(floor)),
];

function factKey(t, { open, guess, groups, now, recording }) {
  const yours = keyLine("guess", t("your_guess"));
  if (!open) return yours;
  const unseen = (text) => el("span", { class: "gb-hidden-text" }, text);
  const group = (g, k) => {
    const name = [
      unseen(t("group_before")),
      t("group", { from: number(g.from), to: number(g.to) }),
      unseen(t("group_after")),
    ];
    return keyLine(`g${k}`, name, percent(now.right_by_group[k]));
  };
  return [
    keyLine("right", t("all", { n: number(recording.n_questions) }), percent(now.right)),
    guess && yours,
    el("li", { class: "of", "aria-hidden": "true" }, t("groups")),
    groups.map(group).reverse(),
  ];
}

/** A finger on the charts moves the step, and before that the nearest point of the guess. */
function followFinger(run, loss, facts, on) {
  let dragged = null;
  function point(event) {
    const box = facts.getBoundingClientRect();
    const x = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    if (run.open) {
      on.step(nearestPlace(run.frames, x, run.where));
      return;
    }
    dragged ??= nearestPlace(
      run.questions.map((q) => run.frames[q]),
      x,
      run.where,
    );
    const y = Math.round(100 * (1 - (event.clientY - box.top) / box.height));
    on.draft(dragged, Math.min(100, Math.max(0, y)));
  }
  for (const area of [loss, facts]) {
    area.addEventListener("pointerdown", (event) => {
      if (event.button || (!run.open && area === loss)) return;
      area.setPointerCapture(event.pointerId);
      on.halt();
      point(event);
      on.touch(dragged); // keys go on from here
    });
    area.addEventListener("mousedown", (event) => event.preventDefault()); // or the page would take the focus
    area.addEventListener("pointermove", (event) => {
      if (area.hasPointerCapture(event.pointerId)) point(event);
    });
    area.addEventListener("lostpointercapture", () => {
      dragged = null;
    });
  }
}
