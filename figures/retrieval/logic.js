// What the retrieval figure reads out of the recording: the reply to a question with exactly these passages
// on the desk, what became of each sentence when one was taken away, and how often citations told the truth
// about it. No page here.
//
// A desk has `passages` (four) and `replies`, one for each set of them: passage i is in the set if bit i of
// the number is 1. A reply is a list of sentences { text, letter, verdict, supported }, one for each thing asked.

export const LETTERS = "ABCD";

/** The number of a set: numberOf([true, false, true, false]) is 5. */
export const numberOf = (kept) => kept.reduce((sum, on, i) => sum + (on ? 2 ** i : 0), 0);

/** The set with a number: which passages are on the desk. */
export const keptIn = (number, n = LETTERS.length) => Array.from({ length: n }, (_, i) => ((number >> i) & 1) === 1);

/** A link's "A-C" as a set; without a letter that is one, all passages are there. */
export function keptFrom(text, n = LETTERS.length) {
  if (text === "none") return Array(n).fill(false);
  const named = [...String(text ?? "")].filter((c) => LETTERS.slice(0, n).includes(c));
  return Array.from({ length: n }, (_, i) => !named.length || named.includes(LETTERS[i]));
}

/** The other way: "AC", or "none". */
export const keptText = (kept) => kept.map((on, i) => (on ? LETTERS[i] : "")).join("") || "none";

const MISSING = { text: "", letter: null, verdict: "missing", supported: false };

/** What was replied with these passages: a sentence for each thing asked, some of which may be missing. */
export const replyTo = (desk, kept) => wholeReply(desk, desk.replies[numberOf(kept)]);
export const wholeReply = (desk, reply) => desk.asked.map((_, i) => reply[i] ?? MISSING);

/** The letters of the passages on the desk that state what is asked in place `i`, true or not. */
export const tellers = (desk, kept, i) =>
  desk.passages.flatMap((p, k) => (kept[k] && p.tells === i ? [LETTERS[k]] : [])).join("");

/** Which words judge a sentence: a key of strings.json. */
export function judged(desk, kept, sentence, i) {
  const { verdict, letter, supported } = sentence;
  if (verdict === "refused") return tellers(desk, kept, i) ? "refused_though" : "refused_rightly";
  if (verdict === "malformed" || verdict === "missing") return verdict;
  if (!letter) return `${verdict}_memory`;
  if (!kept[LETTERS.indexOf(letter)]) return `${verdict}_gone`;
  return supported ? `${verdict}_supported` : `${verdict}_unsupported`;
}

/** The sentences of two replies side by side: [{ now, before, changed }]. A new letter alone is a change too. */
export function compared(now, before) {
  return now.map((sentence, i) => {
    const old = before?.[i] ?? null;
    return {
      now: sentence,
      before: old,
      changed: Boolean(old) && `${old.text}${old.letter}` !== `${sentence.text}${sentence.letter}`,
    };
  });
}

/**
 * Over every set of every desk and every sentence of its reply: take one passage away. How often does the
 * sentence change if the passage is the one that it cites, and how often if it is another?
 * { cited: { changed, of }, other: { changed, of } }
 */
export function leaning(desks) {
  const found = { cited: { changed: 0, of: 0 }, other: { changed: 0, of: 0 } };
  for (const desk of desks) {
    for (let set = 1; set < desk.replies.length; set += 1) {
      const kept = keptIn(set, desk.passages.length);
      kept.forEach((on, k) => {
        if (!on) return;
        const less = desk.replies[set - 2 ** k];
        desk.replies[set].forEach((sentence, i) => {
          if (!sentence.letter) return;
          const row = found[sentence.letter === LETTERS[k] ? "cited" : "other"];
          row.of += 1;
          row.changed += less[i]?.text !== sentence.text ? 1 : 0;
        });
      });
    }
  }
  return found;
}
