// Is the answer right? Every answer of the fact's kind is followed through the model, and its probability under
// the settings is read off. The curve over temperatures shows what no setting can do.
import { dataTable, el, later, put, uid } from "../core/index.js";
import { drawFactCurve, TEMPERATURES } from "./curve.js";
import { percent, trim } from "./format.js";
import { answerShares, answerTree, prepare } from "./logic.js";
import { factGroups } from "./prompt.js";

/** `onanswer()` hears that another question has been computed. */
export function factPanel(fig, bench, onanswer) {
  const { t } = fig;
  const { facts, answers, state } = bench;
  const menuId = uid("fact");
  const menu = el(
    "select",
    {
      id: menuId,
      "data-lm-suppress-shortcuts": "true",
      onchange: () => ask(facts.find((f) => f.prompt === menu.value)),
    },
    factGroups(fig, bench, (f) => t(`fact_${f.attribute}`, { name: f.name })),
  );
  const box = el("div");
  const curve = el("div", { class: "curve" });
  const table = dataTable({
    summary: t("answers_table"),
    caption: t("answers_caption"),
    columns: ["answer", "share"].map((c) => t(`column_${c}`)),
  });
  const curveTable = dataTable({
    summary: t("curve_table"),
    caption: t("fact"),
    columns: [t("temperature"), t("right")],
  });

  let fact = facts.find((f) => f.prompt === state.fact) ?? facts.find((f) => f.group === "sometimes") ?? facts[0];
  let read = null; // { tree, asked: ids of the question, after: node of the tree -> logits }, once it is computed
  let prepared = new Map();
  let reading = 0; // which reading of the answers is the latest

  async function ask(question) {
    reading += 1;
    const mine = reading;
    fact = question;
    bench.set("fact", fact.prompt);
    menu.value = fact.prompt;
    read = null;
    prepared = new Map();
    put(box, el("p", { class: "gb-muted" }, t("computing")));
    const found = await followAnswers(bench, fact, () => mine !== reading);
    if (mine !== reading) return;
    read = found;
    draw();
    onanswer();
  }

  const preparedAt = (node) => {
    if (!prepared.has(node))
      prepared.set(node, prepare(read.after.get(node), state.penalty, [...read.asked, ...node.path]));
    return prepared.get(node);
  };
  const sharesOf = (settings) =>
    answerShares(read.tree, answers[fact.attribute].length, preparedAt, settings, bench.ends);
  const rightShare = (settings = bench.settings()) => sharesOf(settings)[answers[fact.attribute].indexOf(fact.answer)];
  const curveSoon = later(() => {
    if (!read) return;
    const points = TEMPERATURES.map((temperature) => [temperature, rightShare({ ...bench.settings(), temperature })]);
    drawFactCurve(t, curve, points, [state.temperature, rightShare()]);
    curveTable.update(points.map(([a, p]) => [trim(a, 2), percent(p)]));
  }, 160);

  function draw() {
    if (!read) return;
    const all = sharesOf(bench.settings());
    const sorted = answers[fact.attribute]
      .map((text, i) => ({ text, p: all[i], right: text === fact.answer }))
      .sort((a, b) => b.p - a.p);
    put(box, ...verdict(t, fact, sorted, curve));
    table.update(sorted.map((s) => [`${s.right ? "✓ " : ""}${s.text.trim()}`, percent(s.p)]));
    curveSoon();
  }

  const node = el(
    "div",
    { class: "fact" },
    el("div", { class: "gb-control gb-select" }, el("label", { for: menuId }, t("fact")), menu),
    box,
  );
  return {
    node,
    tables: [table.node, curveTable.node],
    ask,
    draw,
    rightShare,
    get fact() {
      return fact;
    },
    get ready() {
      return read !== null;
    },
    forget() {
      prepared = new Map();
    }, // the penalty may have changed
    stop() {
      curveSoon.cancel();
      reading += 1;
    },
  };
}

/** Follow every answer of the fact's kind through the model, a few tokens at a time. */
async function followAnswers({ gpt, tokenizer, end, answers }, fact, outdated) {
  const tree = answerTree(answers[fact.attribute].map((text) => ({ text, ids: tokenizer.encode(text) })));
  const walker = gpt.start();
  const first = walker.feed([end, ...tokenizer.encode(fact.prompt)]);
  const after = new Map();
  const asked = [...walker.ids];
  let since = performance.now();
  const visit = async (node, logits) => {
    after.set(node, logits);
    for (const [id, child] of node.next) {
      walker.ids.length = asked.length + node.path.length; // back to this node: what is cached behind it is overwritten
      await visit(child, walker.feed(id));
      if (performance.now() - since > 24) {
        await new Promise((resume) => setTimeout(resume));
        since = performance.now();
      }
      if (outdated()) return;
    }
  };
  await visit(tree, first);
  return { tree, asked, after };
}

/** The truth, the shares of right, wrong and no answer, the likeliest answers, and the curve beside them. */
function verdict(t, fact, sorted, curve) {
  const right = sorted.find((s) => s.right).p;
  const known = sorted.reduce((sum, s) => sum + s.p, 0);
  const parts = [
    ["right", right, t("right")],
    ["wrong", known - right, t(`wrong_${fact.attribute}`)],
    ["none", 1 - known, t("none")],
  ];
  return [
    el("p", {}, t(fact.group === "never" ? "truth_never" : "truth", { answer: fact.answer.trim() })),
    el(
      "div",
      { class: "stack", "aria-hidden": "true" },
      parts.map(([key, p]) => el("span", { class: `gb-fill ${key}`, style: { "flex-grow": Math.max(p, 0) } })),
    ),
    el(
      "ul",
      { class: "key" },
      parts.map(([key, p, words]) => el("li", { class: key }, el("b", {}, percent(Math.max(p, 0))), ` ${words}`)),
    ),
    el("p", { class: "error" }, t("error_rate", { error: percent(1 - right) })),
    el(
      "div",
      { class: "two" },
      el(
        "div",
        {},
        el("p", { class: "subsub" }, t("top_answers")),
        el(
          "ol",
          { class: "answers" },
          sorted
            .slice(0, 5)
            .map((s) =>
              el(
                "li",
                { class: s.right ? "right" : "" },
                el("span", {}, `${s.right ? "✓" : "✗"} ${s.text.trim()}`),
                el("span", { class: "num" }, percent(s.p)),
              ),
            ),
        ),
      ),
      curve,
    ),
  ];
}
