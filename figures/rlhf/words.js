// How the leash figure writes its measures and places.
export const percent = (p) => (p > 0 && p < 0.005 ? "<1%" : p > 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);
export const minus = (text) => text.replace("-", "−").replace(/^−(0(?:\.0+)?)$/, "$1");
export const left = (x) => `${(100 * x).toFixed(2)}%`;
const two = (x) => minus(x.toFixed(2));
export const WRITE = {
  kl: (x) => x.toFixed(x < 10 ? 1 : 0),
  proxy: two,
  gold: two,
  invented: percent,
  right: percent,
  polite: percent,
  words: (x) => x.toFixed(1),
};
