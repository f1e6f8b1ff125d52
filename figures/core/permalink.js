// A link to what a reader sees: #fig=tokens&temperature=0.7. Only in pages (a notebook's address is
// not ours to change), only for the keys that a figure declares, and never with more than 600 characters.

const LIMIT = 600;

/** parse("#fig=tokens&k=5", "tokens") -> { k: "5" }, or null when the link is about something else. */
export function parse(hash, figure) {
  const params = new URLSearchParams(String(hash).replace(/^#/, ""));
  if (params.get("fig") !== figure) return null;
  params.delete("fig");
  return Object.fromEntries(params);
}

/** format("tokens", { k: 5 }) -> "#fig=tokens&k=5"; values that do not fit are left out. */
export function format(figure, values) {
  let out = `#fig=${encodeURIComponent(figure)}`;
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    let part;
    try {
      part = `&${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`;
    } catch {
      continue; // a lone surrogate cannot be in an address
    }
    if (out.length + part.length <= LIMIT) out += part;
  }
  return out;
}
