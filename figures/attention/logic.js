// What the attention viewer computes: a text read with some heads switched off. No DOM.
import { ranked, softmax } from "../softmax_sampling/logic.js";

/**
 * Read ids with the heads in `off` (numbers, layer * n_head + head) switched off ->
 *   shares[head][t]  Float32Array of length t + 1: where token t looks
 *   next[t]          Float64Array over the vocabulary: what is expected after token t
 *   bits[t]          the surprise of token t, -log2 of its share; bits[0] is 0, it is given
 * Only as much as fits into the window is read: the beginning.
 */
export function read(gpt, ids, off = []) {
  const { n_layer, n_head, block_size, vocab_size: V } = gpt.config;
  const T = Math.min(ids.length, block_size);
  // Views of one block each, which a worker hands over faster than a thousand small ones.
  const looks = new Float32Array(n_layer * n_head * T * T);
  const shares = Array.from({ length: n_layer * n_head }, (_, head) =>
    Array.from({ length: T }, (_, t) => looks.subarray((head * T + t) * T, (head * T + t) * T + t + 1)),
  );
  const session = gpt.start({ off, watch: (layer, head, t, row) => shares[layer * n_head + head][t].set(row) });
  const expected = new Float64Array(T * V);
  const next = Array.from({ length: T }, (_, t) => expected.subarray(t * V, (t + 1) * V));
  for (let t = 0; t < T; t += 1) next[t].set(softmax(session.feed(ids[t])));
  const bits = next.map((_, t) => (t ? Math.max(0, -Math.log2(next[t - 1][ids[t]])) : 0));
  return { shares, next, bits };
}

/**
 * Words that may come after a text: the `n` likeliest tokens, each gone on with greedily until the word ends
 * (`ends[id]`: this token begins something new). Returns their tokens, [[id, …], …].
 */
export function guess(gpt, ids, off, n, ends) {
  const session = gpt.start({ off });
  const first = session.feed(ids);
  return ranked(first)
    .slice(0, n)
    .map((id) => {
      session.rewind(ids.length);
      const path = [id];
      for (let next = ranked(session.feed(id))[0]; !ends[next] && path.length < 6; ) {
        path.push(next);
        next = ranked(session.feed(next))[0];
      }
      return path;
    });
}

/** The share of each path of tokens after a text, the product of its tokens' shares. */
export function shares(gpt, ids, off, paths) {
  const session = gpt.start({ off });
  const first = softmax(session.feed(ids));
  return paths.map((path) => {
    session.rewind(ids.length);
    let [p, here] = [1, first];
    path.forEach((id, i) => {
      p *= here[id];
      if (i + 1 < path.length) here = softmax(session.feed(id));
    });
    return p;
  });
}

/** What can be asked of the worker. */
export const jobs = { read, guess, shares };

/** The surprise of a whole text. */
export const sum = (bits) => bits.reduce((all, b) => all + b, 0);

/** Heads as readers count them, from 1: "3.1". */
export const headName = (number, n_head) => `${Math.floor(number / n_head) + 1}.${(number % n_head) + 1}`;

/** "3.1,3.2" -> [8, 9], sorted, each once; what names no head is left out. */
export function parseHeads(text, n_layer, n_head) {
  const numbers = String(text ?? "")
    .split(",")
    .map((name) => {
      const [, layer, head] = /^\s*(\d{1,3})\.(\d{1,3})\s*$/.exec(name) ?? [];
      return layer >= 1 && layer <= n_layer && head >= 1 && head <= n_head ? (layer - 1) * n_head + (head - 1) : -1;
    });
  return [...new Set(numbers.filter((n) => n >= 0))].sort((a, b) => a - b);
}

/** The number of the token that holds the character at `at` of the text; `lengths` are the tokens' lengths in it. */
export function tokenAt(lengths, at) {
  let end = 0;
  for (let i = 0; i < lengths.length; i += 1) {
    end += lengths[i];
    if (at < end) return i;
  }
  return lengths.length - 1;
}

/**
 * The likeliest next tokens with and without, [{ id, on, off }]: the `n` likeliest of each that have at
 * least `least`, and the one that came (`truth`, may be undefined), likeliest with all heads first.
 */
export function compare(on, off, truth, n = 5, least = 0.005) {
  const best = (p) =>
    Array.from(p.keys())
      .sort((a, b) => p[b] - p[a] || a - b)
      .slice(0, n)
      .filter((id, i) => !i || p[id] >= least);
  const ids = new Set([...best(on), ...best(off)]);
  if (truth !== undefined) ids.add(truth);
  return [...ids].map((id) => ({ id, on: on[id], off: off[id] })).sort((a, b) => b.on - a.on || a.id - b.id);
}

/** The token whose surprise grows most, and by how much: { at, more }; at is 0 where nothing changes. */
export function worst(on, off) {
  let at = 0;
  for (let t = 1; t < on.length; t += 1) if (off[t] - on[t] > off[at] - on[at]) at = t;
  return { at, more: off[at] - on[at] };
}
