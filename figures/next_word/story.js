// A text that the model writes on, one drawn piece at a time. No page.
import { softmax } from "../softmax_sampling/logic.js";
import { draw } from "./logic.js";

/** begin(text), then step(dice) as often as wanted; `over` after <|endoftext|>, `drawn` is the last piece with its odds. */
export class Story {
  constructor({ gpt, tokenizer, vocab }) {
    Object.assign(this, { gpt, tokenizer, vocab, end: tokenizer.special["<|endoftext|>"] });
  }

  /** Returns how many tokens the beginning has; of more than the window the end is kept. */
  begin(text) {
    const ids = [this.end, ...this.tokenizer.encode(text)];
    this.session = this.gpt.start();
    this.shares = softmax(this.session.feed(ids));
    Object.assign(this, { text, written: [], drawn: null, over: false });
    return ids.length;
  }

  /** Draw one piece with `u` from 0 to 1; returns it. */
  step(u) {
    if (this.over) this.begin(this.text);
    const id = draw(this.shares, u);
    this.drawn = { id, shares: this.shares, p: this.shares[id] };
    if (id === this.end) {
      this.over = true;
      return { text: "", p: this.drawn.p };
    }
    this.shares = softmax(this.session.feed(id));
    this.written.push({ id, p: this.drawn.p });
    return { text: this.vocab[id].text, p: this.drawn.p };
  }

  /** Pieces may end inside a character, so they are shown in the smallest groups that decode whole. */
  groups() {
    const out = [];
    let open = [];
    for (const { id, p } of this.written) {
      open.push(id);
      const text = this.tokenizer.decode(open);
      if (text.endsWith("\uFFFD") && open.length <= 3) continue;
      out.push({ text, p });
      open = [];
    }
    if (open.length) out.push({ text: this.tokenizer.decode(open), p: 1 });
    return out;
  }
}
