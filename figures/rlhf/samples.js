// All recorded conversations, before the training and now, with the town's verdict on each reply.
import { el, put, radios } from "../core/index.js";
import { SIGNS } from "./judge.js";
import { about } from "./talk.js";

export function samplesPanel(fig, view, judge, on) {
  const { t } = fig;
  const { prompts, before } = view;
  const box = el("div", { class: "samples" });
  const seeds = radios({
    legend: t("seed"),
    inline: true,
    value: view.seed,
    options: view.seeds.map((s, i) => [s, String(i + 1)]),
    onchange: (s) => {
      view.seed = Number(s);
      fig.set("seed", view.seed);
      on.seed();
    },
  });

  function said(when, text, k, is) {
    const found = judge.verdict(k, text);
    return el(
      "p",
      { class: `reply ${is}` },
      el("span", { class: "when" }, when),
      " ",
      text.trim() ? el("q", {}, text.trim()) : el("i", {}, t("nothing")),
      " ",
      found && el("b", { class: `is ${found}` }, `${SIGNS[found]} ${t(`verdict_${found}`)}`),
    );
  }
  function draw() {
    const now = t("now", { leash: view.withLeash(view.i), iteration: view.now.iteration });
    put(
      box,
      el("p", { class: "sub" }, t("samples", { n: prompts.length })),
      prompts.map((prompt, k) =>
        el(
          "div",
          { class: "sample" },
          el("p", { class: "from" }, prompt.text, " ", el("span", { class: "gb-muted" }, about(t, prompt))),
          said(t("before"), before.samples[k], k, "then"),
          said(now, view.replies[k], k, "now"),
        ),
      ),
    );
  }
  return { node: el("div", {}, seeds.node, box), draw };
}
