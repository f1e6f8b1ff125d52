/* What the pages do by themselves: colors, contents on small screens, glossary words, the index of
   claims. Plain JavaScript; every page can be read without it. */
"use strict";
{
  const root = document.documentElement;
  const $ = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const home = new URL(".", document.currentScript.src).href;
  const keep = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      /* private mode */
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    colors();
    contents();
    wideThings();
    glossary();
    claimIndex();
  });

  // ---- light and dark
  function colors() {
    const button = $(".gb-theme");
    const show = () => button.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
      keep("gb-theme", root.dataset.theme);
      show();
    });
    show();
  }

  // ---- contents: a drawer on small screens, and a mark at the section in view
  function contents() {
    const button = $(".gb-menu"),
      drawer = $("#gb-contents");
    const current = $("[aria-current=page]", drawer);
    const isOpen = () => drawer.classList.contains("gb-open");
    const set = (open) => {
      drawer.classList.toggle("gb-open", open);
      button.setAttribute("aria-expanded", String(open));
    };
    // the focus goes in with the reader and comes back; a link takes it along to where it leads
    button.addEventListener("click", () => {
      set(!isOpen());
      if (isOpen()) (current || $("a", drawer)).focus();
    });
    drawer.addEventListener("click", (event) => {
      if (event.target.closest("a")) set(false);
    });
    drawer.addEventListener("focusout", (event) => {
      const to = event.relatedTarget;
      if (isOpen() && to && to !== button && !drawer.contains(to)) set(false);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && isOpen()) {
        set(false);
        button.focus();
      }
      if (
        event.key === "/" &&
        !event.ctrlKey &&
        !event.metaKey &&
        !event.altKey &&
        !event.target.closest("input, textarea, select, [contenteditable]")
      ) {
        const field = $("#gb-search-q") || $("#gb-q");
        if (field) {
          event.preventDefault();
          field.focus();
        }
      }
    });
    if (current && current.offsetTop > drawer.clientHeight * 0.7) drawer.scrollTop = current.offsetTop - 120;
    const links = new Map(all(".gb-sections a", drawer).map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
    const heads = all("main section[id]").filter((s) => links.has(s.id));
    if (!heads.length || !("IntersectionObserver" in window)) return;
    const seen = new Set();
    const watch = new IntersectionObserver(
      (entries) => {
        for (const e of entries) e.isIntersecting ? seen.add(e.target) : seen.delete(e.target);
        const here = heads.filter((s) => seen.has(s)).pop();
        for (const [id, a] of links) a.classList.toggle("gb-here", here?.id === id);
      },
      { rootMargin: "-15% 0px -65% 0px" },
    );
    heads.forEach((s) => watch.observe(s));
  }

  // ---- what scrolls sideways must be reachable by keyboard
  function wideThings() {
    const kinds = { pre: "Code", ".gb-drawing": "Drawing", "mjx-container": "Formula", ".gb-scroll": "Table" };
    const kind = (el) => Object.entries(kinds).find(([selector]) => el.matches(selector))[1];
    const check = (el) => {
      const wide = el.scrollWidth > el.clientWidth + 1;
      if (wide) {
        el.tabIndex = 0;
        el.setAttribute("role", "group");
        if (!el.hasAttribute("aria-label")) el.setAttribute("aria-label", `${kind(el)}, scrolls sideways`);
      } else if (el.tabIndex === 0 && !el.matches("a, button")) {
        el.removeAttribute("tabindex");
        el.removeAttribute("role");
      }
    };
    const things = all(".gb-scroll, main pre, .gb-drawing, mjx-container[display=true]");
    const watch = new ResizeObserver((entries) => entries.forEach((e) => check(e.target)));
    things.forEach((el) => watch.observe(el));
  }

  // ---- glossary words: the definition on hover and on focus; a tap or Enter opens it to stay
  let glossaryFile;
  const definition = async (word) => {
    glossaryFile ||= new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = `${home}glossary.js`;
      script.onload = script.onerror = () => resolve(window.__gbGlossary || {});
      document.head.append(script);
    });
    return (await glossaryFile)[decodeURIComponent(word.hash.slice(1))];
  };

  /* The box of a definition, put beside its word so that Tab goes from one to the other. */
  function definitionBox(close) {
    const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
    const tip = make("div", { className: "gb-tip", id: "gb-tip", tabIndex: -1, hidden: true });
    function foot(word) {
      const line = make("span", { className: "gb-tip__foot" });
      const button = make("button", { type: "button", textContent: "Close" });
      button.addEventListener("click", close);
      line.append(make("a", { href: word.href, textContent: "In the glossary" }), button);
      return line;
    }
    function put(word, [term, text], stays) {
      tip.replaceChildren(make("strong", { textContent: term }), text, ...(stays ? [foot(word)] : []));
      tip.setAttribute("role", stays ? "dialog" : "tooltip");
      if (stays) tip.setAttribute("aria-label", `${term}: definition`);
      else tip.removeAttribute("aria-label");
      word.after(tip);
      tip.hidden = false;
      tip.style.left = tip.style.top = "0";
      const box = word.getClientRects()[0],
        own = tip.getBoundingClientRect();
      const left = Math.max(8, Math.min(box.left, root.clientWidth - own.width - 8));
      const above = box.top - own.height - 6;
      const below = box.bottom + own.height + 12 < innerHeight || above < 0;
      tip.style.left = `${left - own.left}px`;
      tip.style.top = `${(below ? box.bottom + 6 : above) - own.top}px`;
    }
    return { tip, put };
  }

  function glossary() {
    const words = all("main a.reference").filter((a) => $(".std-term", a) && a.hash);
    if (!words.length) return;
    let timer, opened, returning; // `opened`: the word whose definition stays
    const { tip, put } = definitionBox(() => close(true));
    async function show(a) {
      clearTimeout(timer);
      if (returning || opened) return;
      const found = await definition(a);
      if (!found || opened || !(a.matches(":hover") || document.activeElement === a)) return;
      put(a, found, false);
      a.setAttribute("aria-describedby", "gb-tip");
    }
    async function open(a) {
      clearTimeout(timer);
      const found = await definition(a);
      if (!found) {
        location.href = a.href;
        return;
      }
      close(false);
      opened = a;
      a.setAttribute("aria-expanded", "true");
      put(a, found, true);
      tip.focus({ preventScroll: true });
    }
    const hide = () => {
      tip.hidden = true;
      words.forEach((a) => a.removeAttribute("aria-describedby"));
    };
    function close(back) {
      const word = opened;
      opened = undefined;
      hide();
      if (!word) return;
      word.setAttribute("aria-expanded", "false");
      returning = true; // the word does not show its definition again for having the focus again
      if (back) word.focus({ preventScroll: true });
      returning = false;
    }
    const later = () => {
      clearTimeout(timer);
      if (!opened) timer = setTimeout(() => opened || hide(), 180); // it may have been opened since
    };
    for (const a of words) {
      a.classList.add("gb-term");
      a.setAttribute("aria-expanded", "false");
      a.addEventListener("mouseenter", () => show(a));
      a.addEventListener("mouseleave", later);
      a.addEventListener("focus", () => show(a));
      a.addEventListener("blur", () => opened || hide());
      a.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        opened === a ? close(true) : open(a);
      });
    }
    tip.addEventListener("mouseenter", () => clearTimeout(timer));
    tip.addEventListener("mouseleave", later);
    const elsewhere = (target) => opened && target && !tip.contains(target) && !opened.contains(target);
    tip.addEventListener("focusout", (event) => elsewhere(event.relatedTarget) && close(false));
    document.addEventListener("click", (event) => elsewhere(event.target) && close(false));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") opened ? close(true) : hide();
    });
  }

  // ---- the index of claims: a filter whose state is in the address
  function claimIndex() {
    const box = $(".gb-index");
    if (!box) return;
    const form = $("form", box),
      count = $(".gb-index__count", box),
      fold = $(".gb-index__fold", form);
    const showFilters = (open) => {
      fold.setAttribute("aria-expanded", String(open));
      $("#ci-filters").classList.toggle("gb-open", open);
    };
    fold.addEventListener("click", () => showFilters(fold.getAttribute("aria-expanded") !== "true"));
    const rows = all(".gb-index__list > li", box).map((li) => ({ li, text: li.textContent.toLowerCase() }));
    const fields = ["q", "source", "verdict", "chapter", "topic"];
    const read = () => {
      if (!location.hash.includes("=")) return;
      const wanted = new URLSearchParams(location.hash.slice(1));
      for (const name of fields) form.elements[name].value = wanted.get(name) || "";
    };
    const apply = () => {
      const value = Object.fromEntries(fields.map((name) => [name, form.elements[name].value.trim()]));
      const words = value.q.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { li, text } of rows) {
        const match =
          ["source", "verdict", "chapter", "topic"].every((k) => !value[k] || li.dataset[k] === value[k]) &&
          words.every((word) => text.includes(word));
        li.hidden = !match;
        if (match) shown += 1;
      }
      const filtered = fields.some((name) => value[name]);
      const chosen = fields.slice(1).filter((name) => value[name]).length;
      fold.textContent = chosen ? `Filters (${chosen})` : "Filters";
      count.textContent = filtered ? `${shown} of ${rows.length} claims.` : `${rows.length} claims.`;
      return new URLSearchParams(fields.filter((name) => value[name]).map((name) => [name, value[name]])).toString();
    };
    const change = () => {
      const hash = apply();
      try {
        history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
      } catch {
        location.hash = hash;
      }
    };
    form.addEventListener("input", change);
    form.addEventListener("reset", () => setTimeout(change));
    form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", () => {
      read();
      apply();
    });
    const first = count.textContent;
    read();
    if (location.hash.includes("=")) apply();
    else count.textContent = first;
  }
}
