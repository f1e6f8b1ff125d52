// How large the assistant's file is, drawn to scale: the whole one an outline, this one filled, a floppy disk dashed.
import { el, put, svg } from "../core/index.js";
import { FLOPPY, sideOf, size } from "./logic.js";

const SIDE = 100;

export function scalePanel({ t }, whole) {
  const most = Math.max(whole.bytes, FLOPPY);
  const square = (name, bytes) => {
    const side = sideOf(bytes, most, SIDE);
    return svg("rect", { class: name, x: 1, y: 1 + SIDE - side, width: side, height: side, rx: 2 });
  };
  const now = square("now", whole.bytes);
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${SIDE + 2} ${SIDE + 2}`, role: "img" },
    square("whole", whole.bytes),
    now,
    square("floppy", FLOPPY),
  );
  const large = el("b", { class: "large" });
  const words = el("figcaption", { class: "small" });
  const node = el("figure", { class: "scale" }, picture, el("div", {}, large, words));

  function draw(model) {
    const side = sideOf(model.bytes, most, SIDE);
    for (const [key, value] of Object.entries({ y: 1 + SIDE - side, width: side, height: side }))
      now.setAttribute(key, value);
    put(large, size(model.bytes));
    const values = { whole: size(whole.bytes), now: size(model.bytes) };
    put(words, t(model.bytes <= FLOPPY ? "scale_fits" : "scale", values));
    picture.setAttribute("aria-label", t("scale_alt", values));
  }
  return { node, draw };
}
