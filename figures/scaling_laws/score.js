// Three numbers for the larger model: the reader's line, then least squares, then what was measured.
import { el, put } from "../core/index.js";
import { loss, stat } from "./chart.js";
import { lawAt } from "./logic.js";

export function scorePanel({ t, unit, count }, laid) {
  const numbers = el("dl", { class: "score" });
  const words = el("p", { class: "verdict" });

  function draw() {
    put(numbers, laid.ahead.length > 0 && rows(t, laid));
    put(words, sentence(t, laid, unit, count));
  }
  return { node: el("div", {}, numbers, words), draw };
}

function rows(t, { law, mine, committed, shown, heldX, heldLoss }) {
  return [
    colored("mine", stat(loss(lawAt(mine, heldX)), t("score_yours"))),
    colored("fit", stat(law && committed ? loss(lawAt(law, heldX)) : "?", t("score_fit"))),
    colored("held", stat(shown ? loss(heldLoss) : "?", t("score_measured"))),
  ];
}

const colored = (is, node) => {
  node.classList.add(`of-${is}`);
  return node;
};

/** What to do next, or who came nearer. */
function sentence(t, laid, unit, count) {
  const { law, mine, ahead, committed, shown, heldX, heldLoss, moved } = laid;
  if (!ahead.length) return t(committed ? "next_none" : moved ? "next_commit" : "next_move");
  const size = t(`at_${laid.axis}`, { x: count(heldX) });
  if (!committed) return t(moved ? "next_commit" : "next_move");
  if (!shown) return t("next_reveal", { size });
  if (!law) return "";
  const off = [mine, law].map((line) => Math.abs(lawAt(line, heldX) - heldLoss));
  const nearer = loss(off[0]) === loss(off[1]) ? "same" : off[0] < off[1] ? "you" : "fit";
  return t(`won_${nearer}`, { size, unit, mine: loss(off[0]), fit: loss(off[1]), measured: loss(heldLoss) });
}
