// The trained model in the page. loadModel(model, "base") -> { gpt, tokenizer, card }
//
// In a page, the classic script models/base.js beside the host registers the weights under
// window.__glassbox.models.base, so that it also loads from file://. In a notebook the same file's text
// is asked from the kernel, once, so that no notebook carries weights in its outputs.

import { GPT, unpack } from "./gpt.js";
import { strings } from "./strings.js";
import coreStrings from "./strings.json";
import { BPE } from "./tokenizer.js";

const loaded = new Map();

/** Resolves to { gpt: GPT, tokenizer: BPE, card: object }; rejects with a sentence for the reader. */
export function loadModel(model, name = "base") {
  if (!loaded.has(name)) {
    const promise = load(model, name);
    promise.catch(() => loaded.delete(name)); // the next figure may try again
    loaded.set(name, promise);
  }
  return loaded.get(name);
}

async function load(model, name) {
  const file = await loadFile(model, name);
  try {
    return {
      gpt: new GPT(file.config, unpack(file.tensors)),
      tokenizer: BPE.fromJSON(file.tokenizer),
      card: file.card,
    };
  } catch (error) {
    throw new Error(words(model)("model_broken", { name, why: error.message }));
  }
}

const words = (model) => strings(coreStrings, model.get("_lang") ?? "en");

/** What tools/figure_data.py wrote as models/<name>.js: JSON, from beside the page or from the kernel. */
export const loadFile = (model, name) =>
  model.static ? fromPage(name, words(model)) : fromKernel(model, name, words(model));

async function fromPage(name, t) {
  if (!window.__glassbox?.models?.[name]) {
    try {
      await window.__glassbox.script(`models/${name}.js`);
    } catch {
      throw new Error(t("model_missing", { name }));
    }
  }
  const file = window.__glassbox.models?.[name];
  if (!file) throw new Error(t("model_missing", { name }));
  return file;
}

function fromKernel(model, name, t) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new Error(t("model_no_kernel", { name })))), 20_000);
    const finish = (act) => {
      clearTimeout(timer);
      model.off("msg:custom", hear);
      act();
    };
    function hear(message) {
      if (message?.kind !== "file" || message.name !== name) return;
      if (message.error) finish(() => reject(new Error(message.error)));
      else finish(() => resolve(message.file));
    }
    model.on("msg:custom", hear);
    model.send({ kind: "file", name });
  });
}
