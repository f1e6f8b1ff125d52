// What a quiz is and how it is scored. No DOM.
import { random, shuffle } from "../core/random.js";

const hash = (text) => [...text].reduce((h, c) => (Math.imul(h, 31) + c.codePointAt(0)) >>> 0, 7);

/**
 * Check what an author wrote and put each question's options in an order that gives nothing away, the
 * same on every visit. -> { id, questions: [{ q, options: [{ text, right, why, index }] }] }
 * Throws a sentence that names the question and the remedy.
 */
export function prepare({ id, questions, keepOrder = false }) {
  if (typeof id !== "string" || !id) throw new Error('a quiz needs an "id", under which answers are kept');
  if (!Array.isArray(questions) || !questions.length) throw new Error(`quiz "${id}" has no "questions"`);
  return {
    id,
    questions: questions.map(({ q, options }, n) => {
      const where = `quiz "${id}", question ${n + 1}`;
      if (!q) throw new Error(`${where} has no text "q"`);
      if (!Array.isArray(options) || options.length < 2) throw new Error(`${where} needs at least two options`);
      for (const option of options) {
        if (!option.text || !option.why) throw new Error(`${where}: every option needs "text" and "why"`);
      }
      if (options.filter((o) => o.right === true).length !== 1)
        throw new Error(`${where} needs exactly one option with "right": true`);
      const numbered = options.map((o, index) => ({ text: o.text, why: o.why, right: o.right === true, index }));
      return { q, options: keepOrder ? numbered : shuffle(numbered, random(hash(id) + n)) };
    }),
  };
}

/** answers: { question number: index of the option } -> { answered, right, total } */
export function score(quiz, answers) {
  const given = quiz.questions.map((question, n) => question.options.find((o) => o.index === answers[n]));
  return { answered: given.filter(Boolean).length, right: given.filter((o) => o?.right).length, total: given.length };
}

/** Keep only answers that fit this quiz: a chapter may have changed since they were given. */
export function valid(quiz, answers) {
  const kept = {};
  quiz.questions.forEach((question, n) => {
    if (question.options.some((o) => o.index === answers?.[n])) kept[n] = answers[n];
  });
  return kept;
}

/** The first question after number `n` that has no answer, from the beginning again after the last; null when all have. */
export function next({ questions }, answers, n) {
  const places = questions.map((_, k) => (n + 1 + k) % questions.length);
  return places.find((place) => answers[place] === undefined) ?? null;
}
