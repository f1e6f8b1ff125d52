// The dice: a seed, buttons that throw them or let the model write on, and the tokens drawn so far.
import { button, el, put, textField } from "../core/index.js";
import { number, percent, trim } from "./format.js";
import { MAX_SEED, seedOf } from "./logic.js";

export function dicePanel({ t }, bench, { prompt, continuation, say, draw }) {
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
