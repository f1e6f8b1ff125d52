// How the league table writes its numbers.
export const percent = (p) => `${Math.round(100 * p)}%`;
export const points = (p) =>
  Math.abs(100 * p) < 9.95 ? Number(Math.abs(100 * p).toFixed(1)).toString() : String(Math.round(100 * Math.abs(p)));
