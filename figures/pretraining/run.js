// The recorded run, where the reader stands in it, and the reader's guess.
import { store } from "../core/index.js";
import { asked, axis, nearest, parseGuess } from "./logic.js";

const START = [50, 50, 50]; // where the handles of the guess lie before anybody moved them

/**
 * `i` is the frame that is shown, `seen` the furthest that was, `open` whether the run may be seen, `guess` the reader's (percent at each of the
 * frames `questions`) or null, `draft` the one that is being made, `where(step)` a place on the axis of `kind`.
 */
export function begin(fig, recording) {
  const { frames } = recording;
  const steps = frames.at(-1).step;
  const questions = asked(frames);
  const kept = store("pretraining", "guess");
  const kind = fig.get("axis", "log") === "linear" ? "linear" : "log";
  const given = fig.get("guess", "");
  const guess = parseGuess(given, questions.length) ?? parseGuess(kept.load(""), questions.length);
  return {
    recording,
    frames,
    steps,
    questions,
    kept,
    kind,
    guess,
    groups: recording.groups,
    floor: recording.floor,
    vocabulary: new Set(recording.words),
    i: nearest(frames, fig.get("step", 0)),
    seen: 0,
    open: guess !== null || given === "none",
    draft: guess ?? START,
    where: axis(steps, kind),
    get now() {
      return frames[this.i];
    },
  };
}
