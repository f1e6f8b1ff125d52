// The model that is much larger than any in the fits: what the law says of it, and, when asked, what it did.
import { button, el, put } from "../core/index.js";
import { REFITS } from "./bought.js";
import { loss, mean, power, QUIET, stat } from "./chart.js";
import { lossOf } from "./logic.js";

export function testPanel({ fig, t, count }, bought, ondraw) {
  const reveal = button("", () => {
    bought.set("shown", !bought.shown);
    ondraw();
    if (bought.shown) fig.say(node.textContent, QUIET);
  });
  // the button stays in the page while the rest is drawn anew, or it would lose the focus
  const sub = el("p", { class: "sub" });
  const numbers = el("dl", { class: "stats" });
  const verdict = el("p", {});
  const node = el("div", { class: "test" }, sub, numbers, reveal, verdict);

  function draw() {
    const { apart, law, shown } = bought;
    const [{ n_params: n, n_tokens: d, flops }] = apart;
    const losses = apart.map((r) => r.loss);
    const measured = mean(losses);
    const band = bought.intervalOf((l) => lossOf(l, n, d));
    const times = n / Math.max(...bought.used.map((r) => r.n_params));
    const is = band && (measured < band.low ? "below" : measured > band.high ? "above" : "in");
    put(reveal, t(shown ? "hide_model" : "reveal_model"));
    put(sub, t(times > 1.2 ? "test" : "test_same", { times: +times.toPrecision(2) }));
    put(
      numbers,
      stat(count(n, 3), t("test_n"), t("test_d", { d: count(d), c: power(flops) })),
      law &&
        stat(
          loss(lossOf(law, n, d)),
          t("test_said"),
          band
            ? t("range", { low: loss(band.low), high: loss(band.high) })
            : bought.busy && t("fitting", { k: bought.asked, n: REFITS }),
        ),
      stat(
        shown ? loss(measured) : "?",
        t("stat_measured"),
        shown
          ? t("range_seeds", { n: losses.length, low: loss(Math.min(...losses)), high: loss(Math.max(...losses)) })
          : t("not_yet"),
      ),
    );
    put(verdict, shown && is ? t(`test_${is}`) : "");
    verdict.hidden = !(shown && is);
  }
  return { node, draw };
}
