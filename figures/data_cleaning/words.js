// How the mixing desk writes its numbers.
export const number = (n) => n.toLocaleString("en-US");
export const percent = (p) => (p > 0.995 && p < 1 ? ">99%" : p > 0 && p < 0.005 ? "<1%" : `${Math.round(100 * p)}%`);
export const bits = (x) => (x < 1 ? x.toFixed(3) : x.toFixed(2));
export const times = (x) => (x < 10 ? x.toFixed(1) : number(Math.round(x)));
export const count = (x) => (x < 100 ? x.toFixed(1) : number(Math.round(x)));
