// Numbers as the figure says them: two digits that count, and words for the large ones.

const LARGE = [
  [1e12, "trillion"],
  [1e9, "billion"],
  [1e6, "million"],
];

/** 5345678 -> "5.3 million", 1291 -> "1,300", 0.197 -> "0.2" */
export function rough(x, digits = 2) {
  const value = Number(x.toPrecision(digits));
  for (const [size, word] of LARGE) if (value >= size) return `${plain(value / size, digits)} ${word}`;
  return plain(value, digits);
}

/** Thousands with commas, no more digits than count. */
export const plain = (x, digits = 3) =>
  Number(x.toPrecision(digits)).toLocaleString("en-US", { maximumFractionDigits: 6 });

const HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** 3.15e23 -> "3.15 × 10²³" */
export function scientific(x) {
  const [digits, power] = x.toExponential(2).split("e+");
  return `${digits} × 10${[...power].map((digit) => HIGH[digit]).join("")}`;
}

/** 0.1968 -> "19.7%" */
export const percent = (x, digits = 3) => `${plain(100 * x, digits)}%`;

/** Something counted, in its unit: valued(t, "cost", 5.3e6) -> "$5.3 million" */
export const valued = (t, count, n) => t(`value_${count}`, { n: rough(count === "water" ? 1000 * n : n) });

/** An unknown's value in its unit. */
export const unit = (t, name, n) => t(`unit_${name}`, { n: bare(name, n) });

/** The same without its unit. */
export function bare(name, n) {
  if (name === "utilization") return percent(n);
  if (name === "price") return n.toFixed(2);
  if (name === "pue" || name === "water") return plain(n, 3);
  return plain(n, name === "runs" ? 2 : 3);
}

/** ["a", "b", "c"] -> "a, b and c" */
export const listed = (t, names) =>
  names.length < 2 ? names.join("") : t("and", { names: names.slice(0, -1).join(", "), last: names.at(-1) });
