// Behind "More": any question of fact, and how its answers add up under all settings.
import { el, put, uid } from "../core/index.js";
import { percent } from "./format.js";
import { factGroups } from "./prompt.js";

/** `onask(fact)` hears which question the reader chose. */
export function factPanel(fig, bench, answers, onask) {
  const { t } = fig;
  const { facts } = bench;
  const menuId = uid("fact");
  const menu = el(
    "select",
    {
      id: menuId,
      "data-lm-suppress-shortcuts": "true",
      onchange: () => onask(facts.find((f) => f.prompt === menu.value)),
    },
    factGroups(fig, bench, (f) => t(`fact_${f.attribute}`, { name: f.name })),
  );
  const box = el("div");
  return {
    node: el(
      "div",
      { class: "fact" },
      el("div", { class: "gb-control gb-select" }, el("label", { for: menuId }, t("fact")), menu),
      box,
    ),
    draw() {
      menu.value = answers.fact.prompt;
      if (answers.read) put(box, verdict(t, answers));
      else put(box, el("p", { class: "gb-muted" }, t("computing")));
    },
  };
}

/** The truth, and the shares of right, wrong and no answer. */
function verdict(t, answers) {
  const { fact } = answers;
  const sorted = answers.sorted();
  const right = answers.right();
  const known = sorted.reduce((sum, s) => sum + s.p, 0);
  const parts = [
    ["right", right, t("right")],
    ["wrong", known - right, t(`wrong_${fact.attribute}`)],
    ["none", 1 - known, t("none")],
  ];
  const truth = { never: "truth_never", product: "truth_product" }[fact.group] ?? "truth";
  return [
    el("p", {}, t(truth, { answer: fact.answer.trim() })),
    el(
      "ul",
      { class: "key" },
      parts.map(([key, p, words]) => el("li", { class: key }, el("b", {}, percent(Math.max(p, 0))), ` ${words}`)),
    ),
    el("p", { class: "error" }, t("error_rate", { error: percent(1 - right) })),
  ];
}
