// The recorded runs, made by `python -m glassbox.recordings.scaling_laws`; only what the figure reads goes into its file.
import { floor, runs, unit } from "../../glassbox/recordings/scaling_laws.json";

export default { floor, runs, unit };
