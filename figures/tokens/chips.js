// Tokens as chips, and how this figure writes its numbers.
import { el, put } from "../core/index.js";
import { countCharacters, pieces, visible } from "./logic.js";

const SHOWN = 1200; // chips drawn; counting goes on behind

export const count = (n) => n.toLocaleString("en-US");

/** One token as a chip: whole characters as text, other bytes as hex, its id if asked for. */
export function chip(bpe, id, { ids = false, fresh = false } = {}) {
  const parts = pieces(bpe.token(id)).map((p) =>
    "text" in p ? el("bdi", {}, visible(p.text)) : el("span", { class: "hex" }, p.hex),
  );
  return el("span", { class: `tok c${id % 5}${fresh ? " fresh" : ""}` }, parts, ids && el("span", { class: "id" }, id));
}

export function chips(node, bpe, ids, t, options = {}) {
  put(
    node,
    ids.slice(0, SHOWN).map((id) => chip(bpe, id, { ...options, fresh: id === options.freshId })),
    ids.length > SHOWN && el("span", { class: "gb-muted" }, t("more", { n: count(ids.length - SHOWN) })),
  );
}

/** Characters a token, as a reader counts characters. */
export const perToken = (text, encoded) => (encoded.length ? (countCharacters(text) / encoded.length).toFixed(2) : "–");
