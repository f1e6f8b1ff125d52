// The reader as judge: of each decided case about training what it is about; the decision shows once the reader has decided.
import { button, el, MAIN, put } from "../core/index.js";
import data from "./cases.json";
import { named } from "./filters.js";
import { agreed, dateText, decidedTraining, SIDES } from "./logic.js";

const TRIED = decidedTraining(data);

/** `onend()` hears that the last of the cases was judged, `onopen(c)` that the reader wants all that is known of one. */
export function judgePanel({ t, say }, onend, onopen) {
  const given = []; // the reader's decisions, in order
  const head = el("p", { class: "docket" });
  const name = el("p", { class: "sub" });
  const about = el("p", { class: "about" });
  const choices = SIDES.map((side) => button(t(`side_${side}`), () => decide(side), { class: "side" }));
  const next = button("", onward, { class: "primary" });
  const verdict = el("div", { class: "verdict" });
  const bench = el(
    "ol",
    { class: "bench", "aria-label": t("bench") },
    TRIED.map(() => el("li")),
  );
  const node = el(
    "div",
    { class: "judge" },
    el("p", { class: "lead" }, t("lead")),
    bench,
    el("div", { class: "brief" }, head, name, about),
    el("div", { ...MAIN.control, class: "sides", role: "group", "aria-label": t("sides") }, choices),
    el("div", { ...MAIN.response, class: "decision" }, verdict, next),
  );

  let at = 0;
  function decide(side) {
    given[at] = side;
    draw();
    next.focus({ preventScroll: true });
    say(verdict.textContent, { shown: false });
    if (at === TRIED.length - 1) onend();
  }
  function onward() {
    at += 1;
    if (at === TRIED.length) {
      at = 0;
      given.length = 0;
    }
    draw();
    choices[0].focus({ preventScroll: true });
    say(`${name.textContent}. ${about.textContent}`, { shown: false });
  }

  function draw() {
    const c = TRIED[at];
    const said = given[at];
    head.textContent = t("docket", { k: at + 1, n: TRIED.length, date: dateText(data.as_of) });
    put(name, c.name, " ", el("span", { class: "gb-muted" }, named("place", c.place)));
    about.textContent = c.about;
    choices.forEach((choice, i) => {
      choice.disabled = said !== undefined;
      choice.classList.toggle("chosen", said === SIDES[i]);
      choice.setAttribute("aria-pressed", String(said === SIDES[i]));
    });
    verdict.classList.toggle("sealed", said === undefined);
    put(verdict, said === undefined ? el("p", { class: "gb-muted" }, t("sealed")) : ruled(t, c, said, onopen));
    next.hidden = said === undefined;
    put(next, t(at < TRIED.length - 1 ? "next" : "again"));
    [...bench.children].forEach((seat, i) => {
      const known = given[i] !== undefined;
      seat.className = `seat ${known ? TRIED[i].leans : i === at ? "now" : ""}`;
      seat.textContent = known ? t(`short_${TRIED[i].leans}`) : "?";
    });
  }
  draw();
  return { node };
}

/** What the court held and on what it turned, and whether the reader had said so. */
function ruled(t, c, said, onopen) {
  const yes = agreed(c, said);
  return [
    el("p", { class: `held ${c.leans}` }, el("b", {}, t(`for_${c.leans}`)), ` ${t(yes ? "as_you" : "not_as_you")}`),
    el("p", {}, c.decided),
    el("p", {}, el("b", {}, t("turned_on"), ": "), c.turned_on),
    el(
      "p",
      { class: "small gb-muted" },
      `${c.outcome}. `,
      button(t("all_of_it"), () => onopen(c), { class: "quiet" }),
    ),
  ];
}
