// The training scrubber: a reader guesses when the facts come, then moves through a recorded run.
// State: { step: training step, axis: "log" | "linear", guess: "5-30-80", or "none" to look without one }
// The recording comes from glassbox/recordings/pretraining.py, by way of models/pretraining.js.
import { button, dataTable, el, frame, loadFile, put, radios, reducedMotion, slider, store, svg, visible, whenNear } from "../core/index.js";
import {
  REAL, asked, axis, covered, finding, guessLine, judge, looks, nearest, nearestPlace, noise, pages, parseGuess, tally, ticks, verdict,
} from "./logic.js";
import css from "./style.css";
import strings from "./strings.json";

const QUIET = { shown: false }; // what is announced is in view already
const PAUSE = 700; // milliseconds a checkpoint while playing
const START = [50, 50, 50]; // where the handles of the guess lie before anybody moved them

const number = (n) => n.toLocaleString("en-US", { maximumFractionDigits: 0 });
const percent = (p) => (p > 0.995 && p < 1 ? ">99%" : p > 0 && p < 0.005 ? "<1%" : `${Math.round(100 * p)}%`);
const bits = (x) => x.toFixed(x < 1 ? 3 : 2);
const short = (n) => (n < 1e4 ? number(n) : n < 1e6 ? `${number(Math.round(n / 1e3))} thousand` : `${(n / 1e6).toFixed(1)} million`);
const shownText = (text) => text.split("\n").map((line) => visible(line, { spaces: "none" })).join("\n");
const at = (place) => ({ "inset-inline-start": `${(100 * place).toFixed(2)}%` });

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "pretraining", css, strings, permalink: ["step", "axis", "guess"] });
    const stops = [];
    let alive = true;
    put(fig.body, el("p", { class: "gb-muted" }, fig.t("loading")));
    whenNear(fig.root)
      .then(() => loadFile(model, "pretraining"))
      .then((recording) => alive && scrubber(model, fig, recording, stops))
      .catch((error) => alive && fig.fail(error));
    return () => {
      alive = false;
      stops.forEach((stop) => stop());
      fig.destroy();
    };
  },
};

function scrubber(model, fig, recording, stops) {
  const { t } = fig;
  const { frames, groups, floor } = recording;
  const steps = frames.at(-1).step;
  const vocabulary = new Set(recording.words);
  const questions = asked(frames);
  const kept = store("pretraining", "guess");
  let kind = fig.get("axis", "log") === "linear" ? "linear" : "log";
  let i = nearest(frames, fig.get("step", 0));
  const given = fig.get("guess", "");
  let guess = parseGuess(given, questions.length) ?? parseGuess(kept.load(""), questions.length);
  let open = guess !== null || given === "none";
  let draft = guess ?? START;
  let where = axis(steps, kind);

  // ---------------------------------------------------------------- charts: two panels over one axis

  const top = Math.ceil(frames[0].held_out * 2) / 2;
  const loss = panel({ title: t("loss_title"), max: top, marks: [0, 1, 2, 3].filter((y) => y <= top), write: String });
  const facts = panel({ title: t("facts_title"), max: 1, marks: [0, 0.5, 1], write: percent });
  const under = el("div", { class: "x", "aria-hidden": "true" });
  const chart = el("div", { class: "charts" }, loss.node, facts.node, under, el("p", { class: "x-name", "aria-hidden": "true" }, t("x_axis")));
  const line = (of) => frames.map((f) => [f.step, of(f)]);

  function drawCharts() {
    put(under, ticks(steps, kind).map((s) => el("span", { style: at(where(s)) }, number(s))));
    const place = (points) => points.map(([s, y]) => [where(s), y]);
    const now = frames[i];
    const lossLines = [{ is: "floor", points: [[0, floor], [1, floor]] },
      open && { is: "train", points: place(line((f) => f.train)) }, { is: "held", points: place(line((f) => f.held_out)) }];
    loss.draw(lossLines.filter(Boolean), open ? where(now.step) : null, open ? [["held", now.held_out]] : []);
    const guessed = place(guessLine(frames, questions, open ? guess ?? [] : draft).map(([s, p]) => [s, p / 100]));
    const factLines = [(!open || guess) && { is: "guess", points: guessed },
      ...(open ? groups.map((_, g) => ({ is: `g${g}`, points: place(line((f) => f.right_by_group[g])) })) : []),
      open && { is: "right", points: place(line((f) => f.right)) }];
    facts.draw(factLines.filter(Boolean), open ? where(now.step) : null, open ? [["right", now.right]] : []);
    const ends = { first: bits(frames[0].held_out), last: bits(frames.at(-1).held_out), floor: bits(floor), steps: number(steps) };
    const half = frames.find((_, k) => covered(recording, k) >= 0.5);
    loss.say(open ? t("loss_alt", { ...ends, step: number(now.step), now: bits(now.held_out) }) : t("loss_alt_whole", { ...ends, half: number(half.step) }));
    facts.say(open
      ? t("facts_alt", { first: percent(frames[0].right), last: percent(frames.at(-1).right), steps: number(steps), now: percent(now.right), step: number(now.step) })
      : t("facts_alt_guess", { guess: questions.map((q, k) => `${draft[k]}% ${t("guess_names", { step: number(frames[q].step) })}`).join(", ") }));
    handles.forEach((h, k) => put(h, `${draft[k]}%`) && Object.entries({ ...at(where(frames[questions[k]].step)), "inset-block-start": `${100 - draft[k]}%` })
      .forEach(([key, value]) => h.style.setProperty(key, value)));
    handles.forEach((h) => { h.hidden = open; });
    put(loss.key, keys([["held", t("held_out"), bits(now.held_out)], open && ["train", t("train"), bits(now.train)], ["floor", t("floor"), bits(floor)]]));
    put(facts.key, open ? keys([["right", t("all", { n: number(recording.n_questions) }), percent(now.right)],
      ...groups.map((g, k) => [`g${k}`, t("group", { from: number(g.from), to: number(g.to) }), percent(now.right_by_group[k])]).reverse(),
      guess && ["guess", t("your_guess"), ""]]) : keys([["guess", t("your_guess"), ""]]));
  }

  const keys = (rows) => rows.filter(Boolean).map(([is, name, value]) =>
    el("li", {}, el("span", { class: `sign ${is}`, "aria-hidden": "true" }), el("span", {}, name), (open || is !== "held") && value && el("b", {}, value)));

  // A finger on the charts moves the step, and before that the nearest point of the guess.
  const handles = questions.map(() => el("span", { class: "handle", "aria-hidden": "true" }));
  facts.area.append(...handles);
  let dragged = null;
  function point(event) {
    const box = facts.area.getBoundingClientRect();
    const x = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    if (open) { go(nearestPlace(frames, x, where)); return; }
    const mine = questions.map((q) => frames[q]);
    dragged ??= nearestPlace(mine, x, where);
    const y = Math.round(100 * (1 - (event.clientY - box.top) / box.height));
    setDraft(dragged, Math.min(100, Math.max(0, y)));
  }
  for (const area of [loss.area, facts.area]) {
    area.addEventListener("pointerdown", (event) => {
      if (event.button || (!open && area === loss.area)) return;
      area.setPointerCapture(event.pointerId);
      halt();
      point(event);
      (open ? stepSlider : guessSliders[dragged]).input.focus({ preventScroll: true }); // keys go on from here
    });
    area.addEventListener("mousedown", (event) => event.preventDefault()); // or the page would take the focus
    area.addEventListener("pointermove", (event) => { if (area.hasPointerCapture(event.pointerId)) point(event); });
    area.addEventListener("lostpointercapture", () => { dragged = null; });
  }

  // ---------------------------------------------------------------- the guess

  const guessSliders = questions.map((q, k) => slider({
    label: t(q === frames.length - 1 ? "guess_end" : "guess_at", { step: number(frames[q].step) }), min: 0, max: 100, step: 1, value: draft[k],
    format: (x) => `${x}%`, oninput: (x) => setDraft(k, x) }));

  function setDraft(k, value) {
    draft = draft.map((x, n) => (n === k ? value : x));
    if (guessSliders[k].value !== value) guessSliders[k].value = value;
    drawCharts();
  }

  function commit(with_) {
    guess = with_ ? draft : null;
    if (guess) kept.save(guess.join("-"));
    fig.set("guess", guess ? guess.join("-") : "none");
    open = true;
    layout();
    stepSlider.input.focus({ preventScroll: true });
    if (guess) fig.say(guessWords(), QUIET);
    else fig.say(stepWords(), QUIET);
  }

  const guessWords = () => {
    const { mean, worst } = verdict(frames, questions, guess);
    return t("say_guess", { mean: number(mean), step: number(worst.step), guess: `${worst.guess}%`, real: percent(worst.real / 100) });
  };

  function guessAgain() {
    halt();
    kept.clear();
    open = false;
    fig.set("guess", null);
    layout();
    guessSliders[0].input.focus({ preventScroll: true });
    fig.say(t("say_again"), QUIET);
  }

  // ---------------------------------------------------------------- moving through the run

  const stepSlider = slider({ label: t("step"), min: 0, max: frames.length - 1, step: 1, value: i,
    format: (k) => t("step_value", { step: number(frames[k].step), steps: number(steps) }), oninput: (k) => { halt(); go(k); } });
  const play = button("", () => (timer ? finish() : start()), { class: "primary play" });
  const back = button(t("back"), () => { halt(); go(Math.max(0, i - 1)); });
  let timer = 0;

  function go(k, { quiet = false } = {}) {
    if (k !== i) {
      i = k;
      fig.set("step", frames[i].step);
    }
    stepSlider.value = i;
    draw();
    if (!quiet) fig.saySoon(stepWords);
  }

  function start() {
    const first = i === frames.length - 1 ? 0 : i + 1;
    if (reducedMotion()) { go(first); return; }
    timer = setInterval(() => {
      if (i + 1 < frames.length) go(i + 1, { quiet: true });
      if (i + 1 >= frames.length) finish();
    }, PAUSE);
    go(first, { quiet: true });
    label();
  }

  function halt() {
    clearInterval(timer);
    timer = 0;
    label();
  }

  function finish() {
    halt();
    fig.say(stepWords(), QUIET);
  }

  const label = () => {
    put(play, t(timer ? "stop" : reducedMotion() ? "next" : "play"));
    back.disabled = i === 0;
  };
  const inPages = (f) => number(pages(f.tokens, recording.bytes_per_token));
  const stepWords = () => t("say_step", { step: number(frames[i].step), pages: inPages(frames[i]), bits: bits(frames[i].held_out), floor: bits(floor), right: percent(frames[i].right) });
  stops.push(() => clearInterval(timer));

  // ---------------------------------------------------------------- what is shown

  const kinds = radios({ legend: t("axis"), inline: true, value: kind, options: [["log", t("axis_log")], ["linear", t("axis_linear")]],
    onchange: (value) => { kind = value; where = axis(steps, kind); fig.set("axis", kind); drawCharts(); } });
  const stats = el("dl", { class: "stats" });
  const samples = el("div", { class: "samples" });
  const answer = el("div", { class: "answer" });
  const guessLineNode = el("p", { class: "guess-verdict" });
  const [heads, drawHeads] = attention(t, recording);
  const named = groups.map((g, k) => `${t("named", { from: number(g.from), to: number(g.to) })}: ${g.n}`).join("; ");
  const table = dataTable({ summary: t("table"), caption: t("table_caption", { groups: named }),
    columns: [...["step", "tokens", "train", "held", "right"].map((c) => t(`col_${c}`)), ...groups.map((g) => t("col_group", { from: number(g.from), to: number(g.to) })), t("col_invented")],
    rows: frames.map((f) => {
      const { n, invented } = tally(f.samples, vocabulary);
      return [number(f.step), number(f.tokens), bits(f.train), bits(f.held_out), percent(f.right), ...f.right_by_group.map(percent), `${invented} / ${n}`];
    }) });

  function draw() {
    const f = frames[i];
    drawCharts();
    label();
    put(stats, [[short(f.tokens), t("read_tokens")], [inPages(f), t("read_pages")]].map(([n, words]) => el("div", {}, el("dd", {}, n), el("dt", {}, words))));
    put(samples, el("p", { class: "sub" }, t("samples")), f.samples.map((text, k) => {
      const prompt = recording.sample_prompts[k];
      const { n, invented } = tally([text], vocabulary);
      return el("div", { class: "sample" },
        el("p", { class: "from" }, prompt ? t("sample_prompt", { prompt }) : t("sample_free")),
        el("p", { class: "text" }, text.trim() ? judge(text.trim(), vocabulary).map((part) => (part.is === "invented" ? el("mark", {}, part.text) : shownText(part.text))) : el("i", {}, t("empty"))),
        el("p", { class: "count" }, n === 0 ? t("words_none") : invented ? t("words_invented", { k: invented, n }) : t("words_all_real")));
    }));
    const right = f.verdict === "right";
    put(answer, el("p", {}, t("asked", { question: recording.question.text })),
      el("p", {}, `${t("answers")} `, el("q", {}, f.answer || " "), " ", el("b", { class: right ? "good" : "bad" }, `${right ? "✓" : "✗"} ${t(`verdict_${f.verdict}`)}`)),
      el("p", { class: "gb-muted" }, t("truth", { answer: recording.question.answer })));
    drawHeads(f);
  }

  const params = number(recording.parameters);
  const found = finding(recording);
  const words = { words: number(frames[Math.max(found.words, 0)].step), facts: number(frames[Math.max(found.facts, 0)].step), real: percent(REAL),
    covered: percent(found.covered), known: percent(found.known), times: found.times < 10 ? found.times?.toFixed(1) : number(found.times ?? 0) };
  const per = Math.min(...groups.map((g) => g.n));
  const simplified = el("p", { class: "gb-muted small" }, t("simplified", { per, noise: number(noise(per)) }));
  fig.root.querySelector(".gb-aha").after(simplified);

  function layout() {
    stats.hidden = simplified.hidden = !open;
    if (open) {
      put(fig.body, el("p", { class: "lead" }, t("run_lead")),
        el("div", { class: "gb-controls run" }, el("div", { class: "buttons" }, play, back), stepSlider.node, stats), fig.status,
        guess && put(guessLineNode, guessWords(), " ", button(t("again"), guessAgain, { class: "quiet" })),
        !guess && put(guessLineNode, button(t("again"), guessAgain, { class: "quiet" })),
        el("div", { class: "two" }, el("div", {}, chart, kinds.node), el("div", {}, samples, answer)),
        el("div", { class: "tables" }, heads, table.node));
      fig.aha(t(`aha_${found.key}`, words));
      draw();
    } else {
      put(fig.body, el("p", { class: "lead" }, t("guess_lead", { params, steps: number(steps), frames: frames.length })),
        el("p", {}, t("guess_ask", { n: number(recording.n_questions), question: recording.question.text })),
        chart, el("div", { class: "gb-controls guesses" }, guessSliders.map((s) => s.node)),
        el("div", { class: "buttons" }, button(t("commit"), () => commit(true), { class: "primary" }), button(t("skip"), () => commit(false), { class: "quiet" })), fig.status);
      fig.aha("");
      drawCharts();
    }
  }

  fig.onChange("step", () => { // from Python; fig.get would answer with the link's step
    const k = nearest(frames, Number(model.get("step")) || 0);
    if (open && k !== i) go(k);
  });
  fig.say("", QUIET);
  label();
  layout();
}

/** One chart: grid, lines in percent of the area, a cursor, dots; names as text beside it. */
function panel({ title, max, marks, write }) {
  const grid = marks.map((y) => svg("line", { class: "grid", x1: 0, x2: 100, y1: 100 - (100 * y) / max, y2: 100 - (100 * y) / max, "vector-effect": "non-scaling-stroke" }));
  const lines = svg("g", {});
  const picture = svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" }, grid, lines);
  const over = el("div", { class: "over", "aria-hidden": "true" });
  const area = el("div", { class: "area" }, picture, over,
    marks.map((y) => el("span", { class: "y", "aria-hidden": "true", style: { "inset-block-start": `${100 - (100 * y) / max}%` } }, write(y))));
  const key = el("ul", { class: "key" });
  const node = el("div", { class: "panel" }, el("p", { class: "sub" }, title), key, el("div", { class: "plot" }, area));
  return {
    node, area, key,
    say(text) { picture.setAttribute("aria-label", text); },
    draw(all, cursor, dots) {
      put(lines, all.map(({ is, points }) => svg("polyline", { class: `line ${is}`, "vector-effect": "non-scaling-stroke",
        points: points.map(([x, y]) => `${(100 * x).toFixed(2)},${(100 - (100 * y) / max).toFixed(2)}`).join(" ") })));
      put(over, cursor !== null && el("span", { class: "cursor", style: at(cursor) }),
        dots.map(([is, y]) => el("span", { class: `dot ${is}`, style: { ...at(cursor), "inset-block-start": `${100 - (100 * y) / max}%` } })));
    },
  };
}

/** Two heads' patterns on one sentence, as squares. Returns [node, draw(frame)]. */
function attention(t, { frames, heads, sentence }) {
  const n = sentence.length;
  const name = (h) => ({ layer: h.layer + 1, head: h.head + 1 });
  const pictures = heads.map((h) => {
    const squares = [];
    for (let row = 0; row < n; row += 1) for (let col = 0; col <= row; col += 1) squares.push(svg("rect", { x: col, y: row, width: 1, height: 1 }));
    const picture = svg("svg", { viewBox: `0 0 ${n} ${n}`, role: "img" }, svg("path", { class: "edge", d: `M0 0L${n} ${n}H0Z`, "vector-effect": "non-scaling-stroke" }), squares);
    const note = el("p", { class: "count" });
    return { squares, picture, note, node: el("div", { class: "head" }, el("p", { class: "from" }, t("head_title", name(h))), picture, note) };
  });
  const table = dataTable({ summary: t("heads_table"), caption: t("heads_caption"), columns: [t("col_step"), ...heads.map((h) => t("head_short", name(h)))],
    rows: frames.map((f) => [number(f.step), ...f.attention.map((a) => percent(looks(a).before))]) });
  const node = el("details", { class: "gb-data heads" }, el("summary", { "data-lm-suppress-shortcuts": "true" }, t("heads")),
    el("p", { class: "gb-muted" }, t("heads_lead")), el("p", { class: "sentence gb-mono" }, sentence.slice(1).map((s) => el("span", {}, s))),
    el("div", { class: "pair" }, pictures.map((p) => p.node)), table.node);
  let shown = null;
  const paint = () => {
    if (node.open && shown) pictures.forEach((p, k) => shown.attention[k].flat().forEach((share, s) => p.squares[s].style.setProperty("fill-opacity", share ** 0.6)));
  };
  const words = () => pictures.forEach((p, k) => {
    const { before, back } = looks(shown.attention[k]);
    const shares = { before: percent(before), back: percent(back) };
    p.picture.setAttribute("aria-label", t("head_alt", { ...name(heads[k]), step: number(shown.step), ...shares }));
    p.note.textContent = `${t("head_before", { share: shares.before })}, ${t("head_back", { share: shares.back })}`;
  });
  node.addEventListener("toggle", paint);
  return [node, (f) => { shown = f; words(); paint(); }];
}
