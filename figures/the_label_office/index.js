// A labeling shift: pairs of recorded replies to compare against a clock, a Bradley-Terry model of the reader's
// own choices, what reported pay comes to at the reader's pace, and the best of n replies under the fitted
// reward. The computing is in logic.js. Choices stay in this page; in a notebook they are its `labels`.
// State: { who: "you" | "careful" | "hurried" | "tavern", given: labels of a simulated labeler that count,
//          see: "register" | "page", n: replies searched, question: number of a question of the pool,
//          labels: [[number of the pair, 1 if its first reply was picked, else 0], ...], seconds: worked so far (notebooks) }
// The recording comes from glassbox/recordings/the_label_office_shift.py, by way of models/the_label_office.js.
import { button, dataTable, el, frame, loadFile, put, radios, select, slider, svg, whenNear } from "../core/index.js";
import {
  agreement,
  chance,
  clock,
  curve,
  doublings,
  earned,
  finding,
  fit,
  foretold,
  guessed,
  ladder,
  logPlace,
  marksSeen,
  money,
  pace,
  pieces,
  range,
  readReply,
  row,
  scored,
  ticks,
} from "./logic.js";
import pay from "./pay.json";
import strings from "./strings.json";
import css from "./style.css";

const WORKERS = ["you", "careful", "hurried", "tavern"];
const LIMITS = ["2", "4", "0"]; // minutes
const EDGE = 4; // log-odds at the ends of the weights' axis
const PAY_AXIS = [1, 250],
  PAY_TICKS = [1, 2, 5, 10, 20, 50, 100, 250];
const SIGNS = { right: "✓", wrong: "✗", invented: "✗", refused: "○", malformed: "–" };
const minus = (text) => text.replace("-", "−").replace(/^−(0(?:\.0+)?)$/, "$1");
const two = (x) => minus(x.toFixed(2));
const signed = (x) => (x > 0.005 ? "+" : "") + minus(x.toFixed(1));
const percent = (p) => (p > 0 && p < 0.005 ? "<1%" : p > 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);
const whole = (x) => Math.round(x).toLocaleString("en-US");
const left = (x) => `${(100 * x).toFixed(2)}%`;
const STATS = {
  own: two,
  gold: two,
  most: two,
  right: percent,
  invented: percent,
  courteous: percent,
  rude: percent,
  words: (x) => x.toFixed(1),
};

export default {
  render({ model, el: host }) {
    const fig = frame({
      model,
      host,
      name: "the_label_office",
      css,
      strings,
      permalink: ["who", "given", "see", "n", "question"],
    });
    const stops = [];
    let alive = true;
    put(fig.body, el("p", { class: "gb-muted" }, fig.t("loading")));
    whenNear(fig.root)
      .then(() => loadFile(model, "the_label_office"))
      .then((recording) => alive && office(model, fig, recording, stops))
      .catch((error) => alive && fig.fail(error));
    return () => {
      alive = false;
      stops.forEach((stop) => stop());
      fig.destroy();
    };
  },
};

function office(model, fig, recording, stops) {
  const { t } = fig;
  const pairs = recording.pairs.map((p) => ({ ...p, a: readReply(p.a), b: readReply(p.b) }));
  const pool = recording.pool.map((q) => ({ ...q, replies: q.replies.map(readReply) }));
  const sizes = { of: pairs.length, questions: pool.length, replies: pool[0].replies.length };
  const steps = doublings(sizes.replies);
  const among = (x, list, otherwise) => (list.includes(x) ? x : otherwise);
  const bounded = (x, low, high) =>
    Math.round(Math.min(high, Math.max(low, Number.isFinite(Number(x)) ? Number(x) : low)));

  let who = among(String(fig.get("who", "you")), WORKERS, "you");
  let given = bounded(fig.get("given", pairs.length), 0, pairs.length);
  let see = among(String(fig.get("see", "register")), ["register", "page"], "register");
  const wanted = Number(fig.get("n", 1)) || 1;
  let step = steps.reduce((best, n, i) => (Math.abs(n - wanted) < Math.abs(steps[best] - wanted) ? i : best), 0);
  let question = bounded(fig.get("question", 0), 0, pool.length - 1);

  // The reader's shift. phase: "idle" before it, "on", "paused", "over" (the time is up, the desk stays open)
  const mine = []; // { pair: number, pickedA, looked, timed }
  for (const [i, picked] of Array.isArray(model.get("labels")) ? model.get("labels") : [])
    if (pairs[i]) mine.push({ pair: i, pickedA: !!picked, looked: false, timed: false });
  let at = mine.length ? Math.max(...mine.map((l) => l.pair)) + 1 : 0; // the pair on the desk
  let phase = "idle",
    limit = 2,
    spent = 0,
    since = 0,
    lookedUp = false,
    feedback = "";
  const elapsed = () => spent + (phase === "on" ? performance.now() - since : 0);

  const theirs = (name) => recording.workers[name].slice(0, given).map((picked, i) => ({ pair: i, pickedA: !!picked }));
  const labels = () => (who === "you" ? mine : theirs(who)).map((l) => ({ ...l, number: l.pair, pair: pairs[l.pair] }));

  // ---------------------------------------------------------------- the desk

  const whoRadios = radios({
    legend: t("who"),
    value: who,
    options: WORKERS.map((w) => [w, t(`who_${w}`)]),
    inline: true,
    onchange: (w) => {
      who = w;
      fig.set("who", who);
      if (phase === "on") stand();
      drawDesk();
      drawModel();
    },
  });
  const limits = radios({
    legend: t("clock"),
    inline: true,
    value: "2",
    options: LIMITS.map((m) => [m, t(`clock_${m}`)]),
    onchange: (m) => {
      limit = Number(m);
      drawClock();
    },
  });
  const start = button(t("start"), () => toggle(), { class: "primary" });
  const undo = button(t("undo"), takeBack);
  const anew = button(t("again"), beginAnew);
  const look = button(t("look"), lookUp);
  const skip = button(t("skip"), () => next(t("skip")));
  const counters = el("dl", { class: "counters" });
  const fill = el("span");
  const bar = el("div", { class: "left", "aria-hidden": "true" }, fill);
  const where = el("p", { class: "gb-muted small" });
  const asked = el("p", { class: "asked" });
  const fact = el("p", { class: "fact" });
  const cards = ["a", "b"].map((side) => ({
    side,
    text: el("p", { class: "text" }),
    pick: button(t(`better_${side}`), () => choose(side === "a")),
  }));
  const said = el("p", { class: "feedback" });
  const lastBox = el("div");
  const shift = el(
    "div",
    { class: "shift" },
    limits.node,
    el("div", { class: "buttons" }, start, undo, anew),
    counters,
    bar,
    where,
    asked,
    el(
      "div",
      { class: "pair" },
      cards.map((c) =>
        el(
          "div",
          { class: "card", role: "group", "aria-label": t(`reply_${c.side}`) },
          el("p", { class: "name", "aria-hidden": "true" }, t(`reply_${c.side}`)),
          c.text,
          c.pick,
        ),
      ),
    ),
    el("div", { class: "buttons" }, look, skip),
    fact,
    said,
    lastBox,
  );
  const many = slider({
    label: t("given"),
    min: 0,
    max: pairs.length,
    step: 1,
    value: given,
    format: (n) => t("given_value", { n, of: pairs.length }),
    oninput: (n) => {
      given = n;
      fig.set("given", n);
      drawModel();
      fig.saySoon(modelWords);
    },
  });
  const about = el("p", { class: "gb-muted" });
  const theirLast = el("div", { class: "last" });
  const other = el("div", {}, about, many.node, theirLast);
  const desk = el("div", { class: "desk" }, shift, other);

  desk.addEventListener("keydown", (event) => {
    if (
      !["ArrowLeft", "ArrowRight"].includes(event.key) ||
      event.target.tagName === "INPUT" ||
      !open() ||
      event.altKey ||
      event.ctrlKey ||
      event.metaKey
    )
      return;
    event.preventDefault();
    choose(event.key === "ArrowLeft");
  });

  // ---------------------------------------------------------------- the model, the meter, the search: their places

  const modelHead = el("p", { class: "head" });
  const sees = radios({
    legend: t("see"),
    value: see,
    options: ["register", "page"].map((s) => [s, t(`see_${s}`)]),
    onchange: (s) => {
      see = s;
      fig.set("see", see);
      drawModel();
      fig.saySoon(modelWords);
    },
  });
  const weightRows = el("div", { class: "weights" });
  const guesses = el("p");
  const weightTable = el("div");
  const meterLead = el("p");
  const meterRows = el("div", { class: "meter" });
  const meterTable = el("div");
  const hackHead = el("p", { class: "head" });
  const hackBody = el("div");
  const hackNone = el("p", { class: "gb-muted" }, t("hack_none"));
  const nSlider = slider({
    label: t("n"),
    min: 0,
    max: steps.length - 1,
    step: 1,
    value: step,
    format: (i) => String(steps[i]),
    oninput: (i) => moveTo(i),
  });
  const stats = el("dl", { class: "stats" });
  const panels = ["own", "gold"].map((key) => panel(key));
  const xs = el(
    "div",
    { class: "x", "aria-hidden": "true" },
    steps.map((n, i) => el("span", { style: { "inset-inline-start": left(i / (steps.length - 1)) } }, String(n))),
  );
  const menu = select({
    label: t("question"),
    value: String(question),
    onchange: (v) => {
      question = Number(v);
      fig.set("question", question);
      drawLadder();
    },
    options: pool.map((q, i) => [
      i,
      `${q.question} (${q.truth === null ? t("stranger") : t("true", { truth: q.truth })})`,
    ]),
  });
  const rungs = el("div", { class: "rungs" });
  const searchTable = el("div");
  put(
    hackBody,
    el("p", {}, t("hack_lead", sizes)),
    el("div", { class: "gb-controls" }, nSlider.node),
    stats,
    el(
      "div",
      { class: "two" },
      el(
        "div",
        { class: "charts" },
        panels.map((p) => p.node),
        xs,
        el("p", { class: "x-name" }, t("x_n")),
        el("p", { class: "gb-muted small" }, t("hack_key")),
      ),
      el("div", {}, menu.node, el("p", { class: "sub" }, t("winners")), rungs),
    ),
    searchTable,
  );
  const passages = (of) => ({
    n: of.low === of.high ? String(of.low) : `${of.low} to ${of.high}`,
    each: range(
      pieces(
        of,
        pay.rows.find((r) => r.id === of.pay),
        pay.shift.hours,
      ).each,
    ),
  });
  const [byWorkers, bySama] = [passages(pay.shift.workers), passages(pay.shift.company)];
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead")),
    whoRadios.node,
    fig.status,
    el(
      "div",
      { class: "two" },
      desk,
      el(
        "div",
        {},
        modelHead,
        el("p", { class: "gb-muted small" }, t("model_lead")),
        weightRows,
        el("p", { class: "gb-muted small" }, t("model_key")),
        sees.node,
        guesses,
        weightTable,
      ),
    ),
    el("p", { class: "head" }, t("meter")),
    meterLead,
    meterRows,
    el("p", { class: "gb-muted small" }, t("meter_key")),
    el(
      "p",
      { class: "small" },
      t("meter_passages", {
        workers: byWorkers.n,
        company: bySama.n,
        hours: pay.shift.hours,
        workers_each: byWorkers.each,
        company_each: bySama.each,
      }),
    ),
    el(
      "p",
      { class: "gb-muted small" },
      t("meter_notes", {
        checked: new Date(`${pay.checked}T12:00:00Z`).toLocaleDateString("en-US", {
          year: "numeric",
          month: "long",
          day: "numeric",
          timeZone: "UTC",
        }),
      }),
    ),
    meterTable,
    hackHead,
    hackNone,
    hackBody,
  );

  // ---------------------------------------------------------------- the shift

  const open = () => who === "you" && (phase === "on" || phase === "over") && at < pairs.length;
  const pairWords = () =>
    at < pairs.length
      ? t("say_pair", { n: at + 1, question: pairs[at].question, a: pairs[at].a.text, b: pairs[at].b.text })
      : t("done", sizes);

  function toggle() {
    if (phase === "on") stand();
    else {
      if (phase === "idle" && !mine.length) fig.say(t("say_start", { pair: pairWords() }), { shown: false });
      phase = "on";
      since = performance.now();
    }
    drawDesk();
  }

  /** Stop the clock, and let it be started again. */
  function stand() {
    spent = elapsed();
    phase = "paused";
  }

  function choose(pickedA) {
    if (!open()) return;
    const { rows, names, weights } = fitted();
    const forA = chance(weights, row(pairs[at], true, names).x);
    const side = t(pickedA ? "reply_a" : "reply_b");
    feedback = rows.length ? t("before_choice", { side, p: percent(pickedA ? forA : 1 - forA) }) : t("before_first");
    mine.push({ pair: at, pickedA, looked: lookedUp, timed: phase === "on" });
    report();
    next(t("say_choice", { side, before: feedback }));
  }

  function next(words) {
    if (!open()) return;
    at += 1;
    lookedUp = false;
    if (at >= pairs.length && phase === "on") {
      stand();
      phase = "over";
    }
    drawDesk();
    drawModel();
    fig.say(`${words} ${pairWords()}`, { shown: false });
  }

  function takeBack() {
    const last = mine.pop();
    if (!last) return;
    at = last.pair;
    lookedUp = last.looked;
    feedback = "";
    if (phase === "over" && !timeIsUp()) phase = "paused";
    report();
    drawDesk();
    drawModel();
    fig.say(t("say_undo", { next: pairWords() }), { shown: false });
  }

  function beginAnew() {
    mine.length = 0;
    at = 0;
    phase = "idle";
    spent = 0;
    lookedUp = false;
    feedback = "";
    report();
    drawDesk();
    drawModel();
  }

  function lookUp() {
    if (!open() || lookedUp) return;
    lookedUp = true;
    drawPair();
    fig.say(fact.textContent, { shown: false });
  }

  /** In a notebook the reader's choices are the widget's `labels` and `seconds`; a page keeps them to itself. */
  function report() {
    fig.set(
      "labels",
      mine.map((l) => [l.pair, l.pickedA ? 1 : 0]),
    );
    fig.set("seconds", Math.round(elapsed() / 100) / 10);
  }

  const timeIsUp = () => limit > 0 && elapsed() >= limit * 60_000;
  const beat = setInterval(() => {
    if (phase !== "on") return;
    if (timeIsUp()) {
      spent = limit * 60_000;
      phase = "over";
      drawDesk();
      drawMeter();
      fig.say(t("say_over"), { shown: false });
    } else drawClock();
  }, 250);
  const away = () => {
    if (document.hidden && phase === "on") {
      stand();
      drawDesk();
    }
  };
  document.addEventListener("visibilitychange", away);
  stops.push(() => {
    clearInterval(beat);
    document.removeEventListener("visibilitychange", away);
  });

  function drawClock() {
    const timed = mine.filter((l) => l.timed).length;
    const rate = pace(timed, elapsed());
    const entries = {
      time: [clock(elapsed()), limit ? t("time_of", { limit: `${limit}:00` }) : ""],
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
    fill.style.inlineSize = left(limit ? Math.max(0, 1 - elapsed() / (limit * 60_000)) : 1);
  }

  function drawDesk() {
    shift.hidden = who !== "you";
    other.hidden = who === "you";
    if (who !== "you") about.textContent = t(`about_${who}`);
    start.textContent = t({ idle: "start", on: "pause", paused: "resume", over: "start" }[phase]);
    enable(anew, phase !== "idle" || mine.length > 0, start);
    enable(start, phase !== "over" && at < pairs.length, anew);
    enable(undo, mine.length > 0, start.disabled ? anew : start);
    limits.inputs.forEach((input) => {
      input.disabled = phase !== "idle";
    });
    drawClock();
    drawPair();
  }

  /** Switch a button on or off; where the keyboard stood on it, it goes on from `instead`. */
  function enable(control, yes, instead) {
    const stood = !yes && control.getRootNode().activeElement === control;
    control.disabled = !yes;
    if (stood) instead.focus();
  }

  function drawPair() {
    const ready = open();
    const pair = pairs[at];
    where.textContent = pair ? t("pair", { n: at + 1, of: pairs.length }) : t("done", sizes);
    asked.textContent = ready ? pair.question : "";
    for (const { side, text, pick } of cards) {
      text.textContent = ready ? pair[side].text : "…";
      enable(pick, ready, start.disabled ? anew : start);
    }
    enable(look, ready && !lookedUp, ready ? cards[0].pick : anew);
    enable(skip, ready, start.disabled ? anew : start);
    if (phase === "idle") fact.textContent = t("waiting");
    else if (phase === "paused") fact.textContent = t("paused");
    else if (ready && lookedUp)
      put(
        fact,
        el(
          "b",
          {},
          pair.truth === null ? t("register_none", { name: pair.resident }) : t("register", { truth: pair.truth }),
        ),
      );
    else fact.textContent = ready ? t("register_hint") : "";
    said.textContent = [feedback, phase === "over" && at < pairs.length && t("over")].filter(Boolean).join(" ");
    const last = mine.at(-1);
    put(
      lastBox,
      last &&
        feedback &&
        el(
          "details",
          { class: "gb-data", open: lastBox.querySelector("details")?.open },
          el("summary", { "data-lm-suppress-shortcuts": "true" }, t("last")),
          compared(pairs[last.pair], last.pickedA),
        ),
    );
  }

  /** Both replies of a pair with their marks, and which one was taken. */
  const compared = (pair, pickedA) =>
    ["a", "b"].map((side) =>
      el(
        "div",
        { class: "seen" },
        el(
          "p",
          {},
          el("q", {}, pair[side].text.trim()),
          (side === "a") === pickedA && el("span", { class: "taken" }, ` ← ${t("chosen")}`),
        ),
        marks(pair[side]),
      ),
    );
  const marks = (r) =>
    el(
      "ul",
      { class: "marks" },
      el("li", { class: r.verdict }, `${SIGNS[r.verdict]} ${t(`verdict_${r.verdict}`)}`),
      el("li", {}, t(`manner_${r.manner}`)),
      el("li", {}, t("word_count", { n: r.words })),
    );

  // ---------------------------------------------------------------- the model

  function fitted(upTo) {
    const names = marksSeen(see);
    const rows = labels()
      .slice(0, upTo)
      .map((l) => row(l.pair, l.pickedA, names));
    return { names, rows, ...fit(rows, names.length) };
  }

  function modelWords() {
    const { names, rows, weights } = fitted();
    return `${t("given_value", { n: rows.length, of: pairs.length })}. ${names.map((name, i) => `${t(`mark_${name}`)} ${signed(weights[i])}`).join(", ")}.`;
  }

  function drawModel() {
    const you = who === "you";
    const now = fitted();
    const { names, rows, weights, sd } = now;
    const place = (w) => Math.min(1, Math.max(0, (w + EDGE) / (2 * EDGE)));
    const ends = weights.map((w, i) => [w - 1.96 * sd[i], w + 1.96 * sd[i]]);
    modelHead.textContent = t(you ? "model" : "model_other");
    const last = you ? null : labels().at(-1);
    put(
      theirLast,
      last && [
        el("p", { class: "gb-muted small" }, t("pair", { n: last.number + 1, of: pairs.length })),
        el(
          "p",
          { class: "asked" },
          last.pair.question,
          " ",
          el(
            "span",
            { class: "gb-muted" },
            last.pair.truth === null ? `(${t("stranger")})` : `(${t("true", { truth: last.pair.truth })})`,
          ),
        ),
        compared(last.pair, last.pickedA),
      ],
    );
    put(
      weightRows,
      names.map((name, i) => {
        const sure = ends[i][0] > 0 || ends[i][1] < 0;
        return el(
          "div",
          { class: "weight" },
          el("span", {}, t(`mark_${name}`)),
          el(
            "div",
            {
              class: "track",
              role: "img",
              "aria-label": t("weight_alt", {
                mark: t(`mark_${name}`),
                w: signed(weights[i]),
                low: signed(ends[i][0]),
                high: signed(ends[i][1]),
              }),
            },
            el("span", {
              class: "bar",
              style: { "inset-inline-start": left(place(ends[i][0])), "inset-inline-end": left(1 - place(ends[i][1])) },
            }),
            el("span", { class: sure ? "dot sure" : "dot", style: { "inset-inline-start": left(place(weights[i])) } }),
          ),
          el("span", { class: "w", "aria-hidden": "true" }, signed(weights[i])),
        );
      }),
      el(
        "div",
        { class: "weight-axis", "aria-hidden": "true" },
        el("span", {}, el("span", {}, t("axis_less")), el("span", {}, t("axis_more"))),
      ),
    );
    const told = guessed(foretold(rows, names.length));
    const share = agreement(labels());
    guesses.textContent = told.of
      ? t(you ? "guessed_you" : "guessed_other", { ...told, share: percent(share) })
      : t("guessed_none");
    refold(
      weightTable,
      dataTable({
        summary: t("weights_table"),
        caption: t("weights_caption", { n: rows.length }),
        columns: ["mark", "weight", "interval", "odds"].map((c) => t(`col_${c}`)),
        rows: names.map((name, i) => [
          t(`mark_${name}`),
          signed(weights[i]),
          `${signed(ends[i][0])} … ${signed(ends[i][1])}`,
          percent(1 / (1 + Math.exp(-weights[i]))),
        ]),
      }),
    );
    drawMeter();
    drawSearch(now);
  }

  /** A new table in the place of an old one, as open as that was. */
  function refold(box, { node }) {
    node.open = box.querySelector("details")?.open ?? false;
    put(box, node);
  }

  // ---------------------------------------------------------------- the meter

  function drawMeter() {
    const timed = mine.filter((l) => l.timed).length;
    const ms = elapsed();
    const rate = pace(timed, ms);
    const time = clock(ms);
    meterLead.textContent =
      rate === null
        ? t("meter_none")
        : t("meter_lead", { n: timed === 1 ? "1 label" : `${timed} labels`, time, pace: whole(rate) });
    const at_ = (x) => left(logPlace(x, ...PAY_AXIS));
    const numbers = (r) => {
      const come = rate === null ? null : earned(r, ms, rate);
      return {
        hour: r.kind === "unpaid" ? t("unpaid") : range(r),
        shift: come && (r.kind === "unpaid" ? money(0) : range(come.shift)),
        thousand: come && (r.kind === "unpaid" ? money(0) : range(come.labels)),
      };
    };
    put(
      meterRows,
      pay.rows.map((r) => {
        const n = numbers(r);
        return el(
          "div",
          { class: "pay" },
          el("span", {}, t(`pay_${r.id}`), el("span", { class: "gb-muted" }, t(`source_${r.id}`))),
          el(
            "div",
            { class: "track", "aria-hidden": "true" },
            el("span", { class: "line", style: { "inset-inline-start": at_(pay.minimum) } }),
            r.kind === "contract"
              ? el("span", { class: "diamond", style: { "inset-inline-start": at_(r.low) } })
              : r.kind !== "unpaid" &&
                  el("span", {
                    class: `bar ${r.kind}`,
                    style: {
                      "inset-inline-start": r.low === r.high ? `calc(${at_(r.low)} - 4px)` : at_(r.low),
                      "inline-size": left(logPlace(r.high, ...PAY_AXIS) - logPlace(r.low, ...PAY_AXIS)),
                    },
                  }),
          ),
          el("span", { class: "num hour" }, r.kind === "unpaid" ? n.hour : t("per_hour", { pay: n.hour })),
          el(
            "span",
            { class: "num" },
            n.shift &&
              `${t(r.kind === "contract" ? "billed_shift" : "this_shift", { time, pay: n.shift })} · ${t("per_thousand", { pay: n.thousand })}`,
          ),
        );
      }),
      el(
        "div",
        { class: "pay pay-axis", "aria-hidden": "true" },
        el("span", {}, `${t("meter_axis")}; ┆ ${t("minimum", { pay: money(pay.minimum) })}`),
        el(
          "div",
          { class: "track" },
          PAY_TICKS.map((x) => el("span", { style: { "inset-inline-start": at_(x) } }, String(x))),
        ),
      ),
    );
    refold(
      meterTable,
      dataTable({
        summary: t("meter_table"),
        caption: t("meter_caption"),
        columns: ["work", "source", "hour", "shift", "thousand"].map((c) => t(`col_${c}`)),
        rows: pay.rows.map((r) => {
          const n = numbers(r);
          return [t(`pay_${r.id}`), t(`source_${r.id}`), n.hour, n.shift ?? "–", n.thousand ?? "–"];
        }),
      }),
    );
  }

  // ---------------------------------------------------------------- the search

  let scores = null,
    points = null;

  function drawSearch({ names, rows, weights }) {
    const you = who === "you";
    hackHead.textContent = t(you ? "hack" : "hack_other");
    hackNone.hidden = rows.length > 0;
    hackBody.hidden = rows.length === 0;
    if (!rows.length) {
      fig.aha("");
      simplified.hidden = true;
      return;
    }
    scores = scored(pool, weights, names);
    points = curve(pool, scores);
    drawPoints();
    refold(
      searchTable,
      dataTable({
        summary: t("hack_table"),
        caption: t("hack_caption", sizes),
        columns: [t("n"), ...Object.keys(STATS).map((key) => t(`stat_${key}`))],
        rows: points.map((p) => [String(p.n), ...Object.entries(STATS).map(([key, write]) => write(p[key]))]),
      }),
    );
    const found = finding(points);
    const values = {
      N: sizes.replies,
      whose: t(you ? "whose_you" : "whose_other"),
      n_peak: found.peak.n,
      gold_peak: two(found.peak.gold),
    };
    for (const stop of ["first", "last"])
      for (const [key, write] of Object.entries(STATS)) values[`${key}_${stop}`] = write(found[stop][key]);
    fig.aha(t(`aha_${found.key}`, values) + (found.key === "none" ? "" : t("aha_right", values)));
    simplified.hidden = false;
  }

  function moveTo(i) {
    step = Math.min(steps.length - 1, Math.max(0, i));
    nSlider.value = step;
    fig.set("n", steps[step]);
    drawPoints();
    fig.saySoon(() => t("say_n", { n: steps[step], own: two(points[step].own), gold: two(points[step].gold) }));
  }

  function drawPoints() {
    put(
      stats,
      Object.entries(STATS).map(([key, write]) =>
        el(
          "div",
          {},
          el("dd", {}, write(points[step][key])),
          el("dt", {}, t(`stat_${key}`), el("span", { class: "blind" }, t("blind", { v: write(points[0][key]) }))),
        ),
      ),
    );
    panels.forEach((p) => p.draw());
    drawLadder();
  }

  function drawLadder() {
    const n = steps[step];
    put(
      rungs,
      ladder(pool[question], scores[question]).map(({ from, to, reply, score }) =>
        el(
          "div",
          { class: n >= from && n <= to ? "rung now" : "rung" },
          el(
            "p",
            { class: "when" },
            from === to ? t("n_from", { from }) : t("n_from_to", { from, to }),
            " · ",
            t("scores", { own: two(score), gold: two(reply.gold) }),
          ),
          el("p", {}, el("q", {}, reply.text.trim())),
          marks(reply),
        ),
      ),
    );
  }

  function panel(key) {
    const picture = svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" });
    const over = el("div", { class: "over", "aria-hidden": "true" });
    const marksY = el("div", { "aria-hidden": "true" });
    const area = el("div", { class: "area" }, picture, over, marksY);
    const x = (i) => i / (steps.length - 1);
    const point = (event) => {
      const box = area.getBoundingClientRect();
      moveTo(Math.round(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * (steps.length - 1)));
    };
    area.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      area.setPointerCapture(event.pointerId);
      point(event);
      nSlider.input.focus({ preventScroll: true }); // keys go on from here
    });
    area.addEventListener("mousedown", (event) => event.preventDefault());
    area.addEventListener("pointermove", (event) => {
      if (area.hasPointerCapture(event.pointerId)) point(event);
    });
    return {
      node: el(
        "div",
        { class: `panel ${key}` },
        el("p", { class: "sub" }, t(`panel_${key}`)),
        el("div", { class: "plot" }, area),
      ),
      draw() {
        const lines = key === "gold" ? ["gold", "most"] : ["own"];
        const values = points.flatMap((p) => lines.map((k) => p[k]));
        let [low, high] = [Math.min(0, ...values), Math.max(0.5, ...values)];
        const room = 0.06 * (high - low);
        [low, high] = [low < 0 ? low - room : low, high + room];
        const y = (v) => (high - v) / (high - low);
        const at_ = ticks(low, high);
        put(
          picture,
          at_.map((v) =>
            svg("line", {
              class: v === 0 ? "grid zero" : "grid",
              x1: 0,
              x2: 100,
              y1: 100 * y(v),
              y2: 100 * y(v),
              "vector-effect": "non-scaling-stroke",
            }),
          ),
          lines.map((k) =>
            svg("polyline", {
              class: k === "most" ? "most" : "curve",
              "vector-effect": "non-scaling-stroke",
              points: points.map((p, i) => `${(100 * x(i)).toFixed(2)},${(100 * y(p[k])).toFixed(2)}`).join(" "),
            }),
          ),
        );
        put(
          marksY,
          at_.map((v) => el("span", { class: "y", style: { "inset-block-start": left(y(v)) } }, minus(String(v)))),
        );
        put(
          over,
          points.map((p, i) =>
            el("span", {
              class: i === step ? "dot now" : "dot",
              style: { "inset-inline-start": left(x(i)), "inset-block-start": left(y(p[key])) },
            }),
          ),
        );
        picture.setAttribute(
          "aria-label",
          t("panel_alt", {
            title: t(`panel_${key}`),
            N: sizes.replies,
            values: points.map((p) => two(p[key])).join(", "),
          }),
        );
      },
    };
  }

  // ---------------------------------------------------------------- begin

  const simplified = el("p", { class: "gb-muted small" }, t("simplified"));
  fig.root.querySelector(".gb-aha").after(simplified);
  fig.say("", { shown: false });
  drawDesk();
  drawModel();
}
