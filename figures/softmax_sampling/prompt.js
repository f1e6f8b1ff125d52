// The prompt: a menu of openings and facts, and a field for the reader's own words.
import { clean, el, later, put, textField, uid } from "../core/index.js";
import { number } from "./format.js";

/** The facts as groups of a menu, by how often the training text states them; `words(fact)` is the entry. */
export function factGroups({ t }, { facts, n_documents }, words) {
  return [...new Set(facts.map((f) => f.group))].map((group) => {
    const mine = facts.filter((f) => f.group === group);
    const about = t(`group_${group}`, {
      name: mine[0].name,
      n: number(mine[0].documents ?? 0),
      of: number(n_documents),
    });
    return el(
      "optgroup",
      { label: about },
      mine.map((f) => el("option", { value: f.prompt }, words(f))),
    );
  });
}

/** `onread(text)` hears every prompt that the model has read. */
export function promptPanel(fig, bench, onread) {
  const { t } = fig;
  const menuId = uid("prompt");
  const menu = el(
    "select",
    {
      id: menuId,
      "data-lm-suppress-shortcuts": "true",
      onchange: () => {
        if (menu.value) field.value = menu.value;
        else field.input.focus();
        read();
      },
    },
    el(
      "optgroup",
      { label: t("group_open") },
      bench.openings.map((p) => el("option", { value: p }, `${p.replace(/\s+/g, " ")} …`)),
    ),
    factGroups(fig, bench, (f) => `${f.prompt} …`),
    el("option", { value: "" }, t("own")),
  );
  const field = textField({
    label: t("prompt"),
    value: bench.state.prompt,
    rows: 2,
    dir: "auto",
    oninput: () => readSoon(),
  });
  const note = el("p", { class: "gb-muted small", hidden: true });
  const known = new Set([...bench.facts.map((f) => f.prompt), ...bench.openings]);

  function read({ mine = true } = {}) {
    readSoon.cancel();
    const { text, cropped, repaired } = clean(field.value);
    if (mine) bench.set("prompt", text);
    else bench.state.prompt = text;
    menu.value = known.has(text) ? text : "";
    const given = bench.read(text);
    put(
      note,
      [
        cropped && t("cropped", { n: "10,000" }),
        repaired && t("repaired"),
        / $/.test(text) && t("hint_space"),
        given > bench.context.length && t("window", { n: number(bench.gpt.config.block_size) }),
      ]
        .filter(Boolean)
        .join(" "),
    );
    note.hidden = !note.textContent;
    onread(text);
  }
  /** Read what is in the field, if it is not what was read last. */
  const catchUp = () => {
    if (clean(field.value).text !== bench.state.prompt) read();
  };
  const readSoon = later(catchUp, 200);

  /** One token more, unless it is no text of its own. */
  function append(id) {
    const text = new TextDecoder().decode(bench.tokenizer.token(id));
    if (text.includes("\uFFFD") || bench.specials.has(id)) return;
    field.value = field.value + text;
    read();
  }

  /** Another text in the field; the address hears of it only where the reader wrote it. */
  function write(text, options) {
    field.value = text;
    read(options);
  }
  const begin = (text) => write(bench.state.prompt || text, { mine: false });

  const controls = el(
    "div",
    { class: "gb-controls wide" },
    el("div", { class: "gb-control gb-select" }, el("label", { for: menuId }, t("prompt_menu")), menu),
    field.node,
  );
  const text = () => clean(field.value).text;
  return { nodes: [controls, note], begin, write, catchUp, append, text, stop: readSoon.cancel };
}
