// The passages that the search found, a card each, in a color and with a letter; a checkbox takes one off the desk.
import { checkbox, el, put } from "../core/index.js";
import { LETTERS } from "./logic.js";

/** `ontoggle(i, on)` hears that passage i was taken away or put back. */
export function cardsPanel({ t }, state, ontoggle) {
  const node = el("fieldset", { class: "cards" });
  let laid = null;
  let boxes = [];

  function lay() {
    laid = state.desk;
    boxes = laid.passages.map((p, i) =>
      checkbox({
        label: el("span", { class: "told" }, el("b", { class: "letter" }, LETTERS[i]), " ", p.text),
        value: true,
        onchange: (on) => ontoggle(i, on),
      }),
    );
    const cards = boxes.map((box, i) => el("div", { class: `card passage-${LETTERS[i]}` }, box.node));
    put(node, el("legend", {}, t("found")), cards);
  }
  function draw() {
    if (laid !== state.desk) lay();
    boxes.forEach((box, i) => {
      box.value = state.kept[i];
      box.node.parentElement.classList.toggle("off", !state.kept[i]);
    });
  }
  return { node, draw };
}
