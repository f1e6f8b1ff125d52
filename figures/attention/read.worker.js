// A worker that reads texts for the attention viewer, so that the page stays quick. build.mjs puts its whole code
// as text into the figure; engine.js starts it and asks it for what logic.js can do.
import { GPT } from "../core/gpt.js";
import { jobs } from "./logic.js";

let gpt = null;

self.onmessage = ({ data }) => {
  if (data.model) gpt = Object.assign(Object.create(GPT.prototype), data.model);
  else self.postMessage({ id: data.id, result: jobs[data.job](gpt, ...data.args) });
};
