// The contest for the next merge: the most frequent pairs of the corpus, as it is cut now.
import { dataTable, el, put } from "../core/index.js";
import { chip, count } from "./chips.js";
import { candidates, label } from "./logic.js";
import { MAX_MERGES } from "./player.js";

export function contestPanel({ t, state, say, stops, shows }, learnt) {
  const list = el("ol", { class: "contest" });
  const note = el("p", { class: "gb-muted small" });
  const table = dataTable({
    summary: t("curve_table"),
    caption: t("curve_caption"),
    columns: [t("merges"), t("n_tokens")],
  });
  let asked = 0;

  function draw(encoded, per, points) {
    const { counts, bpe, text } = learnt;
    const best = candidates(counts, bpe, 5).filter((c) => c.count > 1);
    put(
      list,
      best.map((c, i) =>
        el(
          "li",
          { class: i ? "" : "winner" },
          el(
            "span",
            { class: "pair" },
            chip(bpe, c.left),
            el("span", { "aria-hidden": "true" }, "+"),
            chip(bpe, c.right),
          ),
          el(
            "span",
            { class: "track" },
            el("span", { class: "gb-fill", style: { "inline-size": `${(100 * c.count) / best[0].count}%` } }),
          ),
          el("span", { class: "num" }, t("times", { count: count(c.count) })),
        ),
      ),
    );
    const none = counts.size ? t("next_none") : t("learn_empty");
    note.textContent = !best.length
      ? none
      : state.merges === MAX_MERGES
        ? t("next_limit")
        : best[1]?.count === best[0].count
          ? t("next_tie")
          : "";
    table.update(points.map(([k, n]) => [count(k), count(n)]));
    if (!shows("train")) return;
    const next =
      best.length &&
      t("train_next", {
        left: label(bpe.token(best[0].left)),
        right: label(bpe.token(best[0].right)),
        count: count(best[0].count),
      });
    say(
      text
        ? t("train_say", {
            k: count(state.merges),
            tokens: count(encoded.length),
            per,
            next: next || none,
          })
        : t("text_empty"),
    );
  }

  /** In the next frame, so that a moved slider stays light. */
  function drawSoon(encoded, per, points) {
    cancelAnimationFrame(asked);
    if (shows("train")) asked = requestAnimationFrame(() => draw(encoded, per, points));
  }
  stops.push(() => cancelAnimationFrame(asked));
  return { node: el("div", {}, el("p", { class: "sub" }, t("next")), list, note), table: table.node, drawSoon };
}
