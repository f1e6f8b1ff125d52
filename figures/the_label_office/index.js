// A labeling shift: pairs of recorded replies to compare against a clock, a Bradley-Terry model of the reader's
// own choices, what reported pay comes to at the reader's pace, and the best of n replies under the fitted
// reward. The computing is in logic.js. Choices stay in this page; in a notebook they are its `labels`.
// State: { who: "you" | "careful" | "hurried" | "tavern", given: labels of a simulated labeler that count,
//          see: "register" | "page", n: replies searched, question: number of a question of the pool,
//          labels: [[number of the pair, 1 if its first reply was picked, else 0], ...], seconds: worked so far (notebooks) }
// The recording comes from glassbox/recordings/the_label_office_shift.py, by way of models/the_label_office.js.
import { arrive, cardPanel, el, frame, loadFile, MAIN, more, put, radios } from "../core/index.js";
import { labelerPanel } from "./labeler.js";
import { meterPanel } from "./meter.js";
import { Office, WORKERS } from "./office.js";
import { searchPanel } from "./search.js";
import { shiftPanel } from "./shift.js";
import strings from "./strings.json";
import css from "./style.css";
import { shiftCard, weightsPanel, weightWords } from "./weights.js";

export default {
  render({ model, el: host }) {
    const fig = frame({
      model,
      host,
      name: "the_label_office",
      css,
      strings,
      permalink: ["who", "given", "see", "n", "question"],
    });
    return arrive(
      fig,
      () => loadFile(model, "the_label_office"),
      (recording, stops) => show(fig, new Office(model, fig, recording), stops),
    );
  },
};

function show(fig, office, stops) {
  const { t } = fig;
  const who = radios({
    legend: t("who"),
    value: office.who,
    options: WORKERS.map((w) => [w, t(`who_${w}`)]),
    inline: true,
    onchange: (w) => {
      office.set("who", w);
      if (office.phase === "on") office.stand();
      drawDesk();
      drawModel();
    },
  });
  const changed = () => {
    drawModel();
    fig.saySoon(() => weightWords(t, office, office.fitted()));
  };
  const shift = shiftPanel(fig, office, drawModel, drawModel, stops);
  const labeler = labelerPanel(fig, office, changed);
  const weights = weightsPanel(fig, office, changed);
  const meter = meterPanel(fig, office);
  let found = ""; // what the search comes to, in a sentence
  const search = searchPanel(fig, office, (sentence) => {
    found = sentence;
  });
  const desk = el("div", { class: "desk", ...MAIN.control }, shift.node, labeler.node);
  desk.addEventListener("keydown", (event) => chooseByArrow(event, office, shift.choose));
  const card = cardPanel(fig, "the_label_office", () => shiftCard(t, office));
  stops.push(card.stop);
  const folds = {
    search: more("", search.nodes),
    meter: more(t("meter"), meter.nodes),
    rest: more(t("rest"), who.node, shift.rest, weights.rest, card.node),
  };
  folds.search.open = office.asked.n || office.asked.question;
  folds.rest.open = office.asked.who || office.asked.given || office.asked.see;
  folds.search.addEventListener("toggle", drawAha);

  function drawDesk() {
    shift.node.hidden = !office.you;
    labeler.node.hidden = office.you;
    shift.draw();
  }
  function drawModel() {
    const fitted = office.fitted();
    labeler.draw();
    weights.draw(fitted);
    meter.draw();
    search.draw(fitted);
    folds.search.querySelector("summary").textContent = t(office.you ? "hack" : "hack_other", office.sizes);
    drawAha();
  }
  function drawAha() {
    const { looked, labels } = office;
    const words = office.you ? t("aha_you", { looked, n: labels.length }) : t("aha_other", { n: labels.length });
    fig.aha(folds.search.open ? found : labels.length > 1 ? words : "");
  }

  put(
    fig.body,
    el("p", { class: "lead" }, t("lead")),
    fig.status,
    el("div", { class: "two" }, desk, el("div", { class: "model", ...MAIN.response }, weights.node)),
  );
  fig.under(...Object.values(folds), el("p", { class: "gb-muted small" }, t("simplified")));
  fig.say("", { shown: false });
  drawDesk();
  drawModel();
}

/** In the shift ← takes the left reply and → the right one, wherever the keyboard stands at the desk. */
function chooseByArrow(event, office, choose) {
  if (!["ArrowLeft", "ArrowRight"].includes(event.key) || event.target.tagName === "INPUT" || !office.open) return;
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  choose(event.key === "ArrowLeft");
}
