/* Words of the book's search, on top of Sphinx's searchtools.js: what counts as a word, which pages
   have it and which of them come first. The index holds the words as pages print them, folded by the
   same rules as here (_ext/search_words.py writes it). Other forms of a word are found when somebody
   asks, and a word that no page has is taken for the nearest one that is one slip away. */
"use strict";
{
  const LETTERS = { ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", æ: "ae", œ: "oe", ß: "ss", ς: "σ" };
  const WORD = /[\p{L}\p{N}\p{M}_]+/gu;
  // Scripts that put no space between words: there a word is any run of letters.
  const SCRIPTS = ["Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar"]
    .map((s) => `\\p{Script=${s}}`)
    .join("");
  const RUN = new RegExp(`[${SCRIPTS}]+|[^${SCRIPTS}]+`, "gu");
  const UNSPACED = new RegExp(`[${SCRIPTS}]`, "u");

  /* Small letters without accents: "Köpf" becomes "kopf". */
  const fold = (text) =>
    text
      .normalize("NFKD")
      .replace(/[\u0300-\u036f]/g, "")
      .toLowerCase()
      .replace(/[øłđðþıæœßς]/g, (letter) => LETTERS[letter])
      .normalize("NFC");

  /* The terms to look up: words, and for "通用人工" its pairs 通用, 用人, 人工. */
  const split = (query) =>
    (fold(query).match(WORD) || [])
      .flatMap((word) => word.match(RUN))
      .flatMap((run) => (UNSPACED.test(run) ? pairs([...run]) : [run]));
  const pairs = (letters) => (letters.length < 2 ? letters : letters.slice(1).map((letter, i) => letters[i] + letter));

  const stemmer = new Stemmer();

  /* One dictionary of the index, word -> pages, as Maps: in an object "constructor" is always there. */
  function dictionary(terms) {
    const pages = new Map(Object.entries(terms).map(([word, files]) => [word, [files].flat()]));
    const forms = new Map();
    for (const word of pages.keys()) {
      const stem = stemmer.stemWord(word);
      forms.set(stem, [...(forms.get(stem) || []), word]);
    }
    return { pages, forms };
  }

  /* Which pages have a word, its other forms or, where there is neither, a longer word around it. */
  function matches({ pages, forms }, word) {
    if (pages.has(word)) return { exact: [word], near: forms.get(stemmer.stemWord(word)) };
    const near = forms.get(stemmer.stemWord(word));
    if (near || word.length < 3) return { exact: [], near: near || [] };
    return { exact: [], near: [...pages.keys()].filter((other) => other.includes(word)) };
  }

  /* Whether one letter more, one less, another one, or two that changed places make `a` of `b`. */
  function oneSlip(a, b) {
    if (a === b || Math.abs(a.length - b.length) > 1) return false;
    let start = 0;
    while (start < a.length && a[start] === b[start]) start++;
    let end = 0;
    while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
    const [x, y] = [a, b].map((word) => word.slice(start, word.length - end));
    if (x.length <= 1 && y.length <= 1) return true;
    return x.length === 2 && y.length === 2 && x[0] === y[1] && x[1] === y[0];
  }

  const pagesOf = (word) =>
    dictionaries.flatMap(({ at }) => {
      const { exact, near } = matches(at, word);
      return [...exact, ...near].flatMap((other) => at.pages.get(other));
    });

  /* "tokeniser", "labour", "analyse" as Americans write them. */
  const american = (word) =>
    word
      .replace(/(?<=..)is(?=(e|ed|er|ers|es|ing|ation|ations)$)/, "iz")
      .replace(/(?<=..)our/, "or")
      .replace(/ys(?=(e|ed|er|ers|es|ing)$)/, "yz");

  /* Another word that was meant. Of a word that no page has, the one on most pages that is one slip
     away; of one that only the works cited and the sources have, its American spelling. */
  function meant(word) {
    const found = pagesOf(word);
    if (found.some((page) => kindOf(Search._index.docnames[page]))) return word;
    const spelled = american(word);
    if (spelled !== word && pagesOf(spelled).length) return spelled;
    if (found.length || word.length < 4 || UNSPACED.test(word)) return word;
    let best = word,
      most = 0;
    for (const { at } of dictionaries)
      for (const [other, pages] of at.pages)
        if (pages.length > most && oneSlip(word, other)) [best, most] = [other, pages.length];
    return best;
  }

  /* page -> the better score of two words. */
  function better(one, other) {
    const both = new Map(one);
    for (const [page, points] of other) both.set(page, Math.max(points, both.get(page) || 0));
    return both;
  }

  /* page -> score of one word, the best of text and title. */
  function scores(dictionaries, word) {
    const found = new Map();
    for (const { at, full, partial } of dictionaries) {
      const { exact, near } = matches(at, word);
      for (const [words, score] of [
        [near, partial],
        [exact, full],
      ])
        for (const page of words.flatMap((other) => at.pages.get(other)))
          found.set(page, Math.max(score, found.get(page) || 0));
    }
    return found;
  }

  /* Say which words were taken for others. */
  function tell(changes) {
    const note = document.getElementById("gb-meant");
    if (!note) return;
    note.hidden = !changes.length;
    note.textContent = changes.map(([word, other]) => `Shown for “${word}”: pages with “${other}”.`).join(" ");
  }

  let dictionaries;
  let corrected = new Map();
  function performTermsSearch(searchTerms) {
    const { terms, titleterms, docnames, titles, filenames } = Search._index;
    dictionaries ||= [
      { at: dictionary(terms), full: Scorer.term, partial: Scorer.partialTerm },
      { at: dictionary(titleterms), full: Scorer.title, partial: Scorer.partialTitle },
    ];
    corrected = new Map([...searchTerms].map((word) => [word, meant(word)]));
    tell([...corrected].filter(([word, other]) => word !== other));
    const found = [...searchTerms].map((word) =>
      better(scores(dictionaries, word), scores(dictionaries, corrected.get(word))),
    );
    const pages = found.length ? [...found[0].keys()].filter((page) => found.every((of) => of.has(page))) : [];
    return pages.map((page) => [
      docnames[page],
      titles[page],
      "",
      null,
      Math.max(...found.map((of) => of.get(page))),
      filenames[page],
    ]);
  }

  /* A page whose title was asked for comes first, then chapters, the glossary and labs; what the
     five documents say and the list of works come last. */
  const KINDS = [
    [/^chapters\/\d/, 40],
    [/^chapters\/back\/glossary$/, 35],
    [/^labs\//, 20],
    [/^chapters\/back\/(bibliography|claims|source.*)$/, 0],
  ];
  const kindOf = (page) => (KINDS.find(([pattern]) => pattern.test(page)) || [null, 10])[1];
  let asked = "";
  const named = (title) =>
    split(title)
      .join(" ")
      .replace(/^(the|a|an) (?=.)/, "");
  function score([page, title, , , points]) {
    return points + kindOf(page) + (named(title) === asked ? 60 : 0);
  }

  // What ends a line, or stands apart within one: its text does not run on into the next.
  const APART =
    "p, li, dt, dd, div, section, article, figure, figcaption, summary, pre, br, tr, td, th, caption, h1, h2, h3, h4, h5, h6, .gb-verdict, .gb-claim__hedge, .gb-index__links > a";
  const NO_TEXT = ".headerlink, script, style, noscript, svg, .gb-eyebrow, .gb-turn, .gb-foot";

  /* The text of a page, or of one part of it, with a space wherever the page shows one. */
  function htmlToText(html, anchor) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const main = page.querySelector("[role=main]");
    const part = (anchor && page.getElementById(decodeURIComponent(anchor.slice(1)))) || main;
    if (!part) return "";
    for (const el of part.querySelectorAll(NO_TEXT)) el.remove();
    for (const el of part.querySelectorAll(APART)) el.after(" ");
    for (const el of part.querySelectorAll("p, li, div, section, td, th, .gb-finding__lab")) el.before(" ");
    return part.textContent.replace(/\s+/g, " ").trim();
  }

  /* Where a text has a word, or else the most of its beginning. */
  function placeOf(plain, word) {
    for (let part = word; part.length >= Math.min(4, word.length); part = part.slice(0, -1)) {
      const at = plain.indexOf(part);
      if (at >= 0 || part.length === 1) return at;
    }
    return -1;
  }

  /* The text around the last word found, which is looked for without its accents too. */
  function makeSearchSummary(html, keywords, anchor) {
    const text = htmlToText(html, anchor);
    if (!text) return null;
    const plain = fold(text);
    const places = [...keywords].map((word) => {
      const at = plain.indexOf(word);
      return at < 0 ? placeOf(plain, corrected.get(word) || word) : at;
    });
    const place = places.filter((at) => at >= 0).pop() || 0;
    const rough = Math.max(place - 120, 0);
    const start = rough && text.lastIndexOf(" ", rough) + 1; // whole words alone
    const last = start + 240 < text.length ? text.lastIndexOf(" ", start + 240) : text.length;
    const end = last > place ? last : Math.min(start + 240, text.length);
    const summary = document.createElement("p");
    summary.className = "context";
    summary.textContent = (start ? "… " : "") + text.slice(start, end).trim() + (end < text.length ? " …" : "");
    return summary;
  }

  function parseQuery(query) {
    const words = new Set(split(query));
    asked = named(query);
    return [query, words, new Set(), words, words];
  }

  Scorer.score = score;
  Object.assign(Search, { _parseQuery: parseQuery, performTermsSearch, htmlToText, makeSearchSummary });
}
