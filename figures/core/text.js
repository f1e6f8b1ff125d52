// Text that readers type, made safe to tokenize, and text made visible.

export const MAX_CHARS = 10_000;

/**
 * What a reader typed, ready for the tokenizer: at most `max` characters (code points), lone surrogates
 * replaced by U+FFFD because they are no text. NUL and the other control characters are kept: they are
 * bytes like any other. -> { text, cropped: boolean, repaired: boolean }
 *
 * clean("a\uD800b") -> { text: "a\uFFFDb", cropped: false, repaired: true }
 */
export function clean(typed, max = MAX_CHARS) {
  let text = "";
  let count = 0;
  let repaired = false;
  for (const character of String(typed)) {
    if (count === max) return { text, cropped: true, repaired };
    const code = character.codePointAt(0);
    const lone = code >= 0xd800 && code <= 0xdfff;
    text += lone ? "\uFFFD" : character;
    repaired ||= lone;
    count += 1;
  }
  return { text, cropped: false, repaired };
}

/**
 * Blanks and control characters as visible signs: space ␣ (only where `spaces` asks for it), newline ↵,
 * tab ⇥, other controls as their Unicode pictures (NUL is ␀).
 *
 * visible(" a\n\0", { spaces: "all" }) -> "␣a↵␀";  spaces: "edge" (leading and trailing) | "all" | "none"
 */
export function visible(text, { spaces = "edge" } = {}) {
  let out = "";
  for (const c of text) {
    const code = c.codePointAt(0);
    if (c === "\n") out += "↵";
    else if (c === "\t") out += "⇥";
    else if (code < 0x20) out += String.fromCodePoint(0x2400 + code);
    else if (code === 0x7f) out += "␡";
    else out += c;
  }
  if (spaces === "all") return out.replace(/ /g, "␣");
  if (spaces === "edge") return out.replace(/^ +| +$/g, (blank) => "␣".repeat(blank.length));
  return out;
}
