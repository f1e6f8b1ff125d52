// How the compression figure writes its numbers.
export const number = (n) => n.toLocaleString("en-US");
export const percent = (p) => (p > 0 && p < 0.005 ? "<1%" : p > 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);
export const kilobytes = (n) => (n < 999_500 ? `${Math.round(n / 1000)} KB` : `${(n / 1e6).toFixed(1)} MB`);
export const SIGNS = { right: "✓", another: "≠", nobody: "?", missing: "–" };
