// The sampling bench: the trained model's next-token distribution under every setting, dice to throw
// with them, and the probability that the answer comes out right. The computing is in logic.js.
import { arrive, button, el, frame, later, loadFile, loadModel, put, textField } from "../core/index.js";
import { barsPanel } from "./bars.js";
import { layOut, START } from "./bench.js";
import { continuationPanel } from "./continuation.js";
import { factPanel } from "./fact.js";
import { number, percent, trim } from "./format.js";
import { knobsPanel } from "./knobs.js";
import { entropy, MAX_SEED, seedOf } from "./logic.js";
import { promptPanel } from "./prompt.js";
import strings from "./strings.json";
import css from "./style.css";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "softmax_sampling", css, strings, permalink: Object.keys(START) });
    const load = () => Promise.all([loadModel(model, "base"), loadFile(model, "softmax_sampling")]);
    return arrive(fig, load, ([trained, facts], stops) => show(fig, layOut(fig, trained, facts), stops));
  },
};

function show(fig, bench, stops) {
  const { t } = fig;
  const say = later((text) => fig.say(text), 600);
  const prompt = promptPanel(fig, bench, (text) => {
    continuation.clear();
    bench.restart();
    draw();
    const same = bench.facts.find((f) => f.prompt === text);
    if (same && same !== fact.fact) fact.ask(same);
  });
  const knobs = knobsPanel(fig, bench, () => {
    bench.restart();
    fact.forget();
    draw();
    fact.draw();
  });
  const bars = barsPanel(fig, bench, prompt.append);
  const fact = factPanel(fig, bench, () => sayState());
  const continuation = continuationPanel(fig, bench, { promptText: prompt.text, say, onchange: () => dice.update() });
  const dice = dicePanel(fig, bench, { prompt, continuation, say, draw });

  function draw() {
    bench.look();
    bars.update();
    knobs.update();
    dice.update();
    sayState();
  }

  function sayState() {
    if (bench.drawn.length || continuation.writing) return;
    say(
      t("say_state", {
        kept: number(bench.dist.kept),
        all: number(bench.vocab),
        bits: trim(entropy(bench.dist.final), 2),
        fact: fact.ready ? t("say_fact", { right: percent(fact.rightShare()) }) : "",
      }),
    );
  }

  put(
    fig.body,
    prompt.nodes,
    knobs.node,
    dice.node,
    bars.node,
    dice.drawn,
    continuation.node,
    fact.node,
    el("div", { class: "tables" }, bars.table, continuation.table, fact.tables),
  );
  fig.aha(t("aha"));
  const { gpt } = bench;
  const parameters = [gpt.embed, gpt.head, ...gpt.blocks.flatMap((b) => Object.values(b))].reduce(
    (n, w) => n + (w?.length ?? 0),
    0,
  );
  fig.under(
    el(
      "p",
      { class: "gb-muted small" },
      t("simplified", { params: number(Math.round(parameters / 1e4) * 1e4), vocab: number(bench.vocab) }),
    ),
  );
  stops.push(say.cancel, prompt.stop, continuation.stop, fact.stop);
  prompt.read();
  fact.ask(bench.facts.find((f) => f.prompt === bench.state.prompt) ?? fact.fact);
}

/** The seed, the buttons that throw the dice or let the model write on, and the tokens drawn so far. */
function dicePanel({ t }, bench, { prompt, continuation, say, draw }) {
  const seed = textField({
    label: t("seed"),
    value: String(bench.state.seed),
    type: "number",
    min: "0",
    max: String(MAX_SEED),
    step: "1",
    inputmode: "numeric",
    class: "short",
    oninput: (v) => {
      if (v === "") return; // emptied, or not yet a number
      bench.set("seed", seedOf(v));
      if (Number(v) !== bench.state.seed) seed.value = bench.state.seed;
      bench.restart();
      draw();
    },
  });
  seed.input.addEventListener("change", () => {
    seed.value = bench.state.seed;
  });
  const one = button(t("draw_one"), () => throwDice(1), { class: "primary" });
  const twenty = button(t("draw_twenty"), () => throwDice(20));
  const clear = button(t("clear"), () => {
    bench.restart();
    draw();
  });
  const go = button(t("continue"), () => {
    if (continuation.writing) {
      continuation.stop();
      return;
    }
    prompt.catchUp();
    continuation.write();
  });
  const drawn = el("div", { class: "drawn", hidden: true });

  function throwDice(n) {
    prompt.catchUp();
    bench.throwDice(n);
    draw();
    const { dist, tally, show } = bench;
    const last = bench.drawn.at(-1);
    if (n === 1) {
      say(t("say_drew", { token: show(last), share: percent(dist.final[last]) }));
      return;
    }
    const [id, times] = [...tally].sort((a, b) => b[1] - a[1])[0];
    say(
      t("say_twenty", {
        n: number(bench.drawn.length),
        token: show(id),
        times: number(times),
        expected: trim(bench.drawn.length * dist.final[id], 1),
      }),
    );
  }

  function update() {
    go.textContent = t(continuation.writing ? "stop" : "continue");
    put(
      drawn,
      el("span", { class: "gb-muted small" }, t("drawn")),
      " ",
      bench.drawn.slice(-40).map((id) => el("span", { class: "tok" }, bench.show(id))),
    );
    drawn.hidden = !bench.drawn.length;
    clear.disabled = !bench.drawn.length && continuation.node.hidden;
  }

  const node = el(
    "div",
    { class: "gb-controls dice" },
    seed.node,
    el("div", { class: "buttons" }, one, twenty, go, clear),
  );
  return { node, drawn, update };
}
