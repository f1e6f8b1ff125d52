// What the model writes at a checkpoint, invented words marked, and how it answers one question.
import { el, put } from "../core/index.js";
import { judge, tally } from "./logic.js";
import { shownText } from "./words.js";

/** `node` holds the first text and the answer, `others` the texts that stand behind them. */
export function samplesPanel({ t }, run) {
  const { recording, vocabulary } = run;
  const first = el("div", { class: "samples" });
  const others = el("div", { class: "samples" });
  const answer = el("div", { class: "answer" });

  function sample(text, prompt) {
    const { n, invented } = tally([text], vocabulary);
    const marked = (part) => (part.is === "invented" ? el("mark", {}, part.text) : shownText(part.text));
    return el(
      "div",
      { class: "sample" },
      el("p", { class: "from" }, prompt ? t("sample_prompt", { prompt }) : t("sample_free")),
      el("p", { class: "text" }, text.trim() ? judge(text.trim(), vocabulary).map(marked) : el("i", {}, t("empty"))),
      el(
        "p",
        { class: "count" },
        n === 0 ? t("words_none") : invented ? t("words_invented", { k: invented, n }) : t("words_all_real"),
      ),
    );
  }

  function draw() {
    const f = run.now;
    const [shown, ...more] = f.samples.map((text, k) => sample(text, recording.sample_prompts[k]));
    put(first, el("p", { class: "sub" }, t("samples")), shown);
    put(others, el("p", { class: "sub" }, t("samples_more")), more);
    const right = f.verdict === "right";
    put(
      answer,
      el("p", {}, t("asked", { question: recording.question.text })),
      el(
        "p",
        {},
        `${t("answers")} `,
        el("q", {}, f.answer || " "),
        " ",
        el("b", { class: right ? "good" : "bad" }, `${right ? "✓" : "✗"} ${t(`verdict_${f.verdict}`)}`),
        " ",
        el("span", { class: "gb-muted" }, t("truth", { answer: recording.question.answer })),
      ),
    );
  }
  return { node: el("div", {}, first, answer), others, draw };
}
