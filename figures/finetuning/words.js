// How the three panes write numbers and verdicts.
export const SIGNS = { right: "✓", wrong: "✗", invented: "✗", refused: "○", malformed: "–", unknown: "?" };
export const KINDS = ["right", "wrong", "invented", "refused", "malformed"];
export const number = (n) => n.toLocaleString("en-US");
export const percent = (p) => (p > 0 && p < 0.005 ? "<1%" : p > 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);
export const pause = (ms) => new Promise((resume) => setTimeout(resume, ms));
