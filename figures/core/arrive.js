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
  whenNear(fig.root)
    .then(load)
    .then((loaded) => alive && show(loaded, stops))
    .catch((error) => alive && fig.fail(error));
  return () => {
    alive = false;
    stops.forEach((stop) => stop());
    fig.destroy();
  };
}
