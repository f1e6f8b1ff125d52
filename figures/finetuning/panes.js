// Three panes, a model each: what it writes, token by token, and the town's verdict; folded away, what each reads.
import { dataTable, el, MAIN, put, random, reducedMotion } from "../core/index.js";
import { label } from "../tokens/logic.js";
import { MAX_TOKENS, manner, promptIds, promptParts, readQuestion, reply, textOf, verdict } from "./logic.js";
import { pause, percent, SIGNS } from "./words.js";

const PACE = 30; // milliseconds a token

export function panesPanel(fig, desk) {
  const { t } = fig;
  const panes = desk.data.models.map((name) => modelPane(t, desk, name));
  const truth = el("p", { class: "truth" });
  const table = dataTable({
    summary: t("table"),
    caption: t("table_caption"),
    columns: ["model", "token", "share"].map((c) => t(`column_${c}`)),
  });
  let asked = 0; // which asking is the latest; a reply of an earlier one stops

  /** Put the question to every model that has arrived, a token of each in turn; whether all came to an end. */
  async function ask(text) {
    asked += 1;
    const mine = asked;
    const question = readQuestion(text, desk.books);
    desk.asked = question;
    truth.textContent = question
      ? t(`truth_${question.who}`, { name: question.name, answer: question.answer })
      : t("truth_unknown");
    table.update([]);
    for (const pane of panes) pane.begin(text);
    const writers = panes.filter(({ name }) => desk.arrived(name)).map((pane) => pane.writer(text, question));
    for (let left = writers; left.length && mine === asked && desk.alive; ) {
      const since = performance.now();
      left = left.filter((writer) => writer.step());
      if (!reducedMotion()) await pause(Math.max(0, PACE - (performance.now() - since)));
      else if (writers[0].tokens.length % 8 === 0) await pause(0);
    }
    if (mine !== asked || !desk.alive) return false;
    table.update(
      writers.flatMap(({ pane, tokens }) =>
        tokens.map(({ id, p }) => [t(`model_${pane.name}`), label(desk.tokenizerOf(pane.name).token(id)), percent(p)]),
      ),
    );
    const words = ({ pane }) =>
      question
        ? t("say_reply", { model: t(`model_${pane.name}`), verdict: t(`verdict_${pane.verdict}`) })
        : `${t(`model_${pane.name}`)}: ${pane.written()}`;
    fig.say(writers.map(words).join(" "), { shown: false });
    return true;
  }

  return {
    nodes: [
      el(
        "div",
        { class: "panes", ...MAIN.response },
        panes.map((p) => p.node),
      ),
      truth,
    ],
    more: [
      el("p", { class: "subsub" }, t("reads")),
      el(
        "div",
        { class: "prompts" },
        panes.map((p) => p.prompt),
      ),
      el("p", { class: "gb-muted small" }, t("surprise")),
    ],
    table: table.node,
    ask,
    /** Before anything is asked. */
    wait: () => panes.forEach((pane) => pane.wait()),
    fail(name, words) {
      panes.find((p) => p.name === name).failed = words;
    },
    stop() {
      asked += 1;
    },
  };
}

function modelPane(t, desk, name) {
  const [reads, text, why, is] = ["reads", "text", "why", "verdict"].map((key) => el("p", { class: key }));
  text.tabIndex = 0; // a long reply scrolls, by keyboard too
  text.setAttribute("role", "group");
  text.setAttribute("aria-label", t("writes", { model: t(`model_${name}`) }));
  const pane = {
    name,
    failed: null,
    verdict: null,
    node: el(
      "section",
      { class: "pane", "aria-label": t(`model_${name}`) },
      el("p", { class: "sub" }, t(`model_${name}`), " ", el("span", { class: "gb-muted small" }, t(`about_${name}`))),
      text,
      el("div", { class: "end" }, is, why),
    ),
    prompt: el("div", {}, el("p", { class: "tag" }, t(`model_${name}`)), reads),
    wait() {
      put(text, el("span", { class: "gb-muted" }, "…"));
    },
    written: () => text.textContent.trim(),
    begin(asked) {
      put(
        reads,
        promptParts(asked, desk.formOf(name)).map((part) =>
          el("span", { class: part.special ? "special" : "" }, part.text),
        ),
      );
      put(text, desk.arrived(name) ? "" : el("span", { class: "gb-muted" }, pane.failed ?? t("fetching")));
      put(why);
      put(is);
      pane.verdict = null;
    },
    /** `step()` writes one more token; false when the reply has ended. */
    writer(asked, question) {
      const { tokenizer } = desk.models[name];
      const steps = reply(
        desk.models[name],
        promptIds(asked, desk.formOf(name), tokenizer),
        { temperature: desk.temperature },
        random(desk.seed),
      );
      const tokens = [];
      const step = () => {
        const next = steps.next();
        if (next.done) {
          end(textOf(tokens, tokenizer), next.value, question);
          return false;
        }
        tokens.push(next.value);
        text.append(tokenNode(tokenizer, next.value));
        text.scrollTop = text.scrollHeight; // it follows the pen
        return true;
      };
      return { pane, tokens, step };
    },
  };
  function end(written, how, question) {
    text.scrollTop = 0; // to be read from the beginning
    if (!written.trim()) text.prepend(el("i", { class: "gb-muted" }, t("nothing"), " "));
    put(
      why,
      t(`ended_${how}`, { n: MAX_TOKENS }),
      name !== "base" && ` · ${t(`manner_${manner(written, desk.books)}`)}`,
    );
    pane.verdict = verdict(question, written, desk.books);
    put(is, el("span", { class: `is ${pane.verdict}` }, `${SIGNS[pane.verdict]} ${t(`verdict_${pane.verdict}`)}`));
  }
  return pane;
}

/** A written token, shaded by how surprising it was; as its label where it is half a character or a control. */
function tokenNode(tokenizer, { id, p }) {
  const name = label(tokenizer.token(id));
  const text = new TextDecoder().decode(tokenizer.token(id));
  const special = Object.values(tokenizer.special).includes(id);
  return el(
    "span",
    {
      class: special ? "special" : "w",
      title: percent(p),
      style: { "--surprise": `${Math.round(55 * (1 - p) ** 2)}%` },
    },
    text.includes("\uFFFD") ? name : text.replace(/[\u0000-\u0008\u000B-\u001F]/g, name),
  );
}
