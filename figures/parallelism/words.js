// Numbers as this figure writes them.
export const percent = (share) => `${Math.round(100 * share)}%`;
export const dollars = (x) => `$${Math.round(x).toLocaleString("en-US")}`;
