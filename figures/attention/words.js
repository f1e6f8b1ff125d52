// How the attention viewer writes its numbers.
export const number = (n) => n.toLocaleString("en-US");
export const percent = (p) =>
  p >= 0.995 ? "100%" : p >= 0.1 ? `${Math.round(100 * p)}%` : p >= 0.001 ? `${(100 * p).toFixed(1)}%` : "<0.1%";
export const bits = (b) => b.toFixed(Math.abs(b) < 10 ? 1 : 0).replace("-0.0", "0.0");
export const two = (x) =>
  x
    .toFixed(2)
    .replace(/^-0\.00$/, "0.00")
    .replace("-", "−");
/** With a plus where there is more, and a minus where there is less. */
export function more(b, digits = 1) {
  const text = b.toFixed(digits).replace(/^-(0\.0+)$/, "$1");
  return b > 0 && !/^0\.0+$/.test(text) ? `+${text}` : text.replace("-", "−");
}
