// The question: a field with the one to begin with; folded away, a menu and how it is put.
import { button, clean, el, MAIN, put, radios, slider, textField, uid } from "../core/index.js";
import { DICE, MAX_SEED } from "./desk.js";
import { FORMS, promptIds } from "./logic.js";
import { number } from "./words.js";

/** `onask()` hears that the question is to be put; then `take()` gives its text. */
export function questionPanel(fig, desk, onask) {
  const { t } = fig;
  const { menu: known } = desk.data;
  let touched = false; // has the reader chosen or typed a question?
  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(onask, 250);
  };

  const menuId = uid("question");
  const groups = [...new Set(known.map((m) => m.group))];
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
        field.value = known[menu.value].text;
        touched = true;
        onask();
      },
    },
    groups.map((group) =>
      el(
        "optgroup",
        { label: t(`group_${group}`, { name: known.find((m) => m.group === group).name }) },
        known.map((m, i) => m.group === group && el("option", { value: i }, m.text)),
      ),
    ),
    el("option", { value: "" }, t("own")),
  );
  const field = textField({
    label: t("question"),
    value: String(fig.get("question", "") || known[0].text),
    dir: "auto",
    onenter: onask,
  });
  field.input.addEventListener("input", () => {
    menu.value = "";
    touched = true;
    soon();
  });
  const note = el("p", { class: "gb-muted small", hidden: true });
  const settings = settingsPanel(fig, desk, onask, soon);

  /** The text as it is put to the models, with what had to be changed in it said beside it. */
  function take() {
    clearTimeout(timer);
    const { text, cropped, repaired } = clean(field.value);
    const at = known.findIndex((m) => m.text === text);
    menu.value = at < 0 ? "" : String(at);
    if (touched) fig.set("question", text); // only what the reader did goes into the address
    const window = desk.models.base.gpt.config.block_size;
    const tooLong = desk.data.models.some(
      (name) => promptIds(text, desk.formOf(name), desk.tokenizerOf(name)).length > window,
    );
    put(
      note,
      [
        cropped && t("cropped", { n: "10,000" }),
        repaired && t("repaired"),
        !text.trim() && t("empty"),
        tooLong && t("window", { n: number(window) }),
      ]
        .filter(Boolean)
        .join(" "),
    );
    note.hidden = !note.textContent;
    settings.update();
    return text;
  }

  return {
    nodes: [
      el("div", { class: "row", ...MAIN.control }, field.node, button(t("ask"), onask, { class: "primary" })),
      note,
    ],
    more: [el("div", { class: "gb-control gb-select" }, el("label", { for: menuId }, t("menu")), menu), settings.node],
    take,
    choose({ text }) {
      field.value = text;
      touched = true;
    },
    setForm: settings.setForm,
    stop: () => clearTimeout(timer),
  };
}

/** How the base model is asked, the temperature, and the throw of the dice. */
function settingsPanel(fig, desk, onask, soon) {
  const { t } = fig;
  const formNote = el("p", { class: "gb-muted small" });
  const forms = radios({
    legend: t("form"),
    inline: true,
    value: desk.form,
    options: FORMS.map((f) => [f, t(`form_${f}`)]),
    onchange: (value) => {
      setForm(value);
      onask();
    },
  });
  function setForm(value) {
    desk.form = forms.value = value;
    fig.set("form", value);
  }
  const heat = slider({
    label: t("temperature"),
    min: 0,
    max: 2,
    step: 0.1,
    value: desk.temperature,
    format: (x) => x.toFixed(1),
    oninput: (x) => {
      desk.temperature = x;
      fig.set("temperature", x);
      soon();
    },
  });
  const throwNote = el("span", { class: "gb-muted small throw" });
  const again = button(t("again"), () => {
    if (desk.temperature === 0) {
      desk.temperature = heat.value = DICE; // without it a throw would change nothing
      fig.set("temperature", DICE);
    }
    desk.seed = (desk.seed + 1) % (MAX_SEED + 1);
    fig.set("seed", desk.seed);
    onask();
  });
  return {
    node: el(
      "div",
      { class: "settings" },
      forms.node,
      formNote,
      el("div", { class: "gb-controls" }, heat.node, el("div", { class: "buttons" }, again, throwNote)),
    ),
    setForm,
    update() {
      formNote.textContent = t(`form_note_${desk.form}`);
      throwNote.textContent = t("throw", { n: number(desk.seed) });
    },
  };
}
