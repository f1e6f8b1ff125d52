// One question: its options as radio buttons, and after the check a reason for each.
import { el, inline, uid } from "../core/index.js";

/** `answer` is the index of the reader's option, or undefined. */
export function question(t, { q, options }, n, total, answer) {
  const done = answer !== undefined;
  const group = uid("quiz");
  return el(
    "fieldset",
    { class: `question ${done ? "answered" : ""}` },
    el("legend", {}, el("span", { class: "count" }, t("number", { n: n + 1, total })), inline(q)),
    el(
      "div",
      { class: "choices" },
      options.map((option) => choice(t, option, group, done, option.index === answer)),
    ),
  );
}

function choice(t, option, group, done, yours) {
  const id = uid("choice");
  const why = uid("why");
  const mark = [
    option.right && `✓ ${t("mark_right")}`,
    yours && `${option.right ? "· " : "✗ "}${t("mark_yours")}`,
  ].filter(Boolean);
  const input = el("input", {
    type: "radio",
    id,
    name: group,
    value: option.index,
    checked: yours,
    disabled: done && !yours,
    "data-lm-suppress-shortcuts": "true",
    "aria-describedby": done ? why : null,
  });
  return el(
    "div",
    { class: `choice ${done ? (option.right ? "is-right" : "is-wrong") : ""} ${yours ? "is-yours" : ""}` },
    input,
    el(
      "label",
      { for: id },
      inline(option.text),
      done && mark.length ? el("span", { class: "mark" }, mark.join(" ")) : null,
    ),
    done ? el("p", { class: "why", id: why }, inline(option.why)) : null,
  );
}
