// The reader's shift: a clock, two replies to choose between, and the model's guess before each choice.
import { button, el, put, radios } from "../core/index.js";
import { chance, clock, earned, range, row } from "./logic.js";
import { NAIROBI } from "./pay.js";
import { compared } from "./replies.js";
import { left, percent, whole } from "./words.js";

const LIMITS = ["2", "4", "0"]; // minutes
const QUIET = { shown: false };

/** `onlabel()` hears that other labels count; `ontime()` that the time is up. */
export function shiftPanel(fig, office, onlabel, ontime, stops) {
  const { t } = fig;
  const start = button("", toggle, { class: "primary large" });
  const pause = button(t("pause"), toggle);
  const undo = button(t("undo"), takeBack);
  const anews = [0, 1].map(() => button(t("again"), beginAnew)); // at the desk when the shift is over, and among the rest
  const meter = clockPanel(t, office);
  const rest = restPanel(t, office, () => {
    meter.draw();
    desk.draw();
  });
  const desk = pairPanel(fig, office, { choose, next, start, row: [undo, pause, anews[0]] });

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
    if (office.phase === "on") desk.focus();
    onlabel();
  }
  function beginAnew() {
    office.beginAnew();
    draw();
    start.focus();
    onlabel();
    fig.say(t("say_anew"), QUIET);
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
    const open = phase === "on" || (phase === "over" && office.left);
    desk.draw();
    enable(pause, phase === "on", start);
    pause.hidden = phase === "over";
    anews[0].hidden = phase !== "over";
    enable(anews[1], phase !== "idle" || office.mine.length > 0, start);
    enable(undo, office.mine.length > 0, open ? pause : start);
    meter.draw();
    rest.draw();
  }
  return {
    node: el("div", { class: "shift" }, meter.nodes, desk.nodes),
    rest: [rest.limits, el("div", { class: "buttons" }, anews[1]), rest.looked, rest.last],
    draw,
    choose,
  };
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

/** Time, labels, labels an hour, what that time was worth in Nairobi, and what is left of the shift as a bar. */
function clockPanel(t, office) {
  const fields = Object.fromEntries(["time", "labels", "hourly", "worth"].map((key) => [key, el("dd")]));
  const counters = el(
    "dl",
    { class: "counters" },
    Object.entries(fields).map(([key, dd]) => el("div", {}, dd, el("dt", {}, t(key)))),
  );
  const fill = el("span");
  function draw() {
    const { elapsed, limit, mine, rate } = office;
    put(fields.time, clock(elapsed), limit > 0 && el("small", {}, ` ${t("time_of", { limit: `${limit}:00` })}`));
    fields.labels.textContent = mine.length;
    fields.hourly.textContent = rate === null ? "–" : whole(rate);
    fields.worth.textContent = range(earned(NAIROBI, elapsed, null).shift);
    fill.style.inlineSize = left(limit ? Math.max(0, 1 - elapsed / (limit * 60_000)) : 1);
  }
  return { nodes: [counters, el("div", { class: "left", "aria-hidden": "true" }, fill)], draw };
}

/** The question with its two replies and the register to look it up in; before the shift, the button that starts it. */
function pairPanel(fig, office, on) {
  const { t } = fig;
  const where = el("span", { class: "gb-muted" });
  const asked = el("span");
  const fact = el("p", { class: "fact" });
  const gateWords = el("p");
  const gate = el("div", { class: "gate" }, on.start, gateWords);
  const cards = ["a", "b"].map((side) => ({
    side,
    text: el("p", { class: "text" }),
    pick: button(t(`better_${side}`), () => on.choose(side === "a"), { class: "pick" }),
  }));
  const look = button(t("look"), () => {
    if (!office.open || office.lookedUp) return;
    office.lookedUp = true;
    draw();
    fig.say(fact.textContent, QUIET);
  });
  const skip = button(t("skip"), () => on.next(t("skip")));
  const pair = el(
    "div",
    { class: "pair", role: "group", tabindex: "-1", "aria-label": t("two_replies") },
    cards.map((c) =>
      el(
        "div",
        { class: "card", role: "group", "aria-label": t(`reply_${c.side}`) },
        el("p", { class: "name", "aria-hidden": "true" }, t(`reply_${c.side}`)),
        c.text,
        c.pick,
      ),
    ),
  );

  function draw() {
    const { open, phase, left: more } = office;
    where.textContent = more ? ` ${t("pair", { n: office.at + 1, of: office.sizes.of })}` : "";
    asked.textContent = open ? office.pair.question : "";
    gate.hidden = office.open;
    on.start.hidden = !more;
    on.start.textContent = t(phase === "paused" ? "resume" : "start");
    gateWords.textContent = gateSentence(t, office);
    for (const { side, text, pick } of cards) {
      text.textContent = open ? office.pair[side].text : "…";
      enable(pick, open, on.start);
    }
    enable(look, open && !office.lookedUp, open ? cards[0].pick : on.start);
    enable(skip, open, on.start);
    put(fact, factWords(t, office));
  }
  return {
    nodes: [
      el("p", { class: "asked" }, asked, where),
      el("div", { class: "seat" }, pair, gate),
      el("div", { class: "buttons" }, look, skip, on.row),
      fact,
    ],
    draw,
    focus: () => pair.focus({ preventScroll: true }),
  };
}

function gateSentence(t, { phase, left: more, limit, sizes }) {
  if (!more) return t("done", sizes);
  if (phase === "paused") return t("paused");
  return `${limit ? t("waiting_clock", { n: limit }) : t("waiting_free")} ${t("waiting")}`;
}

function factWords(t, { open, lookedUp, pair }) {
  if (!open || !lookedUp) return t("register_hint");
  return el(
    "b",
    {},
    pair.truth === null ? t("register_none", { name: pair.resident }) : t("register", { truth: pair.truth }),
  );
}

/** What may wait: the length of the shift, how much was looked up, the last choice as a careful reader sees it. */
function restPanel(t, office, onlimit) {
  const limits = radios({
    legend: t("clock"),
    inline: true,
    value: "2",
    options: LIMITS.map((m) => [m, t(`clock_${m}`)]),
    onchange: (m) => {
      office.limit = Number(m);
      onlimit();
    },
  });
  const looked = el("p", { class: "looked" });
  const last = el("div");
  function draw() {
    const { mine, phase } = office;
    limits.inputs.forEach((input) => {
      input.disabled = phase !== "idle";
    });
    looked.textContent = t("looked", { n: office.looked, of: mine.length });
    const label = mine.at(-1);
    put(
      last,
      label &&
        office.feedback && [el("p", { class: "sub" }, t("last")), compared(t, office.pairs[label.pair], label.pickedA)],
    );
  }
  return { limits: limits.node, looked, last, draw };
}
