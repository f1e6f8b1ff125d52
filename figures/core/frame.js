// The frame around every figure: title, body, one status line, the sentence that the figure proves,
// a link to its state. It owns the CSS, the strings and the state.
import base from "./base.css";
import { button, el, put } from "./dom.js";
import { format, parse } from "./permalink.js";
import { strings } from "./strings.js";
import coreStrings from "./strings.json";

function addStyle(host, id, css) {
  const root = host.getRootNode();
  const home = root instanceof ShadowRoot ? root : document.head;
  if (home.querySelector(`style[data-gb="${id}"]`)) return;
  home.append(el("style", { "data-gb": id }, css));
}

/**
 * frame({ model, host, name, css, strings, permalink: ["temperature"] }) ->
 *   t(key, values)     text from strings.json; core(key, values) from the core's
 *   inPage             whether this is a page of the book, and no notebook
 *   body               the element to fill
 *   heading(text)      a title of the figure's own (`title: false`), as a heading of the page
 *   say(text)          announce a result (role=status); the same text twice is announced twice.
 *                      { shown: false }: for screen readers only, where the result is in view already
 *   saySoon(words)     say words() to screen readers when the reader has stopped moving a control;
 *                      what is said or asked in the meantime takes its place
 *   aha(text)          the sentence under the figure
 *   under(...nodes)    put something below that sentence: what was simplified
 *   get(key, fallback) state: the link in the address wins over the page's JSON, which wins over fallback
 *   linked             what the link in the address sets: { key: text }, or null
 *   set(key, value)    write state to the model (synced to Python in a notebook) and to the address
 *   onChange(key, fn)  hear changes made from Python
 *   fail(error)        replace the body by a sentence that says what went wrong
 *   destroy()          return this from render()
 */
export function frame({ model, host, name, css = "", strings: table, permalink = [], concerns, title = true }) {
  const lang = model.get("_lang") ?? document.documentElement.lang ?? "en";
  const t = strings(table, lang);
  const core = strings(coreStrings, lang);
  addStyle(host, "core", base);
  if (css) addStyle(host, name, css);

  const body = el("div", { class: "gb-body" });
  const status = el("p", { class: "gb-status", role: "status", "aria-live": "polite" });
  const finding = el("p", { class: "gb-aha", hidden: true });
  const root = el("div", {
    class: `gb-fig gb-fig-${name}`,
    role: "group",
    "aria-label": t("title"),
    "data-gb-figure": name,
  });
  host.append(root);
  put(root, title && heading(root, t("title")), body, status, finding);

  const voice = statusLine(status);
  const state = linkedState(model, name, permalink, concerns);
  if (state.inPage && permalink.length) root.append(linkButton(core, voice, state));
  const quiet = [];
  if (state.linked) requestAnimationFrame(() => root.scrollIntoView({ block: "center" }));
  return {
    t,
    core,
    inPage: state.inPage,
    root,
    body,
    status,
    heading: (text) => heading(root, text),
    say: voice.say,
    saySoon: voice.saySoon,
    get: state.get,
    set: state.set,
    linked: state.linked,
    aha(text) {
      finding.hidden = !text;
      finding.textContent = text ?? "";
    },
    under(...nodes) {
      finding.after(...nodes);
    },
    onChange(key, fn) {
      model.on(`change:${key}`, fn);
      quiet.push(() => model.off(`change:${key}`, fn));
    },
    fail(error) {
      put(body, el("p", { class: "gb-failed" }, error instanceof Error ? error.message : String(error)));
      if (error instanceof Error) console.warn(`figure ${name}:`, error.message);
    },
    destroy() {
      voice.stop();
      state.stop();
      quiet.forEach((stop) => stop());
      root.remove();
    },
  };
}

/**
 * A heading one level below the page's own before it. It is no h2 or h3: those belong to the page's text, whose styles
 * and contents they have, in JupyterLab too. A notebook puts the figure into the page when it likes, some time after it
 * was made: until then a lab's figure stands under a step, which is of level 2.
 */
function heading(root, text) {
  const node = el("p", { class: "gb-title", role: "heading", "aria-level": root.isConnected ? below(root) : 3 }, text);
  if (!root.isConnected) whenNear(root).then(() => root.isConnected && node.setAttribute("aria-level", below(root)));
  return node;
}

function below(root) {
  const page = root.closest("main, .jp-Notebook") ?? document;
  const own = [...page.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(
    (h) => !h.closest(".gb-fig") && h.compareDocumentPosition(root) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  // a notebook keeps only the cells near the reader in the page: there may be no heading before
  if (!own.length) return page === document || page.matches("main") ? 2 : 3;
  return Math.min(Number(own.at(-1).tagName[1]) + 1, 6);
}

/** What says results: at once, or when the reader has stopped moving a control. */
function statusLine(status) {
  let speaking = 0;
  const stop = () => clearTimeout(speaking);
  function say(text, { shown = true } = {}) {
    stop();
    status.classList.toggle("gb-hidden-text", !shown);
    // Emptying first makes screen readers announce a sentence that happens to be the same as before.
    status.textContent = "";
    requestAnimationFrame(() => {
      status.textContent = text;
    });
  }
  function saySoon(words) {
    stop();
    speaking = setTimeout(() => say(words(), { shown: false }), 500);
  }
  return { say, saySoon, stop };
}

/**
 * The state: read from the address, else from the model; written to the model and, a little later, to the address.
 * `concerns(link)` is false where a link means another figure of this name on the same page.
 */
function linkedState(model, name, permalink, concerns = () => true) {
  const inPage = model.static === true;
  const link = inPage ? parse(location.hash, name) : null;
  const linked = link && concerns(link) ? link : null;
  const shared = {};
  let timer = 0;
  const stop = () => clearTimeout(timer);
  function writeLink() {
    stop();
    timer = 0;
    try {
      history.replaceState(history.state, "", format(name, shared));
    } catch {
      // an address that may not be changed (a frame, a preview) costs the reader only the link
    }
  }
  function get(key, fallback) {
    if (!linked || !permalink.includes(key) || !Object.hasOwn(linked, key)) return model.get(key) ?? fallback;
    const raw = linked[key];
    if (typeof fallback === "number") return Number.isFinite(+raw) && raw !== "" ? +raw : fallback;
    return typeof fallback === "boolean" ? raw === "true" : raw;
  }
  function set(key, value) {
    model.set(key, value);
    model.save_changes();
    if (!inPage || !permalink.includes(key)) return;
    shared[key] = value;
    if (!timer) timer = setTimeout(writeLink, 400);
  }
  return { inPage, linked, get, set, writeLink, stop };
}

function linkButton(core, voice, state) {
  const copy = async () => {
    voice.stop();
    state.writeLink();
    try {
      await navigator.clipboard.writeText(location.href);
      voice.say(core("link_copied"));
    } catch {
      voice.say(core("link_in_address"));
    }
  };
  return button(core("copy_link"), copy, { class: "quiet gb-link" });
}

/** True when the reader asked for less motion: show the end state at once. */
export const reducedMotion = () => globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;

/** Resolves when the element comes within a screen of being seen: heavy things are loaded then. */
export function whenNear(element) {
  if (!("IntersectionObserver" in globalThis)) return Promise.resolve();
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        resolve();
      },
      { rootMargin: "100% 0px" },
    );
    observer.observe(element);
    addEventListener(
      "beforeprint",
      () => {
        observer.disconnect();
        resolve();
      },
      { once: true },
    );
  });
}
