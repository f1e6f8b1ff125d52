// Where the viewer's computing is done: in a worker, or, where none may be started, in the page itself.
import { jobs } from "./logic.js";
import code from "./read.worker.js";

export class Engine {
  constructor(gpt) {
    this.gpt = gpt;
    this.waiting = new Map(); // number of a question -> what hears the answer
    this.asked = 0;
    this.ids = null; // the text whose readings are kept
    this.kept = new Map(); // heads that are off -> the reading
    this.start();
  }

  start() {
    try {
      this.address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
      this.worker = new Worker(this.address);
      this.worker.onmessage = ({ data }) => {
        this.waiting.get(data.id)?.resolve(data.result);
        this.waiting.delete(data.id);
      };
      this.worker.onerror = () => this.alone();
      this.worker.postMessage({ model: { ...this.gpt } });
    } catch {
      this.alone();
    }
  }

  /** No worker: answer what was asked, and all that will be, here. */
  alone() {
    this.worker?.terminate();
    this.worker = null;
    const open = [...this.waiting.values()];
    this.waiting.clear();
    for (const question of open) this.here(question);
  }
  here({ job, args, resolve }) {
    setTimeout(() => resolve(jobs[job](this.gpt, ...args)));
  }

  /** One of the jobs of logic.js; resolves to its result. */
  ask(job, ...args) {
    return new Promise((resolve) => {
      if (!this.worker) {
        this.here({ job, args, resolve });
        return;
      }
      this.asked += 1;
      this.waiting.set(this.asked, { job, args, resolve });
      this.worker.postMessage({ id: this.asked, job, args });
    });
  }

  /** A text read with some heads off; readings of the latest text are kept. `ids` is the text, and stays the same array. */
  read(ids, off) {
    if (ids !== this.ids) {
      this.ids = ids;
      this.kept = new Map();
    }
    const key = off.join();
    if (!this.kept.has(key)) this.kept.set(key, this.ask("read", ids, off));
    return this.kept.get(key);
  }

  stop() {
    this.worker?.terminate();
    this.waiting.clear();
    URL.revokeObjectURL(this.address);
  }
}
