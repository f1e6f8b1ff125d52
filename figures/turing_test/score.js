// The reader's share of right guesses with its interval, beside what blind guessing gets.
import { el, put, svg } from "../core/index.js";
import { CHANCE, interval, scoreOf } from "./logic.js";

const WIDTH = 320;
const LEFT = 8;
const across = (share) => LEFT + share * (WIDTH - 2 * LEFT);
const percent = (share) => `${Math.round(100 * share)}%`;

export function scorePanel({ t }) {
  const node = el("div", { class: "meter" });
  function draw(guesses) {
    const { n, right } = scoreOf(guesses);
    const [low, high] = interval(right, n);
    const label = n ? t("bar", { share: percent(right / n), low: percent(low), high: percent(high) }) : t("bar_none");
    const line = (a, b, y, kind) => svg("line", { x1: across(a), x2: across(b), y1: y, y2: y, class: kind });
    put(
      node,
      svg(
        "svg",
        { viewBox: `0 0 ${WIDTH} 46`, role: "img", "aria-label": label },
        line(0, 1, 24, "axis"),
        svg("line", { x1: across(CHANCE), x2: across(CHANCE), y1: 10, y2: 36, class: "blind" }),
        svg("text", { x: across(CHANCE), y: 45, "text-anchor": "middle" }, `${t("bar_blind")} 25%`),
        n > 0 && line(low, high, 24, "span"),
        n > 0 && svg("circle", { cx: across(right / n), cy: 24, r: 6, class: "share" }),
        n > 0 &&
          svg(
            "text",
            { x: across(right / n), y: 12, "text-anchor": place(right / n) },
            `${t("bar_you")} ${percent(right / n)}`,
          ),
      ),
    );
  }
  return { node, draw };
}

const place = (share) => (share < 0.1 ? "start" : share > 0.9 ? "end" : "middle");
