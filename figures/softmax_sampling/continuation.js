// A continuation, written token by token under the settings: every word shaded by how surprising it was.
import { dataTable, el, put, random, reducedMotion } from "../core/index.js";
import { number, percent } from "./format.js";
import { distribution, pick } from "./logic.js";

const LONGEST = 60; // tokens

/** `onchange()` hears that writing began or ended; `promptText()` is what the continuation goes on from. */
export function continuationPanel({ t }, bench, { promptText, say, onchange }) {
  const page = el("div", { class: "page", hidden: true });
  const table = dataTable({
    summary: t("written_table"),
    caption: t("written_table"),
    columns: ["token", "share"].map((c) => t(`column_${c}`)),
  });
  table.node.hidden = true;
  let writing = 0,
    turns = 0; // which continuation is being written, 0 for none

  function stop() {
    writing = 0;
    onchange();
  }

  async function write() {
    turns += 1;
    writing = turns;
    const mine = turns;
    onchange();
    const dice = random(bench.state.seed);
    const pen = bench.gpt.start();
    let here = pen.feed(bench.context);
    const text = el("p", { class: "text" }, el("span", { class: "gb-muted" }, promptText()));
    put(
      page,
      el("p", { class: "sub" }, t("written", { seed: bench.state.seed })),
      text,
      el("p", { class: "gb-muted small" }, t("written_note")),
    );
    page.hidden = false;
    onchange();
    const log = [];
    for (let n = 0; n < LONGEST; n++) {
      const next = distribution(here, bench.settings(), pen.ids);
      const id = pick(next, dice());
      const p = next.final[id];
      log.push([bench.show(id), percent(p)]);
      if (bench.specials.has(id)) {
        text.append(el("span", { class: "gb-muted small" }, ` [${t("ended")}]`));
        break;
      }
      text.append(
        el(
          "span",
          { class: "w", title: percent(p), style: { "--surprise": `${Math.round(55 * (1 - p) ** 2)}%` } },
          shown(bench, id),
        ),
      );
      here = pen.feed(id);
      if (!reducedMotion()) await new Promise((resume) => setTimeout(resume, 30));
      if (writing !== mine) break;
    }
    table.update(log);
    table.node.hidden = false;
    if (writing === mine) stop();
    say(t("say_written", { n: number(log.length) }));
  }

  return {
    node: page,
    table: table.node,
    write,
    stop,
    get writing() {
      return writing > 0;
    },
    clear() {
      stop();
      page.hidden = true;
      table.node.hidden = true;
    },
  };
}

/** A token as text, or as its label where it is half a character or a control. */
function shown({ tokenizer, show }, id) {
  const text = new TextDecoder().decode(tokenizer.token(id));
  return text.includes("\uFFFD") ? show(id) : text.replace(/[\u0000-\u0008\u000B-\u001F]/g, show(id));
}
