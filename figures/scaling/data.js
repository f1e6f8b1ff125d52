// The recorded runs, made by `python -m glassbox.course.scaling_data`; only what the figure reads goes into its file.
import { floor, runs, unit } from "../../glassbox/course/scaling.json";

export default { floor, runs, unit };
