// Behind "All sixteen heads": any text, each head with a picture and a switch, and what every token costs.
import { button, el, put } from "../core/index.js";
import { afterPanel, which } from "./after.js";
import { headsPanel } from "./heads.js";
import { sum } from "./logic.js";
import { looksPanel } from "./looks.js";
import { surprisePanel } from "./surprise.js";
import { textPanel } from "./text.js";
import { bits, percent, two } from "./words.js";

/** Nothing is computed before `wake()`. `silence(heads)` hears which heads are to be off. */
export function labPanel(fig, look, silence) {
  const { t } = fig;
  const node = el("div", { class: "lab" });
  let panels = null;

  function build() {
    const text = textPanel(fig, look, () => {
      update({ fresh: true });
      look.weigh(() => panels.heads.drawCosts());
    });
    const heads = headsPanel(fig, look, { choose, toggle });
    const looks = looksPanel(fig, look, pick);
    const after = afterPanel(fig, look);
    const surprise = surprisePanel(fig, look);
    put(
      node,
      el("p", {}, twoJobs(t, look)),
      tries(t, look, tryOut),
      text.nodes,
      heads.node,
      el("div", {}, looks.node, after.node, surprise.node),
      el("div", { class: "tables" }, looks.table, surprise.table, heads.table),
      el("p", { class: "gb-muted small" }, measured(t, look)),
    );
    for (const table of [looks.table, surprise.table, heads.table]) table.addEventListener("toggle", draw);
    return { text, heads, looks, after, surprise };
  }

  /** Draw the panels when what they show has been computed; resolves to true when it has. */
  async function update({ fresh = false } = {}) {
    if (!panels) return false;
    node.setAttribute("aria-busy", "true");
    panels.heads.draw();
    if (!(await look.update())) return false;
    if (fresh) panels.heads.thumbnails();
    draw();
    node.removeAttribute("aria-busy");
    return true;
  }
  function draw() {
    if (!look.some) return;
    for (const panel of Object.values(panels)) panel.draw?.();
  }
  function choose(n) {
    look.chosen = n;
    panels.heads.choose(n);
    fig.set("head", look.name(n));
    draw();
    sayLook();
  }
  async function toggle(off) {
    silence(off);
    if (!(await update())) return;
    if (look.off.length) sayBits();
    else fig.say(t("say_on"));
  }
  function pick(token) {
    look.stand(token);
    fig.set("token", look.at);
    draw();
    sayLook();
  }
  /** A text of this kind, looked at through head `n`, with some heads off. */
  async function tryOut(kind, n, off) {
    silence(off);
    look.chosen = n;
    panels.heads.choose(n);
    fig.set("head", look.name(n));
    panels.text.show(look.data.texts.find((x) => x.kind === kind).text);
    if (!(await update({ fresh: true }))) return;
    if (off.length) sayBits();
    else sayLook();
    (off.length ? panels.after : panels.looks).heading.scrollIntoView({ block: "center" });
  }
  const sayBits = () =>
    fig.say(t("say_off", { heads: which(t, look), on: bits(sum(look.all.bits)), off: bits(sum(look.some.bits)) }));
  function sayLook() {
    if (!look.some) return;
    const target = look.row.indexOf(Math.max(...look.row));
    const words = { token: look.names[look.at], target: look.names[target], share: percent(look.row[target]) };
    fig.say(t("say_look", words), { shown: false });
  }

  return {
    node,
    update,
    wake() {
      if (panels) return;
      panels = build();
      const asked = Number(fig.get("token", -1));
      panels.text.read(asked >= 0 ? asked : undefined);
    },
    stop: () => panels?.text.stop(),
  };
}

/** What two heads do, from what was measured; plainer where the two jobs are not apart. */
function twoJobs(t, look) {
  const { jobs, heads, bits: all } = look.data;
  const [a, b] = [heads[jobs.letter], heads[jobs.fact]];
  const apart = jobs.letter !== jobs.fact && a.fact < 0.1 * b.fact && b.letter < 0.1 * a.letter;
  return t(apart ? "two_jobs" : "two_jobs_plain", {
    letter_head: look.name(jobs.letter),
    fact_head: look.name(jobs.fact),
    letter_on: two(all.letter),
    letter_off: two(all.letter + a.letter),
    letter_same: two(b.letter),
    fact_on: two(all.fact),
    fact_off: two(all.fact + b.fact),
    fact_same: two(a.fact),
  });
}

/** Buttons that show the two jobs, and each without the heads that have it. */
function tries(t, look, tryOut) {
  const { jobs } = look.data;
  // in another model one head may have two jobs
  const silence = (job, heads) =>
    Array.from(new Set(heads), (n) => button(t(`try_${job}`, { head: look.name(n) }), () => tryOut(job, n, [n])));
  return el(
    "div",
    { class: "buttons try" },
    el("span", { class: "gb-muted" }, t("try")),
    button(t("try_fetch"), () => tryOut("letter", jobs.fetch, [])),
    silence("letter", [jobs.fetch, jobs.letter, jobs.fact]),
    silence("fact", [jobs.letter, jobs.fact]),
  );
}

function measured(t, look) {
  const { letters, asked, missed, jobs, heads } = look.data;
  return t("measured", {
    letters,
    asked,
    missed_letter: missed.letter,
    missed_fact: missed.fact,
    missed_fetch: missed.fetch,
    head: look.name(jobs.fetch),
    fetch: percent(heads[jobs.fetch].fetch),
    fetch_more: two(heads[jobs.fetch].letter),
  });
}
