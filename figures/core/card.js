// A reader's result as a picture, drawn on the reader's own machine and saved there: nothing is sent.
// What stands where is reckoned without a page (`layOut`), so that Node can test it.
import { button, el, put } from "./dom.js";

export const WIDTH = 1200;
export const HEIGHT = 630;
const SIDE = 64; // pixels free at the left and the right
const ROOM = WIDTH - 2 * SIDE;
const SANS = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
const SERIF = 'Georgia, "Times New Roman", serif';
const COLORS = { paper: "#ffffff", ink: "#1b1f24", muted: "#4b545e", track: "#e6eaea", accent: "#0072b2" };
export const TONES = { first: "#0072b2", second: "#d55e00" }; // a card is a picture: its colors are the light ones
const [BOOK, TITLE, NAMES, VALUES] = [26, 50, 0.25, 0.17]; // letters in pixels; shares of a bar's row

/** Words in lines no wider than `width`, at most `most` lines; what is left over ends in "…". */
export function wrap(text, width, most, measured) {
  const lines = [];
  let line = "";
  for (const word of String(text)
    .split(/[ \n\t]+/)
    .filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && measured(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  if (line) lines.push(line);
  if (lines.length > most) lines.splice(most - 1, Infinity, `${lines[most - 1]} …`);
  return lines.map((l) => cropped(l, width, measured));
}

/** A line that fits: where even one word is too wide, its end is left out. */
function cropped(line, width, measured) {
  let letters = [...line];
  if (measured(line) <= width) return line;
  while (letters.length > 1 && measured(`${letters.join("").trimEnd()}…`) > width) letters = letters.slice(0, -1);
  return `${letters.join("").trimEnd()}…`;
}

/**
 * What is drawn, in order: { text, x, y, size, weight, family, color, align } or { x, y, width, height, color }.
 *   card     { book, title, headline, bars: [{ name, value, from, to, tone }], texts: [{ name, text }], notes, address }
 *            all optional but `headline`; a bar goes `from` one share of its track `to` another
 *   measure  (text, { size, weight, family }) -> its width in pixels
 */
export function layOut(card, measure) {
  for (const scale of [1, 0.9, 0.8, 0.7, 0.6]) {
    const drawn = laid(card, measure, scale);
    if (drawn.end <= drawn.foot || scale === 0.6) return drawn.ops;
  }
}

function laid({ book = "", title = "", headline, bars = [], texts = [], notes = [], address = "" }, measure, scale) {
  const ops = [
    { x: 0, y: 0, width: WIDTH, height: HEIGHT, color: COLORS.paper },
    { x: 0, y: 0, width: 16, height: HEIGHT, color: COLORS.accent },
  ];
  let y = 48;
  /** Lines of text, one under the other; y moves on. */
  function write(text, most, style, { x = SIDE, width = ROOM, after = 0 } = {}) {
    const full = { weight: 400, family: SANS, color: COLORS.ink, align: "left", ...style };
    for (const line of wrap(text, width, most, (words) => measure(words, full))) {
      y += full.size * 1.3;
      ops.push({ text: line, x, y: y - full.size * 0.3, ...full });
    }
    y += after;
  }
  write([book, title].filter(Boolean).join(" · "), 1, { size: BOOK, weight: 600, color: COLORS.muted }, { after: 6 });
  const first = ops.length;
  write(headline, 3, { size: TITLE * scale, weight: 700 }, { after: 22 * scale });
  for (const bar of bars) y = barRow(ops, bar, y, scale, measure);
  if (bars.length) y += 12 * scale;
  for (const { name, text } of texts) {
    write(name, 1, { size: 22 * scale, color: COLORS.muted });
    write(text, 2, { size: 30 * scale, family: SERIF }, { after: 10 * scale });
  }
  for (const note of notes.filter(Boolean)) write(note, 2, { size: 24 * scale, color: COLORS.muted }, { after: 6 });
  const foot = HEIGHT - (address ? 74 : 36);
  const end = y;
  const down = Math.max(0, (foot - end) / 2); // what is left is shared out above and below
  for (const op of ops.slice(first)) op.y += down;
  if (address) {
    y = HEIGHT - 66;
    write(address, 1, { size: 24, weight: 600, color: COLORS.accent });
  }
  return { ops, end, foot };
}

/** One bar with its name before it and its value behind; returns where the next row begins. */
function barRow(ops, { name, value, from = 0, to, tone = "first" }, y, scale, measure) {
  const size = 28 * scale;
  const style = { size, weight: 500, family: SANS, color: COLORS.ink, align: "left" };
  const measured = (words) => measure(words, style);
  const [left, right] = [SIDE + ROOM * NAMES, SIDE + ROOM * (1 - VALUES)];
  const [low, high] = [from, to]
    .map((share) => left + Math.min(1, Math.max(0, share)) * (right - left))
    .sort((a, b) => a - b);
  const base = y + size * 1.05;
  ops.push(
    { text: cropped(name, ROOM * NAMES - 16, measured), x: SIDE, y: base, ...style },
    { x: left, y: y + size * 0.25, width: right - left, height: size * 0.9, color: COLORS.track },
    { x: low, y: y + size * 0.25, width: Math.max(3, high - low), height: size * 0.9, color: TONES[tone] },
    { text: cropped(value, ROOM * VALUES - 14, measured), x: right + 14, y: base, ...style, weight: 700 },
  );
  return y + size * 1.6;
}

const fontOf = ({ size, weight, family }) => `${weight} ${size}px ${family}`;

/** Put it onto a canvas's context. */
export function draw(context, ops) {
  for (const op of ops) {
    context.fillStyle = op.color;
    if (op.text === undefined) context.fillRect(op.x, op.y, op.width, op.height);
    else {
      context.font = fontOf(op);
      context.textAlign = op.align;
      context.fillText(op.text, op.x, op.y);
    }
  }
}

/** All words of a card in one sentence, for who hears it. */
export const words = ({ title, headline, bars = [], texts = [], notes = [] }) =>
  [
    title && `${title}.`,
    headline,
    ...bars.map((b) => `${b.name}: ${b.value}.`),
    ...texts.map((x) => `${x.name}: ${x.text}`),
    ...notes,
  ]
    .filter(Boolean)
    .join(" ");

function picture(card) {
  const canvas = el("canvas", { width: WIDTH, height: HEIGHT });
  const context = canvas.getContext("2d");
  const measure = (text, style) => {
    context.font = fontOf(style);
    return context.measureText(text).width;
  };
  draw(context, layOut(card, measure));
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

/**
 * The button that makes a picture of `result()` and saves it; what is shown then is the picture itself. `result()` gives
 * a card without book, title and address, or null where there is nothing to show yet. Returns { node, stop }.
 */
export function cardPanel(fig, name, result) {
  const file = `glass-box-${name.replaceAll("_", "-")}.png`;
  const box = el("div");
  const note = el("p", { class: "gb-muted" });
  let address = "";
  const stop = () => address && URL.revokeObjectURL(address);

  function tell(key) {
    note.textContent = fig.core(key, { file });
    fig.say(note.textContent, { shown: false });
  }
  async function save() {
    const found = result();
    if (!found) return tell("card_none");
    const card = { book: fig.core("book"), title: fig.t("title"), address: place(fig.inPage), ...found };
    const blob = await picture(card);
    if (!blob) return tell("card_failed");
    stop();
    address = URL.createObjectURL(blob);
    put(box, el("img", { class: "gb-card", src: address, alt: words(card), width: WIDTH, height: HEIGHT }));
    el("a", { href: address, download: file }).click();
    tell("card_saved");
  }
  return { node: el("div", {}, button(fig.core("card_save"), save), box, note), stop };
}

/** Where this page is, if others can go there. */
const place = (inPage) => (inPage && location.protocol.startsWith("http") ? location.host + location.pathname : "");
