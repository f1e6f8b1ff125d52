// The attention viewer: any text through the sixteen heads of the trained model, each of which can be
// switched off. The computing is in logic.js.
// State: { preset: number of a text, text: own words, head: "3.1", token: number, off: "3.1,3.2" }
import {
  button,
  clean,
  dataTable,
  el,
  frame,
  loadFile,
  loadModel,
  put,
  textField,
  uid,
  whenNear,
} from "../core/index.js";
import { label } from "../tokens/logic.js";
import { compare, headName, parseHeads, read, sum, tokenAt, worst } from "./logic.js";
import strings from "./strings.json";
import css from "./style.css";

const END = "<|endoftext|>";
const KEYS = { "data-lm-suppress-shortcuts": "true" };
const number = (n) => n.toLocaleString("en-US");
const percent = (p) =>
  p >= 0.995 ? "100%" : p >= 0.1 ? `${Math.round(100 * p)}%` : p >= 0.001 ? `${(100 * p).toFixed(1)}%` : "<0.1%";
const bits = (b) => b.toFixed(Math.abs(b) < 10 ? 1 : 0).replace("-0.0", "0.0");
const more = (b, digits = 1) => {
  const text = b.toFixed(digits).replace(/^-(0\.0+)$/, "$1");
  return b > 0 && !/^0\.0+$/.test(text) ? `+${text}` : text.replace("-", "−");
};

export default {
  render({ model, el: host }) {
    const fig = frame({
      model,
      host,
      name: "attention",
      css,
      strings,
      permalink: ["preset", "text", "head", "token", "off"],
    });
    const stops = [];
    let alive = true;
    put(fig.body, el("p", { class: "gb-muted" }, fig.t("loading")));
    whenNear(fig.root)
      .then(() => Promise.all([loadModel(model, "base"), loadFile(model, "attention")]))
      .then(([trained, data]) => alive && viewer(fig, trained, data, stops))
      .catch((error) => alive && fig.fail(error));
    return () => {
      alive = false;
      stops.forEach((stop) => stop());
      fig.destroy();
    };
  },
};

function viewer(fig, { gpt, tokenizer }, data, stops) {
  const { t } = fig;
  const { n_layer, n_head, block_size } = gpt.config;
  const size = n_layer * n_head;
  const name = (n) => headName(n, n_head);
  const end = tokenizer.special[END];
  const { texts, jobs } = data;

  // What is looked at: a text, with all heads on and with some off; one head; one token.
  let preset = Math.trunc(fig.get("preset", 0));
  const own = String(fig.get("text", "") ?? "");
  if (!texts[preset]) preset = 0;
  let chosen = parseHeads(fig.get("head", ""), n_layer, n_head)[0] ?? jobs.fetch;
  let off = parseHeads(fig.get("off", ""), n_layer, n_head);
  let begun = false;
  let ids = [],
    names = [],
    all = null,
    some = null,
    at = 0,
    alone = [];

  // ---------------------------------------------------------------- controls

  const menuId = uid("text");
  const menu = el(
    "select",
    {
      id: menuId,
      ...KEYS,
      onchange: () => {
        if (menu.value === "") {
          text.input.focus();
          return;
        }
        preset = Number(menu.value);
        text.value = texts[preset].text;
        readText();
      },
    },
    texts.map((x, i) =>
      el("option", { value: i }, `${t(`kind_${x.kind}`)}: ${x.text.slice(0, 36).replace(/\s+/g, " ")} …`),
    ),
    el("option", { value: "" }, t("own")),
  );
  const text = textField({
    label: t("text"),
    value: own || texts[preset].text,
    rows: 3,
    dir: "auto",
    oninput: () => soon(() => readText()),
  });
  const note = el("p", { class: "gb-muted small", hidden: true });

  const group = uid("head");
  const cells = Array.from({ length: size }, (_, n) => {
    const measured = data.heads[n];
    const numbers = { layer: Math.floor(n / n_head) + 1, head: (n % n_head) + 1 };
    const place = t(`place_${measured.place}`);
    const id = uid("pick");
    const cell = {
      radio: el("input", {
        type: "radio",
        name: group,
        id,
        value: n,
        checked: n === chosen,
        ...KEYS,
        onchange: () => choose(n),
        "aria-label": t("head", { ...numbers, place, share: percent(measured.share), mean: percent(measured.mean) }),
      }),
      canvas: el("canvas", { "aria-hidden": "true", width: 1, height: 1 }),
      cost: el("span", { class: "cost" }),
      box: el("input", {
        type: "checkbox",
        checked: true,
        ...KEYS,
        "aria-label": t("switch", numbers),
        onchange: () => {
          toggle(cell.box.checked ? off.filter((x) => x !== n) : [...off, n]);
        },
      }),
    };
    cell.node = el(
      "div",
      { class: "head" },
      el(
        "label",
        { class: "pick", for: id },
        el("span", { class: "name" }, cell.radio, name(n)),
        cell.canvas,
        el("span", { class: "place" }, place, " ", el("b", {}, percent(measured.share))),
        cell.cost,
      ),
      el("label", { class: "switch" }, cell.box, t("on")),
    );
    return cell;
  });
  const without = button("", () => toggle([chosen]));
  const only = button("", () => toggle(Array.from({ length: size }, (_, n) => n).filter((n) => n !== chosen)));
  const allOn = button(t("all_on"), () => toggle([]));
  const allOff = button(t("all_off"), () => toggle(Array.from({ length: size }, (_, n) => n)));

  // ---------------------------------------------------------------- what is shown

  const looksHead = el("p", { class: "sub" });
  const line = el("div", { class: "line", role: "group" });
  const afterHead = el("p", { class: "sub" });
  const after = el("div", { class: "after" });
  const costHead = el("p", { class: "sub" });
  const cost = el("div", { class: "line costs", role: "group" });
  const costNote = el("p", { class: "gb-muted small" });
  const sums = el("p", { class: "sums" });
  const columns = (keys) => keys.map((key) => t(`column_${key}`));
  const looksTable = dataTable({
    summary: t("table_looks"),
    caption: t("table_looks"),
    columns: columns(["place", "token", "share"]),
  });
  const bitsTable = dataTable({
    summary: t("table_bits"),
    caption: t("table_bits"),
    columns: columns(["place", "token", "on", "off", "more"]),
  });
  const headsTable = dataTable({
    summary: t("table_heads"),
    caption: t("heads_caption", data),
    columns: columns(["head", "looks", "share", "even", "letter", "fact", "elsewhere", "here"]),
  });
  const show = el(
    "div",
    {},
    el("section", {}, looksHead, line, el("p", { class: "gb-muted small" }, t("looks_note"))),
    el("section", {}, afterHead, after),
    el("section", {}, costHead, cost, costNote, sums),
  );

  put(
    fig.body,
    el(
      "div",
      { class: "gb-controls wide" },
      el("div", { class: "gb-control gb-select" }, el("label", { for: menuId }, t("text_menu")), menu),
      text.node,
    ),
    note,
    el(
      "fieldset",
      { class: "heads" },
      el("legend", {}, t("heads")),
      el(
        "div",
        { class: "grid" },
        cells.map((c) => c.node),
      ),
      el("div", { class: "buttons" }, allOn, without, only, allOff),
      el("p", { class: "gb-muted small" }, t("heads_note")),
    ),
    show,
    el("div", { class: "tables" }, looksTable.node, bitsTable.node, headsTable.node),
  );

  // The sentence under the figure, from what was measured; plainer where the two jobs are not apart.
  const [a, b] = [data.heads[jobs.letter], data.heads[jobs.fact]];
  const apart = jobs.letter !== jobs.fact && a.fact < 0.1 * b.fact && b.letter < 0.1 * a.letter;
  const two = (x) =>
    x
      .toFixed(2)
      .replace(/^-0\.00$/, "0.00")
      .replace("-", "−");
  fig.aha(
    t(apart ? "aha" : "aha_plain", {
      letter_head: name(jobs.letter),
      fact_head: name(jobs.fact),
      letter_on: two(data.bits.letter),
      letter_off: two(data.bits.letter + a.letter),
      letter_same: two(b.letter),
      fact_on: two(data.bits.fact),
      fact_off: two(data.bits.fact + b.fact),
      fact_same: two(a.fact),
    }),
  );
  const silence = (job, heads) =>
    Array.from(
      new Set(heads),
      (
        n, // in another model one head may have two jobs
      ) => button(t(`try_${job}`, { head: name(n) }), () => tryOut(job, n, [n])),
    );
  const tries = [
    button(t("try_fetch"), () => tryOut("letter", jobs.fetch, [])),
    silence("letter", [jobs.fetch, jobs.letter, jobs.fact]),
    silence("fact", [jobs.letter, jobs.fact]),
  ];
  const parameters = Object.values(gpt.blocks)
    .flatMap((block) => Object.values(block))
    .reduce((n, w) => n + w.length, gpt.embed.length + gpt.head.length);
  fig.root.querySelector(".gb-aha").after(
    el("div", { class: "buttons try" }, el("span", { class: "gb-muted" }, t("try")), tries),
    el(
      "p",
      { class: "gb-muted small" },
      t("measured", {
        letters: data.letters,
        asked: data.asked,
        missed_letter: data.missed.letter,
        missed_fact: data.missed.fact,
        head: name(jobs.fetch),
        fetch: percent(data.heads[jobs.fetch].fetch),
        fetch_more: two(data.heads[jobs.fetch].letter),
        missed_fetch: data.missed.fetch,
      }),
      " ",
      t("simplified", { params: number(Math.round(parameters / 1e4) * 1e4) }),
    ),
  );

  let timer = 0,
    work = 0;
  const soon = (act) => {
    clearTimeout(timer);
    timer = setTimeout(act, 250);
  };
  stops.push(() => {
    clearTimeout(timer);
    clearTimeout(work);
  });

  // ---------------------------------------------------------------- acting

  function readText(token) {
    clearTimeout(timer);
    clearTimeout(work);
    const { text: typed, cropped, repaired } = clean(text.value);
    const known = texts.findIndex((x) => x.text === typed);
    menu.value = known < 0 ? "" : String(known);
    if (known >= 0) preset = known;
    const whole = [end, ...tokenizer.encode(typed)];
    ids = whole.slice(0, block_size);
    names = ids.map((id, i) => (i ? label(tokenizer.token(id)) : t("start")));
    put(
      note,
      [
        cropped && t("cropped", { n: "10,000" }),
        repaired && t("repaired"),
        !typed && t("empty"),
        whole.length > ids.length && t("window", { n: number(block_size), all: number(whole.length) }),
      ]
        .filter(Boolean)
        .join(" "),
    );
    note.hidden = !note.textContent;
    at =
      known >= 0
        ? tokenAt(
            ids.slice(1).map((id) => tokenizer.token(id).length),
            texts[known].at,
          )
        : ids.length - 1;
    if (token !== undefined) at = token;
    at = Math.min(Math.max(0, Math.trunc(at) || 0), ids.length - 1);
    if (begun) {
      // only what the reader did goes into the address
      fig.set("preset", preset);
      fig.set("text", known < 0 ? typed : "");
      fig.set("token", at);
    }
    begun = true;
    all = read(gpt, ids);
    some = off.length ? read(gpt, ids, off) : all;
    alone = [];
    thumbnails();
    draw();
    // What each head alone is worth here, one after the other, so that typing stays light.
    const next = () => {
      const n = alone.length;
      alone.push(sum(read(gpt, ids, [n]).bits) - sum(all.bits));
      drawCosts();
      if (alone.length < size) work = setTimeout(next, 0);
    };
    work = setTimeout(next, 300);
  }

  function choose(n) {
    chosen = n;
    cells[n].radio.checked = true;
    fig.set("head", name(n));
    draw();
    sayLook();
  }

  function toggle(heads) {
    off = [...new Set(heads)].sort((x, y) => x - y);
    fig.set("off", off.map(name).join(","));
    some = off.length ? read(gpt, ids, off) : all;
    draw();
    if (off.length) sayBits();
    else fig.say(t("say_on"));
  }

  function pick(token, focus) {
    at = Math.min(Math.max(0, token), ids.length - 1);
    fig.set("token", at);
    draw();
    if (focus) line.children[at]?.focus();
    sayLook();
  }

  function tryOut(job, n, without) {
    text.value = texts.find((x) => x.kind === job).text;
    off = without;
    chosen = n;
    cells[n].radio.checked = true;
    fig.set("head", name(n));
    fig.set("off", off.map(name).join(","));
    readText();
    if (off.length) sayBits();
    else sayLook();
    (off.length ? afterHead : looksHead).scrollIntoView({ block: "center" });
  }

  const which = () => (off.length > 4 ? t("count", { n: off.length }) : off.map(name).join(", "));

  const sayBits = () => fig.say(t("say_off", { heads: which(), on: bits(sum(all.bits)), off: bits(sum(some.bits)) }));

  function sayLook() {
    const row = some.shares[chosen][at];
    const target = row.indexOf(Math.max(...row));
    fig.say(t("say_look", { token: names[at], target: names[target], share: percent(row[target]) }), { shown: false });
  }

  // ---------------------------------------------------------------- drawing

  function thumbnails() {
    const T = ids.length;
    cells.forEach(({ canvas }, n) => {
      canvas.width = canvas.height = T;
      const context = canvas.getContext("2d");
      const image = context.createImageData(T, T);
      all.shares[n].forEach((row, i) =>
        row.forEach((share, j) =>
          image.data.set([43, 140, 206, Math.min(255, Math.round(380 * Math.sqrt(share)))], 4 * (i * T + j)),
        ),
      );
      context.putImageData(image, 0, 0);
    });
  }

  function drawCosts() {
    cells.forEach(({ cost: shown }, n) => {
      shown.textContent = n in alone ? t("cost", { bits: more(alone[n], Math.abs(alone[n]) < 10 ? 1 : 0) }) : "…";
    });
    headsTable.update(
      data.heads.map((h, n) => [
        name(n),
        t(`place_${h.place}`),
        percent(h.share),
        percent(h.mean),
        more(h.letter, 2),
        more(h.fact, 2),
        more(h.elsewhere, 2),
        n in alone ? more(alone[n]) : "…",
      ]),
    );
  }

  function draw() {
    cells.forEach((cell, n) => {
      cell.box.checked = !off.includes(n);
      cell.node.classList.toggle("off", off.includes(n));
      cell.node.classList.toggle("chosen", n === chosen);
    });
    without.textContent = t("without", { head: name(chosen) });
    only.textContent = t("only", { head: name(chosen) });
    drawCosts();

    const row = some.shares[chosen][at];
    looksHead.textContent = t(off.includes(chosen) ? "looks_off" : "looks", {
      token: `“${names[at]}”`,
      head: name(chosen),
    });
    line.setAttribute("aria-label", looksHead.textContent);
    const focused = line.contains(line.getRootNode().activeElement);
    put(
      line,
      ids.map((_, i) => {
        const share = row[i] ?? 0;
        return el(
          "button",
          {
            type: "button",
            ...KEYS,
            class: `tok ${i > at ? "later" : ""}`,
            "aria-pressed": String(i === at),
            tabindex: i === at ? 0 : -1,
            style: { "--share": `${Math.round(85 * Math.sqrt(share))}%` },
            onclick: () => pick(i, true),
          },
          el("span", { class: "t" }, names[i]),
          el("span", { class: "n" }, i <= at && share >= 0.05 ? percent(share) : ""),
        );
      }),
    );
    if (focused) line.children[at]?.focus();
    looksTable.update(Array.from(row, (share, i) => [i, names[i], percent(share)]));

    const truth = ids[at + 1];
    afterHead.textContent = t("after", { token: `“${names[at]}”` });
    const rows = compare(all.next[at], some.next[at], truth);
    const side = (key, title) =>
      el(
        "div",
        {},
        el("p", { class: "subsub" }, title),
        el(
          "ul",
          { class: "bars" },
          rows.map((r) =>
            el(
              "li",
              { class: r.id === truth ? "came" : "" },
              el("span", { class: "t" }, r.id === end ? END : label(tokenizer.token(r.id))),
              el(
                "span",
                { class: "track", "aria-hidden": "true" },
                el("span", { class: `gb-fill ${key}`, style: { "inline-size": `${100 * r[key]}%` } }),
              ),
              el("span", { class: "value" }, percent(r[key])),
              el("span", { class: "tag" }, r.id === truth ? `✓ ${t("came")}` : ""),
            ),
          ),
        ),
      );
    put(after, side("on", t("with")), side("off", off.length ? t("less", { heads: which() }) : t("nothing_off")));

    costHead.textContent = t(off.length ? "surprise" : "surprise_none");
    cost.setAttribute("aria-label", costHead.textContent);
    put(
      cost,
      ids.slice(1).map((_, i) => {
        const change = off.length ? some.bits[i + 1] - all.bits[i + 1] : all.bits[i + 1];
        const written = Math.abs(change) >= (off.length ? 0.3 : 1);
        return el(
          "span",
          {
            class: `tok ${change < 0 ? "better" : ""} ${i === at ? "now" : ""}`,
            style: { "--share": `${Math.round(70 * Math.min(1, Math.abs(change) / 8) ** 0.7)}%` },
          },
          el("span", { class: "t" }, names[i + 1]),
          el("span", { class: "n" }, written ? (off.length ? more(change) : bits(change)) : ""),
        );
      }),
    );
    costNote.textContent = t(off.length ? "surprise_note" : "surprise_none_note", { heads: which() });
    const { at: most, more: by } = worst(all.bits, some.bits);
    sums.textContent = off.length
      ? `${t("sums", { on: bits(sum(all.bits)), off: bits(sum(some.bits)), heads: which() })} ${by > 0.05 ? t("worst", { token: `“${names[most]}”`, on: bits(all.bits[most]), off: bits(some.bits[most]) }) : ""}`
      : t("sums_none", { on: bits(sum(all.bits)) });
    bitsTable.update(
      ids
        .slice(1)
        .map((_, i) => [
          i + 1,
          names[i + 1],
          all.bits[i + 1].toFixed(2),
          some.bits[i + 1].toFixed(2),
          more(some.bits[i + 1] - all.bits[i + 1], 2),
        ]),
    );
  }

  line.addEventListener("keydown", (event) => {
    const to = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: ids.length - 1,
    }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    pick(to, true);
  });

  const asked = Number(fig.get("token", -1));
  readText(asked >= 0 ? asked : undefined);
}
