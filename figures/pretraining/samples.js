// What the model writes at a checkpoint, invented words marked, and how it answers one question.
import { el, put } from "../core/index.js";
import { judge, tally } from "./logic.js";
import { shownText } from "./words.js";

export function samplesPanel({ t }, run) {
  const { recording, vocabulary } = run;
  const samples = el("div", { class: "samples" });
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
    put(
      samples,
      el("p", { class: "sub" }, t("samples")),
      f.samples.map((text, k) => sample(text, recording.sample_prompts[k])),
    );
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
      ),
      el("p", { class: "gb-muted" }, t("truth", { answer: recording.question.answer })),
    );
  }
  return { node: el("div", {}, samples, answer), draw };
}
