// One question to the base, the chat and the aligned model, side by side, all three run in the page.
// The computing is in logic.js, the models come one after the other, the first as soon as it is there.
// State: { question: text, form: "bare" | "paper" | "chat", temperature: number, seed: number }
import {
  button,
  clean,
  dataTable,
  el,
  frame,
  loadFile,
  loadModel,
  put,
  radios,
  random,
  reducedMotion,
  slider,
  textField,
  uid,
  whenNear,
} from "../core/index.js";
import { label } from "../tokens/logic.js";
import {
  answer,
  FORMS,
  MAX_TOKENS,
  manner,
  promptIds,
  promptParts,
  readQuestion,
  reply,
  tally,
  textOf,
  town,
  verdict,
} from "./logic.js";
import strings from "./strings.json";
import css from "./style.css";

const PACE = 30; // milliseconds a token
const MAX_SEED = 999_999;
const SIGNS = { right: "✓", wrong: "✗", invented: "✗", refused: "○", malformed: "–", unknown: "?" };
const KINDS = ["right", "wrong", "invented", "refused", "malformed"];
const number = (n) => n.toLocaleString("en-US");
const percent = (p) => (p > 0 && p < 0.005 ? "<1%" : p > 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);
const pause = (ms) => new Promise((resume) => setTimeout(resume, ms));

export default {
  render({ model, el: host }) {
    const fig = frame({
      model,
      host,
      name: "finetuning",
      css,
      strings,
      permalink: ["question", "form", "temperature", "seed"],
    });
    const life = { alive: true };
    put(fig.body, el("p", { class: "gb-muted" }, fig.t("loading")));
    whenNear(fig.root)
      .then(() => Promise.all([loadFile(model, "finetuning"), loadModel(model, "base")]))
      .then(([data, base]) => life.alive && desk(model, fig, data, base, life))
      .catch((error) => life.alive && fig.fail(error));
    return () => {
      life.alive = false;
      fig.destroy();
    };
  },
};

function desk(model, fig, data, base, life) {
  const { t } = fig;
  const books = town(data);
  const models = { base };
  const bounded = (x, low, high) => Math.min(high, Math.max(low, Number(x) || 0));
  let temperature = bounded(fig.get("temperature", 0.7), 0, 2);
  let seed = Math.trunc(bounded(fig.get("seed", 1), 0, MAX_SEED));
  let form = FORMS.includes(fig.get("form", "bare")) ? fig.get("form", "bare") : "bare";
  let asked = 0; // which asking is the latest; a reply of an earlier one stops
  let counting = 0,
    counts = 0;
  let touched = false; // has the reader chosen or typed a question?

  // ---------------------------------------------------------------- controls

  const menuId = uid("question");
  const groups = [...new Set(data.menu.map((m) => m.group))];
  const menu = el(
    "select",
    {
      id: menuId,
      "data-lm-suppress-shortcuts": "true",
      onchange: () => {
        if (menu.value === "") {
          field.input.focus();
          return;
        }
        field.value = data.menu[menu.value].text;
        touched = true;
        putQuestion();
      },
    },
    groups.map((group) =>
      el(
        "optgroup",
        { label: t(`group_${group}`, { name: data.menu.find((m) => m.group === group).name }) },
        data.menu.map((m, i) => m.group === group && el("option", { value: i }, m.text)),
      ),
    ),
    el("option", { value: "" }, t("own")),
  );
  const field = textField({
    label: t("question"),
    value: String(fig.get("question", "") || data.menu[0].text),
    dir: "auto",
    onenter: () => putQuestion(),
  });
  field.input.addEventListener("input", () => {
    menu.value = "";
    touched = true;
    soon(putQuestion);
  });
  const note = el("p", { class: "gb-muted small", hidden: true });
  const formNote = el("p", { class: "gb-muted small" });
  const forms = radios({
    legend: t("form"),
    inline: true,
    value: form,
    options: FORMS.map((f) => [f, t(`form_${f}`)]),
    onchange: (value) => {
      form = value;
      fig.set("form", form);
      putQuestion();
    },
  });
  const heat = slider({
    label: t("temperature"),
    min: 0,
    max: 2,
    step: 0.1,
    value: temperature,
    format: (x) => x.toFixed(1),
    oninput: (x) => {
      temperature = x;
      fig.set("temperature", x);
      soon(putQuestion);
    },
  });
  const throwNote = el("span", { class: "gb-muted small throw" });
  const again = button(t("again"), () => {
    seed = (seed + 1) % (MAX_SEED + 1);
    fig.set("seed", seed);
    putQuestion();
  });
  const ask = button(t("ask"), () => putQuestion(), { class: "primary" });

  // ---------------------------------------------------------------- three panes

  const panes = data.models.map((name) => {
    const pane = {
      name,
      reads: el("p", { class: "reads" }),
      text: el("p", { class: "text" }),
      why: el("p", { class: "why" }),
      verdict: el("p", { class: "verdict" }),
    };
    pane.node = el(
      "section",
      { class: "pane", "aria-label": t(`model_${name}`) },
      el("p", { class: "sub" }, t(`model_${name}`), " ", el("span", { class: "gb-muted small" }, t(`about_${name}`))),
      el("p", { class: "tag" }, t("reads")),
      pane.reads,
      el("p", { class: "tag" }, t("writes")),
      pane.text,
      pane.why,
      pane.verdict,
    );
    return pane;
  });
  const truth = el("p", { class: "truth" });
  const tokensTable = dataTable({
    summary: t("table"),
    caption: t("table_caption"),
    columns: ["model", "token", "share"].map((c) => t(`column_${c}`)),
  });
  const benchTable = dataTable({
    summary: t("bench_table"),
    caption: t("bench_title"),
    columns: [t("column_model"), t("column_group"), ...KINDS.map((kind) => t(`verdict_${kind}`))],
  });
  const sizes = { n: data.bench.residents.length, m: data.bench.strangers.length };
  const count = button(t("bench", sizes), () => (counting ? stopCount() : countAll()));
  const result = el("div", { class: "bench" });
  result.hidden = benchTable.node.hidden = true;
  put(
    fig.body,
    el(
      "div",
      { class: "gb-controls wide" },
      el("div", { class: "gb-control gb-select" }, el("label", { for: menuId }, t("menu")), menu),
      el("div", { class: "row" }, field.node, ask),
    ),
    note,
    el(
      "div",
      { class: "settings" },
      forms.node,
      formNote,
      el("div", { class: "gb-controls" }, heat.node, el("div", { class: "buttons" }, again, throwNote)),
    ),
    el(
      "div",
      { class: "panes" },
      panes.map((p) => p.node),
    ),
    el("p", { class: "gb-muted small" }, t("surprise")),
    truth,
    fig.status,
    el("div", { class: "buttons count" }, count),
    result,
    el("div", { class: "tables" }, tokensTable.node, benchTable.node),
  );
  sentence();

  let timer = 0;
  const soon = (act) => {
    clearTimeout(timer);
    timer = setTimeout(act, 250);
  };
  const stopAll = fig.destroy;
  fig.destroy = () => {
    clearTimeout(timer);
    asked += 1;
    counting = 0;
    stopAll();
  };

  // ---------------------------------------------------------------- asking

  const formOf = (name) => (name === "base" ? form : "chat");

  /** Put the question to every model that has arrived, a token of each in turn. */
  async function putQuestion() {
    clearTimeout(timer);
    asked += 1;
    const mine = asked;
    const { text, cropped, repaired } = clean(field.value);
    const known = data.menu.findIndex((m) => m.text === text);
    menu.value = known < 0 ? "" : String(known);
    if (touched) fig.set("question", text); // only what the reader did goes into the address
    const question = readQuestion(text, books);
    const ids = Object.fromEntries(
      panes.map(({ name }) => [name, promptIds(text, formOf(name), (models[name] ?? base).tokenizer)]),
    );
    const window_ = base.gpt.config.block_size;
    put(
      note,
      [
        cropped && t("cropped", { n: "10,000" }),
        repaired && t("repaired"),
        !text.trim() && t("empty"),
        Object.values(ids).some((list) => list.length > window_) && t("window", { n: number(window_) }),
      ]
        .filter(Boolean)
        .join(" "),
    );
    note.hidden = !note.textContent;
    formNote.textContent = t(`form_note_${form}`);
    throwNote.textContent = t("throw", { n: number(seed) });
    truth.textContent = question
      ? t(`truth_${question.who}`, { name: question.name, answer: question.answer })
      : t("truth_unknown");
    tokensTable.update([]);
    for (const pane of panes) {
      put(
        pane.reads,
        promptParts(text, formOf(pane.name)).map((part) =>
          el("span", { class: part.special ? "special" : "" }, part.text),
        ),
      );
      put(pane.text, models[pane.name] ? "" : el("span", { class: "gb-muted" }, pane.failed ?? t("fetching")));
      put(pane.why);
      put(pane.verdict);
      pane.done = null;
    }
    const writers = panes
      .filter(({ name }) => models[name])
      .map((pane) => ({
        pane,
        tokens: [],
        steps: reply(models[pane.name], ids[pane.name], { temperature }, random(seed)),
      }));
    const slow = !reducedMotion();
    for (let left = writers; left.length && mine === asked && life.alive; ) {
      const since = performance.now();
      left = left.filter((writer) => write(writer, question));
      if (slow) await pause(Math.max(0, PACE - (performance.now() - since)));
      else if (writers[0].tokens.length % 8 === 0) await pause(0);
    }
    if (mine !== asked || !life.alive) return;
    tokensTable.update(
      writers.flatMap(({ pane, tokens }) =>
        tokens.map(({ id, p }) => [t(`model_${pane.name}`), label(models[pane.name].tokenizer.token(id)), percent(p)]),
      ),
    );
    if (question)
      fig.say(
        writers
          .map(({ pane }) => t("say_reply", { model: t(`model_${pane.name}`), verdict: t(`verdict_${pane.done}`) }))
          .join(" "),
        { shown: false },
      );
    else
      fig.say(writers.map(({ pane }) => `${t(`model_${pane.name}`)}: ${pane.text.textContent.trim()}`).join(" "), {
        shown: false,
      });
  }

  /** One more token of a reply; false when it has ended. */
  function write({ pane, tokens, steps }, question) {
    const { tokenizer } = models[pane.name];
    const step = steps.next();
    if (!step.done) {
      tokens.push(step.value);
      const { id, p } = step.value;
      const shown = new TextDecoder().decode(tokenizer.token(id));
      const special = Object.values(tokenizer.special).includes(id);
      pane.text.append(
        el(
          "span",
          {
            class: special ? "special" : "w",
            title: percent(p),
            style: { "--surprise": `${Math.round(55 * (1 - p) ** 2)}%` },
          },
          shown.includes("\uFFFD")
            ? label(tokenizer.token(id))
            : shown.replace(/[\u0000-\u0008\u000B-\u001F]/g, label(tokenizer.token(id))),
        ),
      );
      return true;
    }
    const text = textOf(tokens, tokenizer);
    if (!text.trim()) pane.text.prepend(el("i", { class: "gb-muted" }, t("nothing"), " "));
    put(
      pane.why,
      t(`ended_${step.value}`, { n: MAX_TOKENS }),
      pane.name !== "base" && ` · ${t(`manner_${manner(text, books)}`)}`,
    );
    pane.done = verdict(question, text, books);
    put(pane.verdict, el("span", { class: `is ${pane.done}` }, `${SIGNS[pane.done]} ${t(`verdict_${pane.done}`)}`));
    return false;
  }

  // ---------------------------------------------------------------- counting

  function stopCount() {
    counting = 0;
    put(count, t("bench", sizes));
  }

  /** Every question of the bench to every model, under the present settings. */
  async function countAll() {
    counts += 1;
    counting = counts;
    const mine = counts;
    put(count, t("stop"));
    const settings = { temperature, form, seed };
    const rows = panes
      .filter(({ name }) => models[name])
      .flatMap(({ name }) => ["residents", "strangers"].map((group) => ({ name, group, verdicts: [] })));
    const all = sizes.n + sizes.m;
    let done = 0,
      since = performance.now();
    result.hidden = benchTable.node.hidden = false;
    for (let i = 0; i < Math.max(sizes.n, sizes.m); i += 1) {
      for (const row of rows) {
        const text = data.bench[row.group][i];
        if (text === undefined) continue;
        const form_ = row.name === "base" ? settings.form : "chat";
        const { text: written } = answer(
          models[row.name],
          promptIds(text, form_, models[row.name].tokenizer),
          settings,
          random(settings.seed + i),
        );
        row.verdicts.push(verdict(readQuestion(text, books), written, books));
        if (performance.now() - since > 30) {
          await pause(0);
          since = performance.now();
        }
        if (mine !== counting || !life.alive) return;
      }
      done = Math.min(all, 2 * (i + 1));
      drawCount(rows, settings, done < all ? t("bench_doing", { done, all }) : t("bench_lead"));
    }
    stopCount();
    const of = (group, kind) =>
      rows
        .filter((r) => r.group === group)
        .map((r) => t("say_of", { model: t(`model_${r.name}`), n: tally(r.verdicts)[kind], of: r.verdicts.length }))
        .join(", ");
    fig.say(t("say_bench", { right: of("residents", "right"), invented: of("strangers", "invented") }), {
      shown: false,
    });
  }

  function drawCount(rows, settings, lead) {
    const nameOf = (r) =>
      r.name === "base" ? t("base_how", { form: t(`form_${settings.form}`) }) : t(`model_${r.name}`);
    put(
      result,
      el("p", { class: "sub" }, t("bench_title")),
      el("p", { class: "gb-muted small" }, lead),
      ["residents", "strangers"].map((group) =>
        el(
          "div",
          { class: "group" },
          el("p", { class: "subsub" }, t(`bench_${group}`)),
          rows
            .filter((r) => r.group === group)
            .map((r) => {
              const parts = Object.entries(tally(r.verdicts)).filter(([, n]) => n > 0);
              return el(
                "div",
                { class: "bar-row" },
                el("span", { class: "name" }, nameOf(r)),
                el(
                  "div",
                  {
                    class: "stack",
                    role: "img",
                    "aria-label": t("bench_alt", {
                      model: nameOf(r),
                      group: t(`bench_${group}`),
                      parts: parts.map(([kind, n]) => `${n} ${t(`verdict_${kind}`)}`).join(", "),
                    }),
                  },
                  parts.map(([kind, n]) =>
                    el("span", { class: `part ${kind}`, style: { "flex-grow": n } }, `${SIGNS[kind]} ${n}`),
                  ),
                ),
              );
            }),
        ),
      ),
      el(
        "ul",
        { class: "key" },
        KINDS.map((kind) => el("li", { class: kind }, `${SIGNS[kind]} ${t(`verdict_${kind}`)}`)),
      ),
    );
    benchTable.update(
      rows.map((r) => [nameOf(r), t(`bench_${r.group}`), ...KINDS.map((kind) => String(tally(r.verdicts)[kind]))]),
    );
  }

  // ---------------------------------------------------------------- the sentence under the figure, from what was measured

  function sentence() {
    const m = data.measured;
    const [bare, paper] = [m.base_bare, m.base_paper];
    const values = { n: number(m.n), bare: percent(bare.right), paper: percent(paper.right) };
    const aligned = (key) => (m.aligned ? t("aha_aligned", { share: percent(m.aligned[key]) }) : "");
    const formOnly =
      paper.right - bare.right > 0.3 && m.chat.right - bare.right > 0.3 && m.chat.right <= paper.right + 0.02;
    fig.aha(
      t(formOnly ? "aha" : "aha_plain", {
        ...values,
        chat: percent(m.chat.right),
        aligned: aligned("right"),
        strangers: t("aha_strangers", { share: percent(m.chat.invented), aligned: aligned("invented") }),
      }),
    );
    const { gpt } = base;
    const parameters = Object.values(gpt.blocks)
      .flatMap((block) => Object.values(block))
      .reduce((n, w) => n + w.length, gpt.embed.length + gpt.head.length);
    fig.root
      .querySelector(".gb-aha")
      .after(
        el(
          "p",
          { class: "gb-muted small" },
          t("measured", { n: number(m.n), m: number(m.n_strangers) }),
          " ",
          t("simplified", { params: number(Math.round(parameters / 1e4) * 1e4) }),
        ),
      );
  }

  // ---------------------------------------------------------------- the first model answers at once, the others as they come

  fig.say("", { shown: false });
  putQuestion();
  (async () => {
    for (const pane of panes) {
      if (models[pane.name]) continue;
      try {
        models[pane.name] = await loadModel(model, pane.name);
      } catch (error) {
        pane.failed = error.message;
      }
      if (!life.alive) return;
      putQuestion();
    }
  })();
}
