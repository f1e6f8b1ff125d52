// The town's verdicts on the recorded replies. Its books are those of the models in the page; a recording of
// another town gets none.
import { readQuestion, town, verdict } from "../finetuning/logic.js";

export const SIGNS = { right: "✓", wrong: "✗", invented: "✗", refused: "○", malformed: "–" };

export class Judge {
  constructor(recording, data) {
    const same = data.world.seed === recording.world.seed && data.world.residents === recording.world.residents;
    this.books = same ? town(data) : null;
    this.questions = recording.prompts.map((prompt) => this.books && readQuestion(prompt.text, this.books));
  }

  /** On a reply to the k-th question, or null. */
  verdict(k, reply) {
    return this.questions[k] ? verdict(this.questions[k], reply, this.books) : null;
  }
}
