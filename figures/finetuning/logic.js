// What the three panes compute without a page: which question was typed, how it is put to each model,
// the reply token by token, and the town's verdict on it. The verdict is glassbox/world/judge.py's, with its
// own patterns; figures/finetuning/golden.json holds both to one answer.
import { chatPrompt } from "../core/chat.js";
import { distribution, pick } from "../softmax_sampling/logic.js";

export const MAX_TOKENS = 64;
export const FORMS = ["bare", "paper", "chat"]; // how a question can be put
const FACTS = ["street", "trade", "born", "dish", "pet", "owes"];
const A_NAME = /^\p{L}+(?: \p{L}+)?$/u;
const NOBODY = "\u0000"; // the answer that no reply can name

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
const tidy = (text) => text.trim().replace(/\s+/g, " ").replaceAll("’", "'");

/** The town's books from what figures/finetuning/data.py exported: { people: Map, ask, judge patterns }. */
export function town({ people, n_residents, values, questions, frames, patterns }) {
  const books = new Map(
    people.map(([name, ...facts], i) => [
      name.toLowerCase(),
      {
        name,
        stranger: i >= n_residents,
        facts: Object.fromEntries(
          FACTS.map((fact, k) => [
            fact,
            values[fact] ? values[fact][facts[k]] : fact === "owes" ? people[facts[k]][0] : String(facts[k]),
          ]),
        ),
      },
    ]),
  );
  const forms = FACTS.flatMap((attribute) =>
    questions[attribute].map((text) => ({
      attribute,
      pattern: new RegExp(
        `^${text.split("{name}").map(escaped).join("(?<name>.+?)").replace("\\?", "\\s*\\??")}$`,
        "i",
      ),
    })),
  );
  return {
    books,
    forms,
    frames: frames.map((text) => new RegExp(`^${text.split("{}").map(escaped).join("(?<asked>.+)")}$`, "i")),
    manners: Object.entries(patterns.manners).map(([manner, source]) => [manner, new RegExp(source, "gi")]),
    names: new Set(people.map(([name]) => name)),
    refusal: new RegExp(patterns.refusal, "i"),
    denial: patterns.denial,
    oneself: patterns.oneself,
    glue: new RegExp(`^${patterns.glue}$`, "i"),
    name: new RegExp(patterns.name, "g"),
    shapes: Object.fromEntries(Object.entries(patterns.shapes).map(([key, source]) => [key, new RegExp(source, "g")])),
    lists: Object.fromEntries(
      Object.entries(values).map(([key, list]) => [
        key,
        new RegExp(
          `\\b(?:${[...list]
            .sort((a, b) => b.length - a.length)
            .map((v) => escaped(v).replaceAll(" ", "\\s+"))
            .join("|")})\\b`,
          "gi",
        ),
      ]),
    ),
  };
}

/**
 * What is asked: { attribute, name, answer, who: "resident" | "stranger" | "nobody" }, or null when the words
 * are none of the town's ways to ask. "nobody" is a name that is in no book at all.
 */
export function readQuestion(typed, { forms, frames, books }) {
  const text = tidy(typed);
  const asked = [text, ...frames.map((frame) => frame.exec(text)?.groups.asked).filter(Boolean)];
  for (const { attribute, pattern } of forms) {
    const name = asked
      .map((part) => pattern.exec(part)?.groups.name)
      .find((found) => found && (books.has(found.toLowerCase()) || A_NAME.test(found)));
    if (!name) continue;
    const person = books.get(name.toLowerCase());
    if (person)
      return {
        attribute,
        name: person.name,
        answer: person.facts[attribute],
        who: person.stranger ? "stranger" : "resident",
      };
    return { attribute, name, answer: NOBODY, who: "nobody" };
  }
  return null;
}

/** "right", "wrong", "refused" or "malformed": world.judge, line by line. */
export function judge({ attribute, name, answer }, reply, books) {
  const first = reply
    .trim()
    .split("\n")[0]
    .replace(/<\|[^|]*\|>.*/, "")
    .replaceAll("’", "'");
  const line = first.split(/\s+/).filter(Boolean).join(" ");
  let rest = line.replace(new RegExp(`${escaped(name)}(?:'s)?`, "gi"), " ");
  const found = new Set();
  const take = (pattern, remove = true) => {
    for (const [value] of rest.matchAll(pattern)) found.add(value.toLowerCase());
    return remove ? rest.replace(pattern, " ") : rest;
  };
  if (books.lists[attribute]) rest = take(books.lists[attribute]);
  else if (attribute === "owes") {
    const one = new RegExp(`\\b${escaped(answer)}\\b`, "gi");
    if (rest.search(one) >= 0) {
      found.add(answer.toLowerCase());
      rest = rest.replace(one, " ");
    }
    if (namesOneself(name, line, rest, books)) found.add(name.toLowerCase());
  }
  if (books.shapes[attribute]) take(books.shapes[attribute], false);
  const others = (rest.match(books.name) ?? []).some((other) => books.names.has(other) && other !== name);
  if (attribute !== "owes" && others) return "wrong";
  if (found.size) {
    const denied = new RegExp(
      books.denial.replaceAll("{value}", () => escaped(answer)),
      "i",
    ).test(line);
    return found.size === 1 && found.has(answer.toLowerCase()) && !denied ? "right" : "wrong";
  }
  return books.refusal.test(rest) ? "refused" : "malformed";
}

/** Whether the person asked about is named as the one to whom the favor is owed: world.judge's _names_oneself. */
function namesOneself(name, line, rest, { oneself, glue, name: aName }) {
  if (!new RegExp(`\\b${escaped(name)}\\b`, "i").test(line)) return false;
  const pattern = new RegExp(
    oneself.replaceAll("{name}", () => escaped(name)),
    "i",
  );
  return glue.test(rest.replace(aName, " ")) || pattern.test(line);
}

/** The verdict that is shown: of somebody in no document every answer is made up, even one that happens to be true. */
export function verdict(question, reply, books) {
  if (!question) return "unknown";
  const found = judge(question, reply, books);
  return question.who !== "resident" && (found === "right" || found === "wrong") ? "invented" : found;
}

/** "polite", "verbose", "rude" or "plain", by the marks that each manner leaves: glassbox.world.conversations.style_of. */
export function manner(text, { manners }) {
  const marks = Object.fromEntries(manners.map(([name, pattern]) => [name, (text.match(pattern) ?? []).length]));
  const most = Math.max(...Object.values(marks));
  return most ? ["rude", "verbose", "polite"].find((name) => marks[name] === most) : "plain";
}

/** A question as the ids that a model reads. */
export function promptIds(text, form, tokenizer) {
  if (form === "chat") return chatPrompt([{ role: "user", content: text }], tokenizer);
  return [tokenizer.special["<|endoftext|>"], ...tokenizer.encode(form === "paper" ? `Q: ${text}\nA:` : text)];
}

/** The same for people: [{ text, special: boolean }]. */
export function promptParts(text, form) {
  const special = (name) => ({ text: `<|${name}|>`, special: true });
  const plain = { text: form === "paper" ? `Q: ${text}\nA:` : text, special: false };
  if (form !== "chat") return [special("endoftext"), plain];
  return [special("endoftext"), special("user"), plain, special("end"), special("assistant")];
}

/**
 * A reply, token by token: yields { id, p }, p being the token's share under the temperature, and at the end
 * returns why it ended: "end" (its turn), "endoftext" (the document), another special token's name, or "limit".
 */
export function* reply({ gpt, tokenizer }, ids, { temperature = 1, limit = MAX_TOKENS } = {}, rng = Math.random) {
  const names = new Map(Object.entries(tokenizer.special).map(([name, id]) => [id, name.slice(2, -2)]));
  const session = gpt.start();
  let logits = session.feed(ids);
  for (let n = 0; n < limit; n += 1) {
    const shares = distribution(logits, { temperature });
    const id = pick(shares, rng());
    yield { id, p: shares.final[id] };
    if (names.has(id)) return names.get(id);
    logits = session.feed(id);
  }
  return "limit";
}

/** A whole reply at once: { text, tokens: [{ id, p }], ended }. */
export function answer(trained, ids, settings, rng) {
  const tokens = [];
  const writer = reply(trained, ids, settings, rng);
  let step = writer.next();
  for (; !step.done; step = writer.next()) tokens.push(step.value);
  return { tokens, ended: step.value, text: textOf(tokens, trained.tokenizer) };
}

/** The text of some tokens without the special ones. */
export function textOf(tokens, tokenizer) {
  const special = new Set(Object.values(tokenizer.special));
  return tokenizer.decode(tokens.map(({ id }) => id).filter((id) => !special.has(id)));
}

/** How many of some verdicts are of each kind, in the order shown. */
export function tally(verdicts) {
  const kinds = ["right", "wrong", "invented", "refused", "malformed"];
  return Object.fromEntries(kinds.map((kind) => [kind, verdicts.filter((v) => v === kind).length]));
}
