// The next token: a bar for each of the likeliest, one for all the others, and what the dice drew.
import { button, dataTable, el, put } from "../core/index.js";
import { number, percent, trim } from "./format.js";
import { bars, entropy } from "./logic.js";

const SHOWN = 12;

/** `append(id)` hears which token the reader chose to go on with. */
export function barsPanel({ t }, bench, append) {
  const drawnHead = el("span", { class: "drew" });
  const heading = el(
    "div",
    { class: "head" },
    el("p", { class: "sub" }, t("next")),
    el("span", {}),
    el("span", { class: "value" }, t("share")),
    drawnHead,
  );
  const rows = Array.from({ length: SHOWN + 1 }, () => barRow(append));
  const stats = el("dl", { class: "stats" });
  const networkLine = el("p", { class: "gb-muted small" });
  const table = dataTable({
    summary: t("table"),
    caption: t("table_caption"),
    columns: ["token", "id", "logit", "network", "warm", "final", "cut", "drawn"].map((c) => t(`column_${c}`)),
  });

  function update() {
    const { shown, tail } = bars(bench.dist, SHOWN);
    const total = bench.drawn.length;
    drawnHead.textContent = total ? t("drawn_head") : "";
    drawRows(t, bench, rows, shown, tail);
    const bits = entropy(bench.dist.final);
    const own = entropy(bench.dist.network);
    put(
      stats,
      [
        [trim(bits, 2), t("entropy")],
        [trim(2 ** bits, 1), t("perplexity")],
        [number(bench.dist.kept), t("in_play", { n: number(bench.vocab) })],
      ].map(([n, words]) => el("div", {}, el("dd", {}, n), el("dt", {}, words))),
    );
    networkLine.textContent = t("network_says", { bits: trim(own, 2), perplexity: trim(2 ** own, 1) });
    table.update(tableRows(t, bench, shown, tail));
  }

  const node = el(
    "div",
    {},
    heading,
    el(
      "ol",
      { class: "bars" },
      rows.map((r) => r.node),
    ),
    el("p", { class: "gb-muted small" }, t("legend")),
    stats,
    networkLine,
  );
  return { node, table: table.node, update };
}

function barRow(append) {
  const r = {
    token: button("", () => append(r.id), { class: "quiet token" }),
    track: el("span", { class: "track", "aria-hidden": "true" }),
    value: el("span", { class: "value" }),
    drew: el("span", { class: "drew" }),
  };
  r.node = el("li", {}, r.token, r.track, r.value, r.drew);
  return r;
}

function drawRows(t, bench, rows, shown, tail) {
  const { drawn, tally, show } = bench;
  // The tail may be far longer than any bar: then it is cut off at twice the longest, and fades out.
  const longest = Math.max(...shown.map((b) => Math.max(b.network, b.final)));
  const scale = 1.02 * Math.max(longest, Math.min(2 * longest, Math.max(tail.network, tail.final)));
  const total = drawn.length;
  shown.forEach((b, i) => {
    const r = rows[i];
    r.id = b.id;
    put(r.token, el("span", { class: "gb-mono" }, b.cutBy ? el("s", {}, show(b.id)) : show(b.id)));
    r.token.setAttribute("aria-label", t("append", { token: show(b.id) }));
    r.node.hidden = false;
    fillRow(t, r, b, { scale, total, times: tally.get(b.id) ?? 0, last: drawn.at(-1) });
  });
  rows.slice(shown.length).forEach((r) => {
    r.node.hidden = true;
  });
  if (!tail.count) return;
  const others = rows[SHOWN];
  others.node.hidden = false;
  others.node.classList.add("tail");
  put(others.token, t("others", { n: number(tail.count) }));
  others.token.disabled = true;
  fillRow(
    t,
    others,
    { ...tail, cutBy: "" },
    { scale, total, times: total - shown.reduce((n, b) => n + (tally.get(b.id) ?? 0), 0), last: drawn.at(-1) },
  );
  others.value.append(el("span", { class: "why" }, ` ${t("others_in", { kept: number(tail.kept) })}`));
}

/** One bar: what the network says, what the settings make of it, and a dot where the dice are. */
function fillRow(t, r, b, { scale, total, times, last }) {
  const width = (p) => ({ "inline-size": `${Math.min(100, (100 * p) / scale)}%` });
  const cut = b.cutBy && t(`cut_${b.cutBy}`);
  r.node.classList.toggle("cut", !!cut);
  r.node.classList.toggle("over", Math.max(b.network, b.final) > scale);
  r.node.classList.toggle("last", total > 0 && r.id === last);
  put(
    r.track,
    el("span", { class: "gb-fill network", style: width(b.network) }),
    el("span", { class: "gb-fill final", style: width(b.final) }),
    total >= 20 &&
      times > 0 &&
      el("span", { class: "dot", style: { "inset-inline-start": `${Math.min(100, (100 * times) / total / scale)}%` } }),
  );
  put(r.value, cut ? el("s", {}, percent(b.warm)) : percent(b.final), cut && el("span", { class: "why" }, ` ${cut}`));
  r.drew.textContent = total ? t("drawn_of", { n: number(times), expected: trim(total * b.final, 1) }) : "";
}

function tableRows(t, { logits, tally, show }, shown, tail) {
  const rows = shown.map((b) => [
    show(b.id),
    b.id,
    logits[b.id].toFixed(2),
    percent(b.network),
    percent(b.warm),
    percent(b.final),
    b.cutBy && t(`cut_${b.cutBy}`),
    number(tally.get(b.id) ?? 0),
  ]);
  if (tail.count)
    rows.push([
      t("others", { n: number(tail.count) }),
      "",
      "",
      percent(tail.network),
      percent(tail.warm),
      percent(tail.final),
      "",
      "",
    ]);
  return rows;
}
