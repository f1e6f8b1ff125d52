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
    const set = (open) => {
      drawer.classList.toggle("gb-open", open);
      button.setAttribute("aria-expanded", String(open));
    };
    button.addEventListener("click", () => set(!drawer.classList.contains("gb-open")));
    drawer.addEventListener("click", (event) => {
      if (event.target.closest("a")) set(false);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && drawer.classList.contains("gb-open")) {
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
    const current = $("[aria-current=page]", drawer);
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
    const check = (el) => {
      const wide = el.scrollWidth > el.clientWidth + 1;
      if (wide) {
        el.tabIndex = 0;
        el.setAttribute("role", "group");
        if (!el.hasAttribute("aria-label"))
          el.setAttribute("aria-label", el.matches("pre") ? "Code, scrolls sideways" : "Table, scrolls sideways");
      } else if (el.tabIndex === 0 && !el.matches("a, button")) {
        el.removeAttribute("tabindex");
        el.removeAttribute("role");
      }
    };
    const things = all(".gb-scroll, main pre, .gb-drawing, mjx-container[display=true]");
    const watch = new ResizeObserver((entries) => entries.forEach((e) => check(e.target)));
    things.forEach((el) => watch.observe(el));
  }

  // ---- glossary words: the definition on hover and on focus
  function glossary() {
    const words = all("main a.reference").filter((a) => $(".std-term", a) && a.hash);
    if (!words.length) return;
    const tip = document.createElement("div");
    tip.className = "gb-tip";
    tip.id = "gb-tip";
    tip.setAttribute("role", "tooltip");
    tip.hidden = true;
    $("main").append(tip);
    let loading, timer;
    const load = () =>
      (loading ||= new Promise((resolve) => {
        const script = document.createElement("script");
        script.src = `${home}glossary.js`;
        script.onload = script.onerror = () => resolve(window.__gbGlossary || {});
        document.head.append(script);
      }));
    async function show(a) {
      clearTimeout(timer);
      const found = (await load())[decodeURIComponent(a.hash.slice(1))];
      if (!found || !(a.matches(":hover") || document.activeElement === a)) return;
      const [term, text] = found;
      const head = document.createElement("strong");
      head.textContent = term;
      tip.replaceChildren(head, text);
      tip.hidden = false;
      a.setAttribute("aria-describedby", "gb-tip");
      const box = a.getBoundingClientRect();
      const left = Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8));
      const below = box.bottom + tip.offsetHeight + 12 < innerHeight;
      tip.style.left = `${left + scrollX}px`;
      tip.style.top = `${(below ? box.bottom + 6 : box.top - tip.offsetHeight - 6) + scrollY}px`;
    }
    const hide = () => {
      tip.hidden = true;
      words.forEach((a) => a.removeAttribute("aria-describedby"));
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(hide, 180);
    };
    for (const a of words) {
      a.classList.add("gb-term");
      a.addEventListener("mouseenter", () => show(a));
      a.addEventListener("mouseleave", later);
      a.addEventListener("focus", () => show(a));
      a.addEventListener("blur", hide);
    }
    tip.addEventListener("mouseenter", () => clearTimeout(timer));
    tip.addEventListener("mouseleave", later);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") hide();
    });
  }

  // ---- the index of claims: a filter whose state is in the address
  function claimIndex() {
    const box = $(".gb-index");
    if (!box) return;
    const form = $("form", box),
      count = $(".gb-index__count", box);
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
