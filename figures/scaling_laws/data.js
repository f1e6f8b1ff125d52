// The recorded runs, made by `python -m glassbox.recordings.scaling_laws`; only what the figure reads goes into its file.
// The recording counts in nats, as training does; the book, and so the figure, in bits.
import { floor, runs } from "../../glassbox/recordings/scaling_laws.json";

const bits = (nats) => nats / Math.LN2;

export default {
  floor: bits(floor),
  runs: runs.map((run) => ({ ...run, loss: bits(run.loss) })),
  unit: "bits per character",
};
