// Through the run, checkpoint by checkpoint: by hand or playing.
import { button, el, put, reducedMotion, slider } from "../core/index.js";
import { pages } from "./logic.js";
import { bits, number, percent } from "./words.js";

const PAUSE = 700; // milliseconds a checkpoint while playing

/** `ondraw()` hears that another frame is to be shown. */
export function playerPanel(fig, run, ondraw, stops) {
  const { t } = fig;
  const { frames, steps, floor } = run;
  let timer = 0;
  const step = slider({
    label: t("step"),
    min: 0,
    max: frames.length - 1,
    step: 1,
    value: run.i,
    format: (k) => t("step_value", { step: number(frames[k].step), steps: number(steps) }),
    oninput: (k) => {
      halt();
      go(k);
    },
  });
  const play = button("", () => (timer ? finish() : start()), { class: "primary play" });
  const back = button(t("back"), () => {
    halt();
    go(Math.max(0, run.i - 1));
  });

  function go(k, { quiet = false } = {}) {
    if (k !== run.i) {
      run.i = k;
      fig.set("step", run.now.step);
    }
    step.value = run.i;
    ondraw();
    if (!quiet) fig.saySoon(words);
  }

  function start() {
    const first = run.i === frames.length - 1 ? 0 : run.i + 1;
    if (reducedMotion()) {
      go(first);
      return;
    }
    timer = setInterval(() => {
      if (run.i + 1 < frames.length) go(run.i + 1, { quiet: true });
      if (run.i + 1 >= frames.length) finish();
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
    fig.say(words(), { shown: false });
  }

  function label() {
    put(play, t(timer ? "stop" : reducedMotion() ? "next" : "play"));
    back.disabled = run.i === 0;
  }
  const words = () =>
    t("say_step", {
      step: number(run.now.step),
      pages: inPages(run),
      bits: bits(run.now.held_out),
      floor: bits(floor),
      right: percent(run.now.right),
    });
  stops.push(() => clearInterval(timer));
  return {
    nodes: [el("div", { class: "buttons" }, play, back), step.node],
    go,
    halt,
    label,
    words,
    focus: () => step.input.focus({ preventScroll: true }),
  };
}

/** What the model has read by now, as typed pages. */
export const inPages = ({ now, recording }) => number(pages(now.tokens, recording.bytes_per_token));
