// View "write": the model writes on from any beginning, and shows what each piece was drawn from.
import { button, clean, dataTable, el, put, random, reducedMotion, textField, visible } from "../core/index.js";
import { top } from "./logic.js";
import { Story } from "./story.js";
import { bar, inWords, percent } from "./words.js";

const FIRST_PROMPT = "On a foggy morning";
const PAUSE = 110; // milliseconds between pieces: as fast as one reads
const AT_ONCE = 60; // pieces before it stops by itself

/** `guess()` leads to the other view. */
export function writeView(fig, main, ready, guess) {
  const { t } = fig;
  const story = new Story(ready);
  const dice = random(Date.now());
  let timer = 0;

  const prompt = textField({
    label: t("prompt"),
    rows: 2,
    value: fig.get("prompt", FIRST_PROMPT),
    name: "prompt",
    oninput: (value) => {
      fig.set("prompt", value);
      halt();
      begin();
    },
  });
  const run = button(t("run"), () => (timer ? finish("") : start()), { class: "primary" });
  const one = button(t("one"), () => {
    halt();
    const piece = story.step(dice());
    page.update();
    fig.say(story.over ? t("stopped_end") : t("one_written", { piece: visible(piece.text), p: inWords(t, piece.p) }));
  });
  const again = button(t("again"), () => {
    halt();
    begin();
    fig.say("");
  });
  const page = pagePanel(fig, story);
  put(
    main,
    el("p", { class: "lead" }, t("write_lead")),
    prompt.node,
    el("div", { class: "row" }, run, one, again),
    fig.status,
    page.nodes,
    button(t("mode_guess"), guess, { class: "to-guess" }),
  );

  function begin() {
    const { text, cropped } = clean(prompt.value);
    const window = ready.gpt.config.block_size;
    const given = story.begin(text);
    fig.say(cropped ? t("cropped") : given > window ? t("window", { n: window }) : "");
    page.update();
  }

  const stopped = () => t(story.over ? "stopped_end" : "stopped_long");
  function start() {
    let left = AT_ONCE;
    put(run, t("stop"));
    if (reducedMotion()) {
      for (; left > 0 && !story.over; left -= 1) story.step(dice());
      finish(stopped());
      return;
    }
    fig.say("");
    const tick = () => {
      story.step(dice());
      left -= 1;
      page.update();
      if (story.over || left === 0) {
        finish(stopped());
        return;
      }
      timer = setTimeout(tick, PAUSE);
    };
    timer = setTimeout(tick, 0);
  }

  function halt() {
    if (timer) clearTimeout(timer);
    timer = 0;
    put(run, t("run"));
  }

  function finish(why) {
    halt();
    page.update();
    if (why) fig.say(why);
    else
      fig.say(
        t("written", { text: visible(ready.tokenizer.decode(story.written.map((w) => w.id)), { spaces: "none" }) }),
        { shown: false },
      );
  }

  begin();
  return halt;
}

/** The text so far, darker where a piece was likelier, and the odds of the piece that was drawn last. */
function pagePanel(fig, story) {
  const { t } = fig;
  const text = el("div", { class: "story", role: "group", "aria-label": t("output"), tabindex: "0" });
  const odds = el("div", { class: "panel" });
  const table = dataTable({
    summary: t("table"),
    caption: t("odds_caption"),
    columns: [t("col_piece"), t("col_share")],
  });
  const name = (id) => (id === story.end ? t("end_piece") : visible(story.vocab[id].text) || "·");
  const share = (p) => [bar(p), el("span", { class: "share" }, percent(p))];

  function update() {
    const spans = story.groups();
    put(
      text,
      el("span", { class: "given" }, visible(story.text, { spaces: "none" }).replace(/↵/g, "\n")),
      spans.map((g, i) =>
        el(
          "span",
          {
            class: `piece ${i === spans.length - 1 ? "latest" : ""}`,
            style: { "--p": g.p.toFixed(3) },
            title: percent(g.p),
          },
          g.text,
        ),
      ),
    );
    text.scrollTop = text.scrollHeight;
    const { drawn } = story;
    const now = drawn?.shares ?? story.shares;
    const rows = top(now, 6);
    if (drawn && !rows.some((r) => r.id === drawn.id)) rows.push({ id: drawn.id, p: drawn.p });
    const rest = 1 - rows.reduce((sum, r) => sum + r.p, 0);
    put(
      odds,
      el("p", {}, t(drawn ? "odds_drawn" : "odds")),
      el(
        "ul",
        { class: "bars" },
        rows.map((r) => {
          const hit = drawn?.id === r.id;
          return el(
            "li",
            { class: hit ? "is-true" : "" },
            el("span", { class: "name gb-mono" }, name(r.id)),
            share(r.p),
            el("span", { class: "tags" }, hit && el("span", { class: "tag true" }, `✓ ${t("drawn")}`)),
          );
        }),
        el(
          "li",
          { class: "more" },
          el("span", { class: "name" }, t("others", { n: (now.length - rows.length).toLocaleString("en") })),
          share(Math.max(0, rest)),
        ),
      ),
    );
    table.update(rows.map((r) => [name(r.id), percent(r.p)]));
    fig.aha(drawn && t("aha_write"));
  }
  const nodes = [
    el("div", { class: "panels" }, el("div", {}, text, el("p", { class: "legend" }, t("line"))), odds),
    el("p", { class: "gb-muted" }, t("write_note")),
    table.node,
  ];
  return { nodes, update };
}
