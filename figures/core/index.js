// Everything a figure needs from the core, from one place.
export { arrive } from "./arrive.js";
export { cardPanel } from "./card.js";
export {
  button,
  checkbox,
  dataTable,
  el,
  inline,
  MAIN,
  more,
  put,
  radios,
  select,
  slider,
  svg,
  textField,
  uid,
} from "./dom.js";
export { followFinger } from "./finger.js";
export { frame, reducedMotion, whenNear } from "./frame.js";
export { later } from "./later.js";
export { loadFile, loadModel } from "./model.js";
export { random, shuffle } from "./random.js";
export { store } from "./store.js";
export { clean, MAX_CHARS, visible } from "./text.js";
