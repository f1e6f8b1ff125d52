// What the figure shows at a station, from the recorded answers (data.py says what they hold). No DOM.

/** The stations in the order in which a token passes them. */
export const STATIONS = ["window", "tokens", "vectors", "attention", "depths", "scores", "dice"];

/** The four tokens that are signs and no text, by how they are spelled. */
const SIGNS = { "<|endoftext|>": "start", "<|user|>": "user", "<|assistant|>": "assistant", "<|end|>": "end" };

/** The name of a sign among the tokens, or null for text. */
export const signOf = (text) => (Object.hasOwn(SIGNS, text) ? SIGNS[text] : null);

const whole = (value, least, most) => {
  const number = Number(value);
  return Number.isInteger(number) && number >= least && number <= most ? number : null;
};

/** What a link sets, or the opening: at the token in which the street is named. */
export function begin(data, { station, answer, step }) {
  const which = whole(answer ?? "", 0, data.answers.length - 1) ?? 0;
  const steps = data.answers[which].steps;
  const asked = step === null || step === undefined || step === "" ? null : whole(step, 0, steps.length - 1);
  return {
    station: STATIONS.includes(station) ? station : "depths",
    answer: which,
    step: asked ?? naming(data, which),
  };
}

/** The step of an answer that its telling turns on: the first token of a right street, or the first that went wrong. */
export function naming(data, which) {
  const { steps, right } = data.answers[which];
  const first = data.truth.split(" ")[0];
  const at = right ? steps.findIndex((s) => data.texts[s.chosen].trim() === first) : 0;
  return Math.max(0, at);
}

/** The ids that the machine has read before it writes a token: the prompt and the answer so far. */
export const read = (data, { answer, step }) => [
  ...data.prompt,
  ...data.answers[answer].steps.slice(0, step).map((s) => s.chosen),
];

/** The answer's tokens written before this step. */
export const written = (data, { answer, step }) => read(data, { answer, step }).slice(data.prompt.length);

export const now = (data, { answer, step }) => data.answers[answer].steps[step];

/** The state one token on, or null at the end of the answer. */
export const next = (data, state) =>
  state.step + 1 < data.answers[state.answer].steps.length ? { ...state, step: state.step + 1 } : null;

/** The state in which other dice are thrown: the next recorded answer, at the token that it turns on. */
export function thrown(data, state) {
  const answer = (state.answer + 1) % data.answers.length;
  return { ...state, answer, step: naming(data, answer) };
}

/** The tokens that a layer looked at most, as [id, share, place], the largest share first. */
export const looks = (data, state) => {
  const ids = read(data, state);
  return now(data, state).looks.map((layer) => layer.map(([place, share]) => [ids[place], share, place]));
};

/** The pieces of the line on which the dart falls: [{ id, from, to, hit }], the likeliest first, the rest last. */
export function pieces({ scores, chosen, below }) {
  let at = 0;
  const all = [];
  for (const [id, p] of scores) {
    const from = id === chosen ? below : at;
    all.push({ id, from, to: Math.min(1, from + p), hit: id === chosen });
    at = Math.max(at, from + p);
  }
  return all.filter((piece) => piece.hit || piece.to - piece.from > 0.0005);
}

/** "99.6%", "54%", "under 0.1%", "over 99.9%" */
export function percent(p) {
  if (p > 0.999) return "over 99.9%";
  if (p < 0.001) return "under 0.1%";
  return p < 0.1 || p > 0.99 ? `${(100 * p).toFixed(1)}%` : `${Math.round(100 * p)}%`;
}
