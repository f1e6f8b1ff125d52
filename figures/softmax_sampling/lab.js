// Behind "More": any prompt and any question, all settings, the next token's distribution, and the dice.
import { later } from "../core/index.js";
import { barsPanel } from "./bars.js";
import { continuationPanel } from "./continuation.js";
import { dicePanel } from "./dice.js";
import { factPanel } from "./fact.js";
import { number, percent, trim } from "./format.js";
import { knobsPanel } from "./knobs.js";
import { entropy } from "./logic.js";
import { promptPanel } from "./prompt.js";

/**
 * Nothing is computed before `wake()`. `on.heat` is the slider of the temperature, `on.ask(fact)` hears of another
 * question, `on.changed()` that settings other than the temperature have changed.
 */
export function labPanel(fig, bench, answers, on) {
  const { t } = fig;
  const say = later((text) => fig.say(text), 600);
  let awake = false;
  const prompt = promptPanel(fig, bench, (text) => {
    continuation.clear();
    bench.restart();
    draw();
    const same = bench.facts.find((f) => f.prompt === text);
    if (same && same !== answers.fact) on.ask(same);
  });
  const knobs = knobsPanel(fig, bench, on.heat, () => {
    on.changed();
    changed();
  });
  const bars = barsPanel(fig, bench, prompt.append);
  const fact = factPanel(fig, bench, answers, on.ask);
  const continuation = continuationPanel(fig, bench, { promptText: prompt.text, say, onchange: () => dice.update() });
  const dice = dicePanel(fig, bench, { prompt, continuation, say, draw });

  function draw() {
    bench.look();
    bars.update();
    knobs.update();
    dice.update();
    sayState();
  }
  /** The settings are others. */
  function changed() {
    if (!awake) return;
    bench.restart();
    draw();
    fact.draw();
  }
  function sayState() {
    if (bench.drawn.length || continuation.writing) return;
    say(
      t("say_state", {
        kept: number(bench.dist.kept),
        all: number(bench.vocab),
        bits: trim(entropy(bench.dist.final), 2),
        fact: answers.read ? t("say_fact", { right: percent(answers.right()) }) : "",
      }),
    );
  }
  return {
    nodes: [fact.node, knobs.node, prompt.nodes, dice.node, bars.node, dice.drawn, continuation.node],
    tables: [bars.table, continuation.table],
    changed,
    /** Another question, or its answers have been read. */
    asked() {
      if (!awake) return;
      fact.draw();
      const { prompt: text } = answers.fact;
      if (prompt.text() !== text && bench.facts.some((f) => f.prompt === prompt.text()))
        prompt.write(text, { mine: false });
    },
    wake() {
      if (awake) return;
      awake = true;
      prompt.begin(answers.fact.prompt);
      fact.draw();
    },
    get awake() {
      return awake;
    },
    stop() {
      say.cancel();
      prompt.stop();
      continuation.stop();
    },
  };
}
