// How well the two lines fit the runs and what they foretell: exponents and misfits, with what the refits say.
import { exponent, loss, percent, stat } from "./chart.js";
import { lawAt, misfit } from "./logic.js";

export const ranged = (t, i, write) => (i ? t("range", { low: write(i.low), high: write(i.high) }) : t("no_band"));

/** Of the fit nothing before the reader commits to a line, of the larger run nothing before it is revealed. */
export function statRows(t, laid) {
  const { mine, points, ahead, heldX } = laid;
  const law = laid.committed && laid.law;
  return [
    stat(exponent(mine.b), t("stat_exponent")),
    law && stat(exponent(law.b), t("stat_fit"), ranged(t, laid.slopes, exponent)),
    points.length > 0 && stat(percent(misfit(points, mine)), t("stat_misfit")),
    law && stat(percent(law.rms), t("stat_misfit_fit")),
    ahead.length > 0 && [
      stat(loss(lawAt(mine, heldX)), t("stat_yours")),
      law && stat(loss(lawAt(law, heldX)), t("stat_foretold"), ranged(t, laid.foretold, loss)),
      stat(laid.shown ? loss(laid.heldLoss) : "?", t("stat_measured"), measured(t, laid)),
    ],
  ];
}

function measured(t, { ahead, shown }) {
  const losses = ahead.map((r) => r.loss);
  if (!shown) return t("not_yet");
  if (losses.length === 1) return t("one_seed");
  return t("range_seeds", { n: losses.length, low: loss(Math.min(...losses)), high: loss(Math.max(...losses)) });
}
