// The count: every question of the bench to every model, under the present settings.
import { button, dataTable, el, put, random } from "../core/index.js";
import { answer, promptIds, readQuestion, tally, verdict } from "./logic.js";
import { KINDS, pause, SIGNS } from "./words.js";

const GROUPS = ["residents", "strangers"];

export function benchPanel(fig, desk) {
  const { t } = fig;
  const { bench } = desk.data;
  const sizes = { n: bench.residents.length, m: bench.strangers.length };
  const count = button(t("bench", sizes), () => (counting ? stop() : countAll()));
  const result = el("div", { class: "bench" });
  const table = dataTable({
    summary: t("bench_table"),
    caption: t("bench_title"),
    columns: [t("column_model"), t("column_group"), ...KINDS.map((kind) => t(`verdict_${kind}`))],
  });
  result.hidden = table.node.hidden = true;
  let counting = 0,
    counts = 0; // which count is going on, 0 for none

  function stop() {
    counting = 0;
    put(count, t("bench", sizes));
  }

  async function countAll() {
    counts += 1;
    counting = counts;
    const mine = counts;
    put(count, t("stop"));
    const { temperature, form, seed } = desk;
    const rows = desk.data.models
      .filter((name) => desk.arrived(name))
      .flatMap((name) => GROUPS.map((group) => ({ name, group, form, verdicts: [] })));
    const all = sizes.n + sizes.m;
    let since = performance.now();
    result.hidden = table.node.hidden = false;
    for (let i = 0; i < Math.max(sizes.n, sizes.m); i += 1) {
      for (const row of rows) {
        const text = bench[row.group][i];
        if (text === undefined) continue;
        const model = desk.models[row.name];
        const ids = promptIds(text, row.name === "base" ? form : "chat", model.tokenizer);
        row.verdicts.push(
          verdict(
            readQuestion(text, desk.books),
            answer(model, ids, { temperature }, random(seed + i)).text,
            desk.books,
          ),
        );
        if (performance.now() - since > 30) {
          await pause(0);
          since = performance.now();
        }
        if (mine !== counting || !desk.alive) return;
      }
      const done = Math.min(all, 2 * (i + 1));
      draw(rows, done < all ? t("bench_doing", { done, all }) : t("bench_lead"));
    }
    stop();
    const of = (group, kind) =>
      rows
        .filter((r) => r.group === group)
        .map((r) => t("say_of", { model: t(`model_${r.name}`), n: tally(r.verdicts)[kind], of: r.verdicts.length }))
        .join(", ");
    fig.say(t("say_bench", { right: of("residents", "right"), invented: of("strangers", "invented") }), {
      shown: false,
    });
  }

  function draw(rows, lead) {
    put(
      result,
      el("p", { class: "sub" }, t("bench_title")),
      el("p", { class: "gb-muted small" }, lead),
      GROUPS.map((group) =>
        el(
          "div",
          { class: "group" },
          el("p", { class: "subsub" }, t(`bench_${group}`)),
          rows.filter((r) => r.group === group).map((r) => barRow(t, r)),
        ),
      ),
      el(
        "ul",
        { class: "key" },
        KINDS.map((kind) => el("li", { class: kind }, `${SIGNS[kind]} ${t(`verdict_${kind}`)}`)),
      ),
    );
    table.update(
      rows.map((r) => [nameOf(t, r), t(`bench_${r.group}`), ...KINDS.map((kind) => String(tally(r.verdicts)[kind]))]),
    );
  }
  return {
    nodes: [el("div", { class: "buttons count" }, count), result],
    table: table.node,
    stop: () => {
      counting = 0;
    },
  };
}

const nameOf = (t, r) => (r.name === "base" ? t("base_how", { form: t(`form_${r.form}`) }) : t(`model_${r.name}`));

function barRow(t, r) {
  const parts = Object.entries(tally(r.verdicts)).filter(([, n]) => n > 0);
  const words = t("bench_alt", {
    model: nameOf(t, r),
    group: t(`bench_${r.group}`),
    parts: parts.map(([kind, n]) => `${n} ${t(`verdict_${kind}`)}`).join(", "),
  });
  return el(
    "div",
    { class: "bar-row" },
    el("span", { class: "name" }, nameOf(t, r)),
    el(
      "div",
      { class: "stack", role: "img", "aria-label": words },
      parts.map(([kind, n]) => el("span", { class: `part ${kind}`, style: { "flex-grow": n } }, `${SIGNS[kind]} ${n}`)),
    ),
  );
}
