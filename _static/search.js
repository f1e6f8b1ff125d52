/* Words of the book's search, on top of Sphinx's searchtools.js: what counts as a word, and which
   pages have it. The index holds the words as pages print them, folded by the same rules as here
   (_ext/search_words.py writes it). Other forms of a word are found when somebody asks. */
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

  let dictionaries;
  function performTermsSearch(searchTerms) {
    const { terms, titleterms, docnames, titles, filenames } = Search._index;
    dictionaries ||= [
      { at: dictionary(terms), full: Scorer.term, partial: Scorer.partialTerm },
      { at: dictionary(titleterms), full: Scorer.title, partial: Scorer.partialTitle },
    ];
    const found = [...searchTerms].map((word) => scores(dictionaries, word));
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

  /* The text around the last word found, which is looked for without its accents too. */
  function makeSearchSummary(html, keywords, anchor) {
    const text = Search.htmlToText(html, anchor);
    if (!text) return null;
    const plain = fold(text);
    const place =
      [...keywords]
        .map((word) => plain.indexOf(word))
        .filter((at) => at >= 0)
        .pop() || 0;
    const start = Math.max(place - 120, 0);
    const summary = document.createElement("p");
    summary.className = "context";
    summary.textContent =
      (start ? "..." : "") + text.substr(start, 240).trim() + (start + 240 < text.length ? "..." : "");
    return summary;
  }

  function parseQuery(query) {
    const words = new Set(split(query));
    return [query, words, new Set(), words, words];
  }

  Object.assign(Search, { _parseQuery: parseQuery, performTermsSearch, makeSearchSummary });
}
