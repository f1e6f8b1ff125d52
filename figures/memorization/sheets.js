// Two sheets: what the model wrote after the opening, and the poem; under them what the run comes to.
import { el, put } from "../core/index.js";
import { level, share } from "./logic.js";
import { bits, copiesText, percent } from "./words.js";

export function sheetsPanel({ t }, desk) {
  const verse = el("p", { class: "verse" }),
    truth = el("p", { class: "verse" }),
    verdict = el("p", { class: "is" });
  const stats = el("dl", { class: "stats" });

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
      t(`why_${key}`, { target: desk.data.target }),
    );
    put(
      stats,
      statRows(t, desk, now).map(([value, name, more]) =>
        el("div", {}, el("dd", {}, value), el("dt", {}, name, more && el("span", { class: "range" }, more))),
      ),
    );
  }
  const nodes = [
    el(
      "div",
      { class: "two" },
      el(
        "section",
        { class: "sheet", "aria-label": t("writes") },
        el("p", { class: "sub" }, t("writes")),
        verse,
        verdict,
      ),
      el("section", { class: "sheet", "aria-label": t("truth") }, el("p", { class: "sub" }, t("truth")), truth),
    ),
    el("p", { class: "gb-muted small" }, t("key")),
    stats,
  ];
  return { nodes, draw };
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
