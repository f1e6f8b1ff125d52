// The blurry JPEG: one register entry as models of falling size remember it. Nothing in it looks blurred; a lost fact
// gives its place to somebody else's. Behind "More" are other residents and what survives of the whole register.
// State: { size: parameters (the nearest recorded), who: number of the resident }
// The recording comes from glassbox/recordings/compression.py, by way of models/compression.js.
import { arrive, el, frame, loadFile, MAIN, more, put, select, slider } from "../core/index.js";
import { cardPanel } from "./card.js";
import { entry, finding, form, inForm, nearest, neighbors, share, tally, telling } from "./logic.js";
import { mosaicPanel } from "./mosaic.js";
import strings from "./strings.json";
import css from "./style.css";
import { tablesPanel } from "./tables.js";
import { number, percent } from "./words.js";

export default {
  render({ model, el: host }) {
    const fig = frame({ model, host, name: "compression", css, strings, permalink: ["size", "who"] });
    return arrive(
      fig,
      () => loadFile(model, "compression"),
      (recording) => register(fig, recording),
    );
  },
};

function register(fig, data) {
  const { t } = fig;
  const state = start(fig, data);
  const seen = new Set();
  const size = slider({
    label: t("size"),
    min: 0,
    max: data.parameters.length - 1,
    step: 1,
    value: state.size,
    format: (i) => t("size_value", { stop: t(`stop_${i}`), n: number(data.parameters[i]) }),
    oninput: (i) => move("size", i, data.parameters[i]),
  });
  const who = select({
    label: t("who"),
    options: data.people.map((person, i) => [String(i), person.name]),
    value: String(state.who),
    onchange: (i) => {
      seen.clear(); // another entry, another comparison
      move("who", Number(i), Number(i));
    },
  });
  const [card, mosaic, tables] = [cardPanel(fig), mosaicPanel(fig, data), tablesPanel(fig, data)];

  function move(key, value, shared) {
    state[key] = value;
    fig.set(key, shared);
    draw();
    fig.saySoon(said);
  }
  function said() {
    const rows = entry(data, state.who, state.size);
    return t("say", {
      size: number(data.parameters[state.size]),
      name: data.people[state.who].name,
      right: tally(rows, "right"),
      of: rows.length,
      another: tally(rows, "another"),
    });
  }
  function draw() {
    const person = data.people[state.who];
    seen.add(state.size);
    card.draw(person, entry(data, state.who, state.size), person.remembered[state.size].text);
    mosaic.draw(state.size, state.who);
    tables.draw(state.who);
    fig.aha(lesson(t, data, state.who, [...seen]));
  }
  put(
    fig.body,
    el("p", { class: "lead" }, t("lead", { sizes: data.parameters.length, readings: data.readings })),
    el("div", { class: "choose", ...MAIN.control }, size.node),
    el("div", { class: "two", ...MAIN.response }, card.node, mosaic.node),
    fig.status,
  );
  const rest = more(
    t("more"),
    el("div", { class: "choose" }, who.node),
    el("p", {}, everything(t, data)),
    tables.nodes,
  );
  rest.open = fig.get("who", null) !== null;
  const facts = { seeds: data.seeds.length, residents: data.residents, shown: data.people.length };
  fig.under(rest, el("p", { class: "gb-muted small" }, t("simplified", facts)));
  fig.say("", { shown: false });
  draw();
}

/** Where the reader begins: at the largest model and the most telling resident, unless a link says otherwise. */
function start(fig, data) {
  const who = Math.trunc(Number(fig.get("who", telling(data))));
  return {
    size: nearest(data.parameters, fig.get("size", data.parameters[0])),
    who: who >= 0 && who < data.people.length ? who : telling(data),
  };
}

/** Once a model that has the entry right and one that writes it in full form and wrong were both seen: these two. */
function lesson(t, data, who, seen) {
  const rows = (i) => entry(data, who, i);
  const sharp = seen.find((i) => tally(rows(i), "right") === data.facts.length);
  const blurred = seen
    .filter((i) => inForm(rows(i)) && tally(rows(i), "another") > 0)
    .sort((a, b) => tally(rows(b), "another") - tally(rows(a), "another"))[0];
  if (sharp === undefined || blurred === undefined) return "";
  const lost = tally(rows(blurred), "another");
  return t(lost === 1 ? "aha_1" : "aha", {
    sharp: number(data.parameters[sharp]),
    blurred: number(data.parameters[blurred]),
    lost,
    of: data.facts.length,
    name: data.people[who].name,
  });
}

/** What all recorded models come to, in a sentence or two. */
function everything(t, data) {
  const found = finding(data);
  const ends = { first: percent(found.right[0]), last: percent(found.right.at(-1)) };
  if (!found.form) return t("all_plain", ends);
  const values = {
    ...ends,
    n: number(data.parameters[found.at]),
    form: percent(form(data, found.at).mean),
    right: percent(share(data, found.at, "right").mean),
    neighbors: percent(neighbors(data, found.at)),
  };
  return (
    t(found.facts ? "all_facts" : "all_plain", values) + t(found.neighbors ? "all_form" : "all_form_plain", values)
  );
}
