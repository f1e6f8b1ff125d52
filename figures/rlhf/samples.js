// The same questions before and after the training, with the town's verdict on each reply.
import { el, put, radios } from "../core/index.js";
import { readQuestion, town, verdict } from "../finetuning/logic.js";

const SIGNS = { right: "✓", wrong: "✗", invented: "✗", refused: "○", malformed: "–" };

export function samplesPanel(fig, view, data) {
  const { t } = fig;
  const { recording, prompts, before } = view;
  // The town's books are those of the models in the page; a recording of another town gets no verdicts.
  const same = data.world.seed === recording.world.seed && data.world.residents === recording.world.residents;
  const books = same ? town(data) : null;
  const questions = prompts.map((p) => books && readQuestion(p.text, books));
  const box = el("div", { class: "samples" });
  const seeds = radios({
    legend: t("seed"),
    inline: true,
    value: view.seed,
    options: view.seeds.map((s) => [s, String(s)]),
    onchange: (s) => {
      view.seed = Number(s);
      fig.set("seed", view.seed);
      draw();
    },
  });

  const about = (prompt) =>
    prompt.about === "stranger"
      ? `(${t("about_stranger")})`
      : prompt.truth
        ? `(${t("truth", { truth: prompt.truth })})`
        : "";
  function said(when, text, k, is) {
    const found = questions[k] ? verdict(questions[k], text, books) : null;
    return el(
      "p",
      { class: `said ${is}` },
      el("span", { class: "when" }, when),
      " ",
      text.trim() ? el("q", {}, text.trim()) : el("i", {}, t("nothing")),
      " ",
      found && el("b", { class: `is ${found}` }, `${SIGNS[found]} ${t(`verdict_${found}`)}`),
    );
  }
  function draw() {
    const after = t("after", { leash: view.withLeash(view.i) });
    put(
      box,
      el("p", { class: "sub" }, t("samples")),
      prompts.map((prompt, k) =>
        el(
          "div",
          { class: "sample" },
          el("p", { class: "from" }, prompt.text, " ", el("span", { class: "gb-muted" }, about(prompt))),
          said(t("before"), before.samples[k], k, "then"),
          said(after, view.run.samples[k], k, "now"),
        ),
      ),
    );
  }
  return { node: el("div", {}, box, seeds.node), draw };
}
