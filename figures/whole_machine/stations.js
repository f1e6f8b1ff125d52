// One station opened: what stands there before the next token is written.
import { el, put, svg } from "../core/index.js";
import { looks, now, percent, pieces, read, signOf } from "./logic.js";
import { wordOf } from "./talk.js";

export function stationPanel({ t }, data) {
  const node = el("section", {});
  const show = { window: sent, tokens, vectors, attention, depths, scores, dice };
  const draw = (state) => put(node, show[state.station](t, data, state));
  return { node, draw };
}

const say = (...words) => el("p", { class: "say" }, words);
const chip = (t, data, id) => el("span", { class: signOf(data.texts[id]) ? "chip sign" : "chip" }, wordOf(t, data, id));

/** The row of text that the window sends, signs and all. */
function sent(t, data, state) {
  const words = read(data, state).map((id) => {
    const sign = signOf(data.texts[id]);
    return sign ? el("span", { class: "chip sign" }, t(`sign_${sign}`)) : data.texts[id];
  });
  return [say(t("say_window")), el("p", { class: "sent" }, words)];
}

function tokens(t, data, state) {
  const ids = read(data, state);
  const row = ids.map((id) => el("li", {}, chip(t, data, id), el("span", { class: "number" }, id)));
  const values = { n: ids.length, vocabulary: data.vocabulary.toLocaleString("en-US") };
  return [say(t("say_tokens", values)), el("ol", { class: "chips" }, row)];
}

function vectors(t, data, state) {
  const last = read(data, state).at(-1);
  const { numbers, near } = data.vectors[last];
  const values = { token: wordOf(t, data, last), width: data.width, shown: numbers.length };
  const names = near.map(([id, same]) =>
    el("li", {}, chip(t, data, id), el("span", { class: "number" }, same.toFixed(2))),
  );
  return [say(t("say_vectors", values)), el("ol", { class: "chips" }, names), strip(t, numbers)];
}

/** Numbers as bars above and below a line. */
function strip(t, numbers) {
  const most = Math.max(...numbers.map(Math.abs));
  const bars = numbers.map((x, i) => {
    const height = (28 * Math.abs(x)) / most;
    return svg("rect", { x: i * 10 + 1, y: x > 0 ? 30 - height : 30, width: 8, height, class: x > 0 ? "up" : "down" });
  });
  const words = { shown: numbers.length, low: Math.min(...numbers), high: Math.max(...numbers) };
  const line = svg("line", { x1: 0, x2: numbers.length * 10, y1: 30, y2: 30, class: "axis" });
  const box = { viewBox: `0 0 ${numbers.length * 10} 60`, role: "img", "aria-label": t("strip_alt", words) };
  return svg("svg", { class: "strip", ...box }, bars, line);
}

function attention(t, data, state) {
  const rows = looks(data, state).map((layer, n) => {
    const seen = layer.map(([id, share]) => [wordOf(t, data, id), share]);
    return el("li", {}, el("b", {}, t("block", { n: n + 1 })), el("span", { class: "seen" }, seen.map(bar)));
  });
  return [say(t("say_attention", { heads: data.heads })), el("ol", { class: "rows" }, rows)];
}

/** A word, its share, and a bar as long as the share. */
const bar = ([word, share]) =>
  el(
    "span",
    { class: "bar" },
    el("span", { class: "chip" }, word),
    el("span", { class: "number" }, percent(share)),
    el("span", { class: "fill", style: { "inline-size": `${Math.max(1, 100 * share)}%` } }),
  );

function depths(t, data, state) {
  const { depths: guesses, chosen } = now(data, state);
  const rows = guesses.map(([id, share], n) =>
    el(
      "li",
      { class: id === chosen ? "hit" : "" },
      el("b", {}, n ? t("after_block", { n }) : t("before_blocks")),
      bar([wordOf(t, data, id), share]),
    ),
  );
  return [say(t("say_depths")), el("ol", { class: "rows" }, rows)];
}

function scores(t, data, state) {
  const { scores: found, chosen } = now(data, state);
  const rest = Math.max(0, 1 - found.reduce((sum, [, p]) => sum + p, 0));
  const rows = found.map(([id, p]) => el("li", { class: id === chosen ? "hit" : "" }, bar([wordOf(t, data, id), p])));
  const others = el("li", { class: "others" }, bar([t("rest"), rest]));
  const values = { vocabulary: data.vocabulary.toLocaleString("en-US") };
  return [say(t("say_scores", values)), el("ol", { class: "rows tight" }, rows, others)];
}

/** The line of all chances and the dart in it. */
function dice(t, data, state) {
  const step = now(data, state);
  const token = wordOf(t, data, step.chosen);
  const all = pieces(step);
  const parts = all.map(({ from, to, hit }, i) =>
    svg("rect", {
      x: 600 * from,
      y: 24,
      width: Math.max(1, 600 * (to - from)),
      height: 34,
      class: hit ? "hit" : `part${i % 2}`,
    }),
  );
  const names = all
    .filter(({ from, to }) => to - from > 0.07)
    .map(({ id, from, to }) => svg("text", { x: 300 * (from + to), y: 47 }, wordOf(t, data, id)));
  const x = 600 * step.dart;
  const dart = svg("path", { d: `M${x - 9} 2h18l-9 20z`, class: "dart" });
  const hit = all.find((piece) => piece.hit);
  const words = { where: step.dart.toFixed(3), token, share: percent(hit.to - hit.from) };
  const box = { viewBox: "-10 0 620 62", role: "img", "aria-label": t("dart_alt", words) };
  const line = svg(
    "svg",
    { class: "line", ...box },
    svg("rect", { x: 0, y: 24, width: 600, height: 34, class: "all" }),
    parts,
    names,
    dart,
  );
  const list = step.scores
    .slice(0, 4)
    .map(([id, p]) => el("li", { class: id === step.chosen ? "hit" : "" }, bar([wordOf(t, data, id), p])));
  return [say(t("say_dice", words)), line, el("ol", { class: "rows tight" }, list)];
}
