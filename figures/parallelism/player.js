// Through one step, moment by moment: by hand or playing.
import { button, el, put, reducedMotion } from "../core/index.js";
import { doing, moments } from "./logic.js";

const WHOLE = 7000; // milliseconds for a step while playing
const SLOW = 600; // and for a moment at most
const CLICKS = 16; // "Step" is through a step with about so many; where there are more moments, it skips some

/** `cut(time)` pales what comes after a moment. */
export function playerPanel(fig, state, cut, stops) {
  const { t } = fig;
  let timer = 0;
  const play = button("", () => (timer ? halt() : run()), { class: "primary play" });
  const back = button(t("back"), () => by(-1));
  const step = button(t("step"), () => by(1));
  const times = () => moments(state.slots);
  const place = () => (state.at === null ? times().length - 1 : times().indexOf(state.at));

  function go(i, { quiet = false } = {}) {
    const all = times();
    state.at = i >= all.length - 1 ? null : all[Math.max(0, i)];
    cut(state.at === null ? null : all[place() + 1]);
    label();
    if (!quiet) fig.say(told());
  }
  function by(n) {
    halt();
    const stride = Math.ceil(times().length / CLICKS);
    go(n > 0 && state.at === null ? 0 : place() + n * stride);
  }
  function run() {
    if (reducedMotion()) {
      by(1);
      return;
    }
    go(state.at === null ? 0 : place() + 1, { quiet: true });
    timer = setInterval(
      () => {
        go(place() + 1, { quiet: true });
        if (state.at === null) halt();
      },
      Math.min(SLOW, WHOLE / times().length),
    );
    label();
  }
  function halt() {
    if (timer) fig.say(told());
    clearInterval(timer);
    timer = 0;
    label();
  }
  function label() {
    put(play, t(timer ? "stop" : "play"));
    back.disabled = place() === 0;
  }
  function told() {
    if (state.at === null) return t("at_end");
    const all = doing(state.slots, state.at).map((slot, stage) =>
      t(`told_${slot?.work ?? "waits"}`, { stage: stage + 1, piece: (slot?.piece ?? 0) + 1 }),
    );
    return t("at", { n: place() + 1, of: times().length - 1, told: all.join(" ") });
  }
  stops.push(() => clearInterval(timer));
  return { node: el("div", { class: "buttons" }, play, back, step), halt, label };
}
