// The pipeline schedule player: stages are rows, pieces of the batch numbered blocks, and waiting is hatched and paid for.
// The computing is in logic.js, equal to glassbox/scale/pipeline.py.
// State: { pieces, kind: gpipe | 1f1b, stages, price: dollars for a chip and hour }
import { el, frame, MAIN, put, slider } from "../core/index.js";
import { chartPanel } from "./chart.js";
import { bill, bubble, CHIPS, held, KINDS, nearest, PIECES, predicted, STAGES, schedule } from "./logic.js";
import { morePanel } from "./more.js";
import { playerPanel } from "./player.js";
import strings from "./strings.json";
import css from "./style.css";
import { dollars, percent } from "./words.js";

const PRICES = { least: 0.5, most: 10, usual: 2 };

export default {
  render({ model, el: host }) {
    const keys = ["pieces", "kind", "stages", "price"];
    const fig = frame({ model, host, name: "parallelism", css, strings, permalink: keys });
    const stops = [];
    show(fig, stops);
    return () => {
      stops.forEach((stop) => stop());
      fig.destroy();
    };
  },
};

/** Where the reader begins, whatever a link says. */
function start(fig) {
  const kind = fig.get("kind", "gpipe");
  const price = Number(fig.get("price", PRICES.usual));
  return {
    pieces: PIECES[nearest(PIECES, fig.get("pieces", 1))],
    kind: KINDS.includes(kind) ? kind : "gpipe",
    stages: STAGES[nearest(STAGES, fig.get("stages", 4))],
    price: Math.min(PRICES.most, Math.max(PRICES.least, price || PRICES.usual)),
  };
}

function show(fig, stops) {
  const { t } = fig;
  const state = { ...start(fig), slots: [], at: null };
  const seen = { pieces: new Set(), kinds: new Set() };
  const pieces = slider({
    label: t("pieces"),
    min: 0,
    max: PIECES.length - 1,
    step: 1,
    value: PIECES.indexOf(state.pieces),
    format: (i) => t(PIECES[i] === 1 ? "pieces_value_1" : "pieces_value", { n: PIECES[i] }),
    oninput: (i) => change("pieces", PIECES[i]),
  });
  const sentence = el("p", { class: "sentence" });
  const chart = chartPanel(fig, state);
  const player = playerPanel(fig, state, chart.cut, stops);
  const rest = morePanel(fig, state, change, PRICES);

  function change(key, value) {
    state[key] = value;
    fig.set(key, value);
    draw();
    fig.saySoon(() => sentence.textContent);
  }
  function draw() {
    player.halt();
    state.slots = schedule(state.kind, state.stages, state.pieces);
    state.at = null;
    const share = bubble(state.slots);
    const { all, wasted } = bill(share, state.price);
    const money = { all: dollars(all), wasted: dollars(wasted), chips: CHIPS.toLocaleString("en-US") };
    sentence.textContent = t("sentence", { share: percent(share), ...money });
    chart.draw(share);
    player.label();
    rest.draw();
    fig.aha(lesson(t, state, seen));
  }
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead")),
    el("div", { class: "choose", ...MAIN.control }, pieces.node),
    el("div", MAIN.response, sentence, chart.node, player.node),
    fig.status,
  );
  rest.node.open =
    fig.linked !== null && (state.kind !== "gpipe" || state.stages !== 4 || state.price !== PRICES.usual);
  fig.under(rest.node, el("p", { class: "gb-muted small" }, t("simplified", { price: `$${PRICES.usual}` })));
  fig.say("", { shown: false });
  draw();
}

/** What the reader has seen by now: fewer and more pieces, and both orders. */
function lesson(t, state, seen) {
  const { pieces, kind, stages } = state;
  if (seen.stages !== stages) Object.assign(seen, { stages, pieces: new Set(), kinds: new Set() });
  seen.pieces.add(pieces);
  seen.kinds.add(kind);
  const [few, many] = [Math.min(...seen.pieces), Math.max(...seen.pieces)];
  if (few === many) return "";
  const first = t("aha", {
    few,
    many,
    worse: percent(predicted(stages, few)),
    better: percent(predicted(stages, many)),
  });
  const kept = Object.fromEntries(KINDS.map((k) => [k, held(schedule(k, stages, pieces))[0]]));
  if (seen.kinds.size < 2 || kept.gpipe === kept["1f1b"]) return first;
  return `${first} ${t("aha_memory", { less: kept["1f1b"], more: kept.gpipe })}`;
}
