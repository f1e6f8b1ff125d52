// What a prediction is. No DOM.

/**
 * Check what an author wrote. -> { id, question, choices | number: { min, max, step, unit, start } }
 * Throws a sentence that names the slip.
 */
export function prepare({ id, question, choices, number }) {
  if (typeof id !== "string" || !id) throw new Error('a prediction needs an "id", under which the answer is kept');
  if (!question) throw new Error(`prediction "${id}" has no "question"`);
  if (number) {
    const { min, max, step = 1, unit = "" } = number;
    if (!(Number.isFinite(min) && Number.isFinite(max) && min < max && step > 0)) {
      throw new Error(`prediction "${id}": "number" needs min < max and a step above 0`);
    }
    const start = number.start ?? min + Math.round((max - min) / 2 / step) * step;
    return { id, question, number: { min, max, step, unit, start } };
  }
  if (!Array.isArray(choices) || choices.length < 2 || choices.length > 6) {
    throw new Error(`prediction "${id}" needs between two and six "choices", or a "number"`);
  }
  return { id, question, choices: choices.map(String) };
}

/** A kept answer, or null where it does not fit the question (any more). */
export function valid(ask, answer) {
  if (answer === null || answer === undefined) return null;
  if (ask.number)
    return typeof answer === "number" && answer >= ask.number.min && answer <= ask.number.max ? answer : null;
  return ask.choices.includes(answer) ? answer : null;
}

/** How a prediction compares: "same" | "other" for choices; for numbers "close" (within a tenth of the scale), "low", "high". */
export function compare(ask, predicted, measured) {
  if (!ask.number) return predicted === measured ? "same" : "other";
  const off = predicted - measured;
  if (Math.abs(off) <= (ask.number.max - ask.number.min) / 10) return "close";
  return off < 0 ? "low" : "high";
}

/** How an answer was come to, at a sentence's beginning and inside one. manner("Worked out").inside -> "worked out" */
export const manner = (label) => ({ first: label, inside: label[0].toLowerCase() + label.slice(1) });

/** Where a number lies on its scale, in percent, kept inside it. */
export const place = ({ min, max }, x) => Math.min(100, Math.max(0, (100 * (x - min)) / (max - min)));

/** A number as the step of its slider writes it, with its unit. */
export function shown({ step, unit }, x) {
  const digits = (String(step).split(".")[1] ?? "").length;
  const text = Number(x).toFixed(digits);
  return unit === "%" ? `${text}%` : `${text}${unit ? ` ${unit}` : ""}`;
}
