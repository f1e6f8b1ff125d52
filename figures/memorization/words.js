// How the memory figure writes its numbers.
export const number = (n) => n.toLocaleString("en-US");
export const percent = (p) => (p > 0 && p < 0.005 ? "<1%" : p > 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);
export const bits = (nats) => (nats / Math.LN2).toFixed(1);
export const copiesText = (t, n) => t(n === 1 ? "copies_1" : "copies_n", { n });
export const timesText = (t, n) => t(n === 1 ? "times_1" : "times_n", { n });
