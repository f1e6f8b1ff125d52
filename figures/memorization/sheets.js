// Two sheets: what the model wrote after the opening, and the poem; and what all poems of the kind come to.
import { el, put } from "../core/index.js";
import { level, share } from "./logic.js";
import { bits, copiesText, percent } from "./words.js";

/** What the model wrote after the opening, beside the poem; `draw(now)` takes logic.js's `aloud`. `names` are those of the two sheets. */
export function textsPanel({ t }, names = ["writes", "truth"]) {
  const [writes, poem] = names.map((key) => t(key));
  const verse = el("p", { class: "verse" }),
    truth = el("p", { class: "verse" }),
    verdict = el("p", { class: "is" });

  function draw(now) {
    const marked = ([before, run, after]) => [before, run && el("mark", {}, run), after];
    put(
      verse,
      el("span", { class: "opening" }, now.opening),
      now.text.trim() ? marked(now.run) : el("i", {}, t("nothing")),
    );
    put(truth, el("span", { class: "opening" }, now.opening), marked(now.same));
    const key = now.hit ? "extracted" : "other";
    put(
      verdict,
      el("b", { class: key }, `${now.hit ? "≡" : "≠"} ${t(`verdict_${key}`)}`),
      " ",
      t("run", { run: now.overlap, of: now.of }),
    );
  }
  const node = el(
    "div",
    { class: "two" },
    el("section", { class: "sheet", "aria-label": writes }, el("p", { class: "sub" }, writes), verse, verdict),
    el("section", { class: "sheet", "aria-label": poem }, el("p", { class: "sub" }, poem), truth),
  );
  return { node, draw };
}

/** The same for the place on the desk, with what all poems of the place come to. */
export function sheetsPanel(fig, desk) {
  const { t } = fig;
  const texts = textsPanel(fig, ["writes_chosen", "truth_chosen"]);
  const stats = el("dl", { class: "stats" });
  function draw(now) {
    texts.draw(now);
    put(
      stats,
      statRows(t, desk, now).map(([value, name, more]) =>
        el("div", {}, el("dd", {}, value), el("dt", {}, name, more && el("span", { class: "range" }, more))),
      ),
    );
  }
  return { node: texts.node, stats, draw };
}

/** [value, what it is, its range or comparison] */
function statRows(t, { data, at, copies: n }, now) {
  const s = share(data, at.size, at.copies, at.prompt);
  const copies = copiesText(t, n);
  const fresh = data.models.filter((m) => m.size === at.size && !m.deduplicated).map((m) => m.loss_fresh);
  const t1 = data.temperatures.indexOf(1);
  const rows = [
    [`${now.overlap}`, t("stat_run", { of: now.of })],
    [
      percent(s.mean),
      t("stat_share", { copies }),
      t("stat_share_range", { low: percent(s.low), high: percent(s.high), n: data.each }),
    ],
    [
      bits(level(data, at.size, "loss", at.copies).mean),
      t("stat_bits", { copies }),
      t("stat_bits_fresh", { fresh: bits(fresh.reduce((a, b) => a + b, 0) / fresh.length) }),
    ],
  ];
  if (t1 >= 0)
    rows.push([
      percent(level(data, at.size, "chance", at.copies, t1).mean),
      t("stat_dice", { target: data.target }),
      t("stat_dice_at", { n: data.asked_at }),
    ]);
  return rows;
}
