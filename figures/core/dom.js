// Building a page without innerHTML: whatever a reader types can only ever become a text node.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, props, children) {
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2).toLowerCase(), value);
    else if (key === "class") node.setAttribute("class", value);
    else if (key === "style") Object.entries(value).forEach(([k, v]) => node.style.setProperty(k, v));
    else if (key === "value" || key === "checked" || key === "disabled" || key === "open") node[key] = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** el("p", { class: "note", onclick: f }, "text", el("b", {}, "more")): strings become text nodes. */
export const el = (tag, props, ...children) => fill(document.createElement(tag), props, children);

/** The same for SVG elements. */
export const svg = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

/** Replace what is inside a node. */
export function put(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

let serial = 0;
/** An id that no other element of the page has. */
export function uid(stem = "gb") {
  serial += 1;
  return `${stem}-${serial}-${Math.random().toString(36).slice(2, 7)}`;
}

// JupyterLab takes arrow keys, letters and Enter for itself unless the focused control says not to;
// on a parent element the attribute does nothing.
const OURS = { "data-lm-suppress-shortcuts": "true" };

/** button("Sample", onclick, { class: "primary" }) */
export const button = (label, onclick, props) =>
  el("button", { type: "button", ...OURS, ...props, onclick, class: `gb-button ${props?.class ?? ""}` }, label);

/**
 * A labeled slider with its value beside it. Returns { node, input, value (get/set) }.
 * `format(number)` makes the text that is shown and read aloud; `oninput(number)` hears every move.
 */
export function slider({ label, min, max, step, value, format = String, oninput, name }) {
  const id = uid("slider");
  const shown = el("output", { for: id, class: "gb-value" });
  const input = el("input", { type: "range", id, name, min, max, step, value, ...OURS });
  const show = () => {
    shown.textContent = format(+input.value);
    input.setAttribute("aria-valuetext", format(+input.value));
  };
  input.addEventListener("input", () => {
    show();
    oninput?.(+input.value);
  });
  show();
  const node = el("div", { class: "gb-control gb-slider" }, el("label", { for: id }, label), input, shown);
  return {
    node,
    input,
    get value() {
      return +input.value;
    },
    set value(v) {
      input.value = v;
      show();
    },
  };
}

/** A labeled menu. `options` is [[value, text], ...]. Returns { node, input, value (get/set) }. */
export function select({ label, options, value, onchange, name }) {
  const id = uid("select");
  const input = el(
    "select",
    { id, name, ...OURS },
    options.map(([v, text]) => el("option", { value: v }, text)),
  );
  if (value !== undefined) input.value = value;
  input.addEventListener("change", () => onchange?.(input.value));
  const node = el("div", { class: "gb-control gb-select" }, el("label", { for: id }, label), input);
  return {
    node,
    input,
    get value() {
      return input.value;
    },
    set value(v) {
      input.value = v;
    },
  };
}

/** A labeled line (rows = 0) or box (rows > 0) of text. Returns { node, input, value (get/set) }. */
export function textField({ label, value = "", rows = 0, oninput, onenter, name, ...props }) {
  const id = uid("text");
  const common = {
    id,
    name,
    value,
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    ...OURS,
    ...props,
  };
  const input = rows ? el("textarea", { rows, ...common }) : el("input", { type: "text", ...common });
  input.addEventListener("input", () => oninput?.(input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && onenter) onenter(input.value, event);
  });
  const node = el("div", { class: "gb-control gb-text" }, el("label", { for: id }, label), input);
  return {
    node,
    input,
    get value() {
      return input.value;
    },
    set value(v) {
      input.value = v;
    },
  };
}

/** A labeled checkbox. Returns { node, input, value (get/set boolean) }. */
export function checkbox({ label, value = false, onchange, name }) {
  const id = uid("check");
  const input = el("input", { type: "checkbox", id, name, checked: value, ...OURS });
  input.addEventListener("change", () => onchange?.(input.checked));
  const node = el("div", { class: "gb-control gb-check" }, input, el("label", { for: id }, label));
  return {
    node,
    input,
    get value() {
      return input.checked;
    },
    set value(v) {
      input.checked = v;
    },
  };
}

/**
 * One choice among several: a fieldset of native radio buttons. `options` is [[value, text], ...].
 * Returns { node, inputs, value (get/set) }.
 */
export function radios({ legend, options, value, onchange, inline = false }) {
  const group = uid("radio");
  const inputs = options.map(([v]) =>
    el("input", {
      type: "radio",
      id: uid("option"),
      name: group,
      value: v,
      checked: v === value,
      ...OURS,
      onchange: () => onchange?.(v),
    }),
  );
  const rows = options.map(([, text], i) =>
    el("div", { class: "gb-option" }, inputs[i], el("label", { for: inputs[i].id }, text)),
  );
  const node = el("fieldset", { class: `gb-radios ${inline ? "inline" : ""}` }, el("legend", {}, legend), rows);
  return {
    node,
    inputs,
    get value() {
      return inputs.find((i) => i.checked)?.value;
    },
    set value(v) {
      inputs.forEach((i) => {
        i.checked = i.value === String(v);
      });
    },
  };
}

/**
 * The numbers behind a chart, folded away: details > table. `columns` are headings, `rows` arrays of
 * cells; the first cell of a row is its heading. Returns { node, update(rows) }.
 */
export function dataTable({ summary, caption, columns, rows = [] }) {
  const body = el("tbody");
  // On a phone a table may be wider than the page: it scrolls by keyboard too.
  const scroll = el(
    "div",
    { class: "gb-scroll", tabindex: "0", role: "group", "aria-label": summary, ...OURS },
    el(
      "table",
      { class: "gb-table" },
      el("caption", {}, caption),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          columns.map((c) => el("th", { scope: "col" }, c)),
        ),
      ),
      body,
    ),
  );
  const node = el("details", { class: "gb-data" }, el("summary", { ...OURS }, summary), scroll);
  const update = (next) =>
    put(
      body,
      next.map((row) =>
        el(
          "tr",
          {},
          row.map((cell, i) => (i ? el("td", {}, cell) : el("th", { scope: "row" }, cell))),
        ),
      ),
    );
  update(rows);
  return { node, update };
}

/** What a reader may want after the main thing, folded away: more("More: dice and filters", ...nodes). */
export const more = (summary, ...children) =>
  el("details", { class: "gb-more" }, el("summary", { ...OURS }, summary), el("div", {}, children));

/** The one control to try first and what answers it: a test holds that both fit into one screen. */
export const MAIN = { control: { "data-main": "control" }, response: { "data-main": "response" } };

/**
 * A sentence with `code` and *emphasis* as an array of nodes and strings; everything else is text.
 * inline("the token `cat`") -> ["the token ", <code>cat</code>]
 */
export const inline = (text) =>
  String(text)
    .split(/(`[^`]+`|\*[^*\s][^*]*\*)/)
    .filter(Boolean)
    .map((part) => {
      if (part.length > 2 && part.startsWith("`")) return el("code", {}, part.slice(1, -1));
      if (part.length > 2 && part.startsWith("*")) return el("em", {}, part.slice(1, -1));
      return part;
    });
