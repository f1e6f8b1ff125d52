// The text: a menu of prepared ones, and a field for the reader's own.
import { clean, el, put, textField, uid } from "../core/index.js";
import { tokenAt } from "./logic.js";
import { number } from "./words.js";

/** `onread()` hears that another text has been read. */
export function textPanel(fig, look, onread) {
  const { t } = fig;
  const { texts } = look.data;
  let preset = Math.trunc(fig.get("preset", 0));
  if (!texts[preset]) preset = 0;
  const own = String(fig.get("text", "") ?? "");
  let begun = false;
  let timer = 0;

  const menuId = uid("text");
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
        preset = Number(menu.value);
        show(texts[preset].text);
      },
    },
    texts.map((x, i) =>
      el("option", { value: i }, `${t(`kind_${x.kind}`)}: ${x.text.slice(0, 36).replace(/\s+/g, " ")} …`),
    ),
    el("option", { value: "" }, t("own")),
  );
  const field = textField({
    label: t("text"),
    value: own || texts[preset].text,
    rows: 3,
    dir: "auto",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => read(), 250);
    },
  });
  const note = el("p", { class: "gb-muted small", hidden: true });

  function read(token) {
    clearTimeout(timer);
    const { text: typed, cropped, repaired } = clean(field.value);
    const known = texts.findIndex((x) => x.text === typed);
    menu.value = known < 0 ? "" : String(known);
    if (known >= 0) preset = known;
    const all = look.read(typed);
    put(
      note,
      [
        cropped && t("cropped", { n: "10,000" }),
        repaired && t("repaired"),
        !typed && t("empty"),
        all > look.ids.length && t("window", { n: number(look.block_size), all: number(all) }),
      ]
        .filter(Boolean)
        .join(" "),
    );
    note.hidden = !note.textContent;
    const lengths = look.ids.slice(1).map((id) => look.tokenizer.token(id).length);
    look.stand(token ?? (known >= 0 ? tokenAt(lengths, texts[known].at) : look.ids.length - 1));
    if (begun) {
      // only what the reader did goes into the address
      fig.set("preset", preset);
      fig.set("text", known < 0 ? typed : "");
      fig.set("token", look.at);
    }
    begun = true;
    onread();
  }

  function show(text) {
    field.value = text;
    read();
  }
  const controls = el(
    "div",
    { class: "gb-controls wide" },
    el("div", { class: "gb-control gb-select" }, el("label", { for: menuId }, t("text_menu")), menu),
    field.node,
  );
  return { nodes: [controls, note], read, show, stop: () => clearTimeout(timer) };
}
