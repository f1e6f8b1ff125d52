// How the label office writes its numbers.
export const minus = (text) => text.replace("-", "−").replace(/^−(0(?:\.0+)?)$/, "$1");
export const two = (x) => minus(x.toFixed(2));
export const signed = (x) => (x > 0.005 ? "+" : "") + minus(x.toFixed(1));
export const percent = (p) => (p > 0 && p < 0.005 ? "<1%" : p > 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);
export const whole = (x) => Math.round(x).toLocaleString("en-US");
export const left = (x) => `${(100 * x).toFixed(2)}%`;
