/* Mounts the figures of a static page: every <div class="afm" data-afm-name="tokens"> with a JSON state
   inside, whether a chapter's directive or a lab's captured output put it there.

   A classic script, because ES modules by address do not load from file://. A figure's module arrives
   as text, window.__afm["tokens"] = { esm: "..." }, set by a script that the page has, or else by the
   file tokens.js that lies beside this one wrapped in that form; it is imported through a Blob address. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the whole of a classic script stands in one function
(() => {
  // biome-ignore lint/suspicious/noRedundantUseStrict: a classic script is sloppy unless it says so
  "use strict";
  const HOME = document.currentScript ? new URL(".", document.currentScript.src).href : "";

  // What anywidget calls a model, without a kernel behind it.
  class Model {
    constructor(state) {
      this.static = true; // figures ask: in a page there is an address to keep links in, and nobody to sync with
      this.state = { ...state };
      this.listeners = {};
    }
    get(key) {
      return this.state[key];
    }
    set(key, value) {
      const patch = typeof key === "object" ? key : { [key]: value };
      for (const [name, next] of Object.entries(patch)) {
        if (Object.is(this.state[name], next)) continue;
        this.state[name] = next;
        this.emit(`change:${name}`, next);
      }
      this.emit("change");
    }
    save_changes() {}
    send() {}
    on(names, fn) {
      for (const name of names.split(/\s+/)) {
        this.listeners[name] ||= [];
        this.listeners[name].push(fn);
      }
    }
    off(names, fn) {
      if (!names) {
        this.listeners = {};
        return;
      }
      for (const name of names.split(/\s+/)) {
        this.listeners[name] = fn ? (this.listeners[name] || []).filter((f) => f !== fn) : [];
      }
    }
    emit(name, ...values) {
      (this.listeners[name] || []).slice().forEach((fn) => fn(...values));
    }
  }

  const scripts = new Map();
  /** Load a classic script once, by a path relative to this file. */
  function script(path) {
    const src = new URL(path, HOME || location.href).href;
    if (!scripts.has(src)) {
      scripts.set(
        src,
        new Promise((resolve, reject) => {
          const node = document.createElement("script");
          node.src = src;
          node.onload = () => resolve();
          node.onerror = () => {
            scripts.delete(src);
            node.remove();
            reject(new Error(`${path} cannot be loaded`));
          };
          document.head.append(node);
        }),
      );
    }
    return scripts.get(src);
  }

  const modules = new Map();
  async function figure(name) {
    if (!window.__afm?.[name]) await script(`${name}.js`);
    const source = window.__afm?.[name];
    if (!source) throw new Error(`the figure "${name}" is not part of this book`);
    if (!modules.has(name)) {
      const address = URL.createObjectURL(new Blob([source.esm], { type: "text/javascript" }));
      modules.set(
        name,
        import(address).then(async (m) => (typeof m.default === "function" ? m.default() : (m.default ?? m))),
      );
    }
    return modules.get(name);
  }

  /** On paper a figure that nobody has touched gives way to its picture and sentence (book.css). */
  function markTouched(node) {
    const touched = () => {
      node.dataset.touched = "";
    };
    for (const event of ["pointerdown", "keydown", "input"]) node.addEventListener(event, touched, { once: true });
    if (location.hash.includes(`fig=${node.dataset.afmName}`)) touched();
  }

  async function mount(node) {
    if (node.dataset.afm) return;
    node.dataset.afm = "loading";
    const el = document.createElement("div");
    try {
      const holder = node.querySelector("script[type='application/json']");
      const state = holder ? JSON.parse(holder.textContent) : {};
      const widget = await figure(node.dataset.afmName);
      const model = new Model(state);
      if (widget.initialize) await widget.initialize({ model });
      node.append(el); // before it is filled: a figure's title is a heading, and looks which one comes before it
      await widget.render({ model, el });
      for (const other of [...node.childNodes]) if (other !== el && !other.matches?.("[data-still]")) other.remove();
      node.dataset.afm = "ready";
      markTouched(node);
    } catch (error) {
      el.remove();
      node.dataset.afm = "error";
      const note = document.createElement("p");
      note.textContent = `This figure could not be shown: ${error.message}.`;
      node.append(note);
      console.error("figure host:", node.dataset.afmName, error);
    }
  }

  const mountAll = () => document.querySelectorAll("div.afm[data-afm-name]").forEach(mount);
  window.__glassbox = Object.assign(window.__glassbox || {}, { script, mountAll });
  if (document.readyState === "loading") window.addEventListener("DOMContentLoaded", mountAll);
  else mountAll();
})();
