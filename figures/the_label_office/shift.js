// The reader's shift: a clock, two replies to choose between, and the model's guess before each choice.
import { button, el, put, radios } from "../core/index.js";
import { chance, clock, pace, row } from "./logic.js";
import { compared } from "./replies.js";
import { left, percent, whole } from "./words.js";

const LIMITS = ["2", "4", "0"]; // minutes
const QUIET = { shown: false };

/** `onlabel()` hears that other labels count; `ontime()` that the time is up. */
export function shiftPanel(fig, office, onlabel, ontime, stops) {
  const { t } = fig;
  const limits = radios({
    legend: t("clock"),
    inline: true,
    value: "2",
    options: LIMITS.map((m) => [m, t(`clock_${m}`)]),
    onchange: (m) => {
      office.limit = Number(m);
      meter.draw();
    },
  });
  const start = button(t("start"), toggle, { class: "primary" });
  const undo = button(t("undo"), takeBack);
  const anew = button(t("again"), () => {
    office.beginAnew();
    draw();
    onlabel();
  });
  const meter = clockPanel(t, office);
  const desk = pairPanel(fig, office, { choose, next, focus: () => (start.disabled ? anew : start) });

  const pairWords = () =>
    office.left
      ? t("say_pair", {
          n: office.at + 1,
          question: office.pair.question,
          a: office.pair.a.text,
          b: office.pair.b.text,
        })
      : t("done", office.sizes);
  function toggle() {
    if (office.phase === "on") office.stand();
    else {
      if (office.phase === "idle" && !office.mine.length) fig.say(t("say_start", { pair: pairWords() }), QUIET);
      office.start();
    }
    draw();
  }
  function choose(pickedA) {
    if (!office.open) return;
    const { rows, names, weights } = office.fitted();
    const forA = chance(weights, row(office.pair, true, names).x);
    const side = t(pickedA ? "reply_a" : "reply_b");
    office.feedback = rows.length
      ? t("before_choice", { side, p: percent(pickedA ? forA : 1 - forA) })
      : t("before_first");
    office.choose(pickedA);
    next(t("say_choice", { side, before: office.feedback }));
  }
  function next(words) {
    if (!office.open) return;
    office.next();
    draw();
    onlabel();
    fig.say(`${words} ${pairWords()}`, QUIET);
  }
  function takeBack() {
    if (!office.takeBack()) return;
    draw();
    onlabel();
    fig.say(t("say_undo", { next: pairWords() }), QUIET);
  }

  stops.push(
    watchTime(office, meter.draw, draw, () => {
      ontime();
      fig.say(t("say_over"), QUIET);
    }),
  );

  function draw() {
    const { phase } = office;
    start.textContent = t({ idle: "start", on: "pause", paused: "resume", over: "start" }[phase]);
    enable(anew, phase !== "idle" || office.mine.length > 0, start);
    enable(start, phase !== "over" && office.left, anew);
    enable(undo, office.mine.length > 0, start.disabled ? anew : start);
    limits.inputs.forEach((input) => {
      input.disabled = phase !== "idle";
    });
    meter.draw();
    desk.draw();
  }
  const node = el(
    "div",
    { class: "shift" },
    limits.node,
    el("div", { class: "buttons" }, start, undo, anew),
    meter.nodes,
    desk.nodes,
  );
  return { node, draw, choose };
}

/** Switch a button on or off; where the keyboard stood on it, it goes on from `instead`. */
function enable(control, yes, instead) {
  const stood = !yes && control.getRootNode().activeElement === control;
  control.disabled = !yes;
  if (stood) instead.focus();
}

/** The clock ticks, ends the shift, and stands still while the page is not looked at. Returns what stops it. */
function watchTime(office, ontick, onchange, onend) {
  const beat = setInterval(() => {
    if (office.phase !== "on") return;
    if (!office.timeIsUp) {
      ontick();
      return;
    }
    office.end();
    onchange();
    onend();
  }, 250);
  const away = () => {
    if (document.hidden && office.phase === "on") {
      office.stand();
      onchange();
    }
  };
  document.addEventListener("visibilitychange", away);
  return () => {
    clearInterval(beat);
    document.removeEventListener("visibilitychange", away);
  };
}

/** Time, labels, labels an hour, and what is left of the shift as a bar. */
function clockPanel(t, office) {
  const counters = el("dl", { class: "counters" });
  const fill = el("span");
  function draw() {
    const { elapsed, limit, mine } = office;
    const rate = pace(office.timed, elapsed);
    const entries = {
      time: [clock(elapsed), limit ? t("time_of", { limit: `${limit}:00` }) : ""],
      labels: [mine.length],
      hourly: [rate === null ? "–" : whole(rate)],
      looked: [mine.filter((l) => l.looked).length],
    };
    put(
      counters,
      Object.entries(entries).map(([key, [value, more]]) =>
        el("div", {}, el("dd", {}, value), el("dt", {}, t(key), more ? ` ${more}` : "")),
      ),
    );
    fill.style.inlineSize = left(limit ? Math.max(0, 1 - elapsed / (limit * 60_000)) : 1);
  }
  return { nodes: [counters, el("div", { class: "left", "aria-hidden": "true" }, fill)], draw };
}

/** The question with its two replies, the register to look it up in, and what the model had expected. */
function pairPanel(fig, office, on) {
  const { t } = fig;
  const where = el("p", { class: "gb-muted small" });
  const asked = el("p", { class: "asked" });
  const fact = el("p", { class: "fact" });
  const said = el("p", { class: "feedback" });
  const lastBox = el("div");
  const cards = ["a", "b"].map((side) => ({
    side,
    text: el("p", { class: "text" }),
    pick: button(t(`better_${side}`), () => on.choose(side === "a")),
  }));
  const look = button(t("look"), () => {
    if (!office.open || office.lookedUp) return;
    office.lookedUp = true;
    draw();
    fig.say(fact.textContent, QUIET);
  });
  const skip = button(t("skip"), () => on.next(t("skip")));

  function draw() {
    const { open, pair } = office;
    where.textContent = pair ? t("pair", { n: office.at + 1, of: office.sizes.of }) : t("done", office.sizes);
    asked.textContent = open ? pair.question : "";
    for (const { side, text, pick } of cards) {
      text.textContent = open ? pair[side].text : "…";
      enable(pick, open, on.focus());
    }
    enable(look, open && !office.lookedUp, open ? cards[0].pick : on.focus());
    enable(skip, open, on.focus());
    put(fact, factWords(t, office));
    said.textContent = [office.feedback, office.phase === "over" && office.left && t("over")].filter(Boolean).join(" ");
    const last = office.mine.at(-1);
    put(
      lastBox,
      last &&
        office.feedback &&
        el(
          "details",
          { class: "gb-data", open: lastBox.querySelector("details")?.open },
          el("summary", { "data-lm-suppress-shortcuts": "true" }, t("last")),
          compared(t, office.pairs[last.pair], last.pickedA),
        ),
    );
  }
  const card = (c) =>
    el(
      "div",
      { class: "card", role: "group", "aria-label": t(`reply_${c.side}`) },
      el("p", { class: "name", "aria-hidden": "true" }, t(`reply_${c.side}`)),
      c.text,
      c.pick,
    );
  return {
    nodes: [
      where,
      asked,
      el("div", { class: "pair" }, cards.map(card)),
      el("div", { class: "buttons" }, look, skip),
      fact,
      said,
      lastBox,
    ],
    draw,
  };
}

function factWords(t, { phase, open, lookedUp, pair }) {
  if (phase === "idle") return t("waiting");
  if (phase === "paused") return t("paused");
  if (!open) return "";
  if (!lookedUp) return t("register_hint");
  return el(
    "b",
    {},
    pair.truth === null ? t("register_none", { name: pair.resident }) : t("register", { truth: pair.truth }),
  );
}
