// How the sampling bench writes its numbers.
export const number = (n) => n.toLocaleString("en-US");
export const trim = (x, digits) => String(+x.toFixed(digits));
export const percent = (p) => {
  if (p <= 0) return "0%";
  if (p >= 0.9995) return p > 0.99995 ? "100%" : "99.9%";
  return p < 0.0001 ? "<0.01%" : `${(100 * p).toFixed(p < 0.01 ? 2 : 1)}%`;
};
/** In whole percent, for the eye; 0% and 100% only where it is so. */
export const whole = (p) => {
  if (p <= 1e-9) return "0%";
  if (p >= 1 - 1e-9) return "100%";
  return p < 0.005 ? "<1%" : p > 0.995 ? ">99%" : `${Math.round(100 * p)}%`;
};
