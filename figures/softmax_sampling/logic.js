// From logits to a drawn token: penalty, temperature, filters, dice. The same steps in the same
// order as glassbox/machine/sampling.py (and Hugging Face): repetition penalty -> temperature ->
// top-k -> top-p -> min-p. figures/softmax_sampling/golden.json holds both to one answer.
// No page and no model in here.

export const OPEN = { temperature: 1, topK: 0, topP: 1, minP: 0, penalty: 1 };

// What glassbox.machine.sampling refuses, the page refuses too: a number that is none of these would become NaN and be drawn.
const refuse = (name, value, remedy) => {
  throw new RangeError(`${name} is ${value}; it must be ${remedy}`);
};
const TINY = 1e-6; // a temperature below it may overflow what is divided by it, and counts as 0

function checkedTemperature(temperature) {
  if (Number.isFinite(temperature) && temperature >= 0) return temperature < TINY ? 0 : temperature;
  return refuse("temperature", temperature, "0 (always the likeliest) or more");
}

/** The place of the highest logit; throws where one is NaN, or the highest is no number. */
function highest(logits) {
  let best = 0;
  for (let i = 0; i < logits.length; i++)
    if (!(logits[i] <= logits[best])) best = Number.isNaN(logits[best]) ? best : i;
  if (Number.isFinite(logits[best])) return best;
  throw new RangeError(
    `the highest of ${logits.length} logits is ${logits[best]}, so they hold NaN or infinity, or rule out every token; look at what the model returned`,
  );
}

/** Shares of the logits after dividing by the temperature; at 0 everything goes to the largest. */
export function softmax(logits, temperature = 1) {
  const heat = checkedTemperature(temperature);
  const n = logits.length;
  const p = new Float64Array(n);
  const best = highest(logits);
  if (heat === 0) {
    p[best] = 1;
    return p;
  }
  const max = logits[best];
  let sum = 0;
  for (let i = 0; i < n; i++) {
    p[i] = Math.exp((logits[i] - max) / heat);
    sum += p[i];
  }
  for (let i = 0; i < n; i++) p[i] /= sum;
  return p;
}

/** CTRL's penalty as Hugging Face applies it: a token already in the context loses score. */
export function penalize(logits, seen, penalty) {
  if (!(penalty > 0)) refuse("penalty", penalty, "above 0 (1 changes nothing)");
  const out = Float64Array.from(logits);
  if (penalty !== 1) for (const id of new Set(seen)) out[id] = out[id] < 0 ? out[id] * penalty : out[id] / penalty;
  return out;
}

/** Ids from the highest score to the lowest; equals by smaller id. */
export function ranked(scores) {
  const ids = Array.from(scores, (_, i) => i);
  return ids.sort((a, b) => scores[b] - scores[a] || a - b);
}

function renormalize(p) {
  let sum = 0;
  for (const x of p) sum += x;
  for (let i = 0; i < p.length; i++) p[i] /= sum;
  return p;
}

/** What does not depend on temperature and cuts: scores after the penalty, and ids by score. */
export function prepare(logits, penalty = 1, seen = []) {
  const scores = penalize(logits, seen, penalty);
  return { logits, scores, order: ranked(scores) };
}

/**
 * The shares the dice are thrown for, from what `prepare` returned:
 *   warm     after penalty and temperature, nothing cut
 *   final    after the cuts, shared out anew; 0 for what was cut
 *   cutBy    per token "", or what removed it: "t" (temperature 0), "k", "p" or "m"
 *   kept     how many are left
 * Each filter sees what the one before it left, shared out anew: with top-k off, top-p works on
 * the full vocabulary.
 */
export function shares({ scores, order }, settings = {}) {
  const { temperature, topK, topP, minP } = { ...OPEN, ...settings };
  if (!(topK >= 0 && topK % 1 === 0)) refuse("topK", topK, "a whole number, 1 or more, or 0 for no cut");
  if (!(topP > 0 && topP <= 1)) refuse("topP", topP, "above 0 and at most 1");
  if (!(minP >= 0 && minP <= 1)) refuse("minP", minP, "between 0 and 1");
  const warm = softmax(scores, temperature);
  const final = Float64Array.from(warm);
  const cutBy = new Array(warm.length).fill("");
  const cut = (id, why) => {
    if (!cutBy[id]) cutBy[id] = why;
    final[id] = 0;
  };
  if (temperature < TINY) for (const id of order.slice(1)) cut(id, "t");
  if (topK > 0 && topK < order.length) {
    const last = scores[order[topK - 1]]; // equals of the k-th stay, as in glassbox and Hugging Face
    for (const id of order) if (scores[id] < last) cut(id, "k");
    renormalize(final);
  }
  if (topP < 1) {
    let before = 0; // mass of everything more probable
    for (const [rank, id] of order.entries()) {
      const p = final[id];
      if (rank > 0 && before >= topP) cut(id, "p");
      before += p;
    }
    renormalize(final);
  }
  if (minP > 0) {
    const floor = minP * final[order[0]];
    for (const id of order) if (final[id] > 0 && final[id] < floor) cut(id, "m");
    renormalize(final);
  }
  let kept = 0;
  for (const why of cutBy) if (!why) kept++;
  return { warm, final, cutBy, kept };
}

/** Both steps, and `network`: the shares at temperature 1 with nothing cut, which the network itself says. */
export function distribution(logits, settings = {}, seen = []) {
  const prepared = prepare(logits, settings.penalty ?? 1, seen);
  return { network: softmax(logits), order: prepared.order, ...shares(prepared, settings) };
}

/** Entropy in bits; perplexity is 2 to that power: among how many equal choices it would be. */
export function entropy(p) {
  let h = 0;
  for (const x of p) if (x > 0) h -= x * Math.log2(x);
  return Math.max(0, h);
}

/** The `n` most probable tokens and one bucket for all the others. */
export function bars({ network, warm, final, cutBy, order }, n = 12) {
  const shown = order.slice(0, n).map((id) => ({
    id,
    network: network[id],
    warm: warm[id],
    final: final[id],
    cutBy: cutBy[id],
  }));
  const tail = { count: 0, network: 0, warm: 0, final: 0, kept: 0 };
  for (const id of order.slice(n)) {
    tail.count++;
    tail.network += network[id];
    tail.warm += warm[id];
    tail.final += final[id];
    if (!cutBy[id]) tail.kept++;
  }
  return { shown, tail };
}

// ---------------------------------------------------------------- the dice

export const MAX_SEED = 999999;

/** What was typed as a seed, as a whole number from 0 to MAX_SEED; 0 for what is no number. */
export const seedOf = (typed) => Math.min(MAX_SEED, Math.max(0, Math.trunc(Number(typed)) || 0));

/** The token whose stretch of the line from 0 to 1, most probable first, holds u. */
export function pick({ final, order }, u) {
  let sum = 0;
  let last = order[0];
  for (const id of order) {
    if (final[id] <= 0) continue;
    sum += final[id];
    last = id;
    if (u < sum) return id;
  }
  return last; // u fell in the rounding error at the end
}

// ---------------------------------------------------------------- is the answer right?

/**
 * The answers of one kind as a tree of tokens, so that shared beginnings are computed once.
 * answers: [{ text, ids }]. A node is { path, next: Map(id -> node), answers: [index, …] }.
 */
export function answerTree(answers) {
  const root = { path: [], next: new Map(), answers: [] };
  answers.forEach(({ ids }, i) => {
    let node = root;
    for (const id of ids) {
      if (!node.next.has(id)) node.next.set(id, { path: [...node.path, id], next: new Map(), answers: [] });
      node = node.next.get(id);
    }
    node.answers.push(i);
  });
  return root;
}

/** Every node of the tree, parents first. */
export function nodes(root) {
  const out = [root];
  for (let i = 0; i < out.length; i++) out.push(...out[i].next.values());
  return out;
}

/**
 * The probability that the drawn continuation begins with each answer, whole: the product of its
 * tokens' shares under the settings, times the share of next tokens that do not go on with the
 * word (`ends[id]` is true). `preparedAt(node)` is `prepare` of the logits after the node's path.
 */
export function answerShares(root, nAnswers, preparedAt, settings, ends) {
  const out = new Float64Array(nAnswers);
  const walk = (node, p) => {
    const { final } = shares(preparedAt(node), settings);
    if (node.answers.length) {
      let over = 0;
      for (let id = 0; id < final.length; id++) if (ends[id]) over += final[id];
      for (const i of node.answers) out[i] += p * over;
    }
    for (const [id, child] of node.next) if (final[id] > 0) walk(child, p * final[id]);
  };
  walk(root, 1);
  return out;
}

/** Does a token with these bytes leave the word before it alone? Not if it goes on with a letter or digit. */
export const endsWord = (bytes) => !/^[\p{L}\p{N}\p{M}_]/u.test(new TextDecoder().decode(bytes)) && !(bytes[0] >= 0x80);
