// How a figure with something to load begins and ends.
import { el, put } from "./dom.js";
import { whenNear } from "./frame.js";

/**
 * Say that the figure is loading, load when the reader comes near, then `show(loaded, stops)`; what `show` pushes
 * onto `stops` is called at the end. A failure becomes a sentence in the figure. Returns what render() returns.
 */
export function arrive(fig, load, show) {
  const stops = [];
  let alive = true;
  put(fig.body, el("p", { class: "gb-muted" }, fig.t("loading")));
  fig.root.dataset.waiting = ""; // keeps the place that the page has for it, so that the text after it stays put
  whenNear(fig.root)
    .then(load)
    .then((loaded) => alive && show(loaded, stops))
    .catch((error) => alive && fig.fail(error))
    .finally(() => delete fig.root.dataset.waiting);
  return () => {
    alive = false;
    stops.forEach((stop) => stop());
    fig.destroy();
  };
}
