// What is looked at: a text, read with all heads on and with some off; one head; one token.
import { label } from "../tokens/logic.js";
import { headName, parseHeads, read, sum } from "./logic.js";

export const END = "<|endoftext|>";

export class Look {
  constructor(fig, { gpt, tokenizer }, data) {
    const { n_layer, n_head, block_size } = gpt.config;
    Object.assign(this, {
      gpt,
      tokenizer,
      data,
      n_head,
      block_size,
      size: n_layer * n_head,
      end: tokenizer.special[END],
      start: fig.t("start"),
    });
    this.chosen = parseHeads(fig.get("head", ""), n_layer, n_head)[0] ?? data.jobs.fetch;
    this.off = parseHeads(fig.get("off", ""), n_layer, n_head);
    this.at = 0; // the token that is looked from
    this.ids = [];
    this.names = [];
    this.alone = []; // what each head alone is worth in this text, in bits, as far as it was computed
  }

  name(head) {
    return headName(head, this.n_head);
  }
  token(id) {
    return id === this.end ? END : label(this.tokenizer.token(id));
  }

  /** Returns how many tokens the text has; the window's worth is read. */
  read(text) {
    const whole = [this.end, ...this.tokenizer.encode(text)];
    this.ids = whole.slice(0, this.block_size);
    this.names = this.ids.map((id, i) => (i ? label(this.tokenizer.token(id)) : this.start));
    this.all = read(this.gpt, this.ids);
    this.alone = [];
    this.silence(this.off);
    return whole.length;
  }

  silence(heads) {
    this.off = [...new Set(heads)].sort((x, y) => x - y);
    this.some = this.off.length ? read(this.gpt, this.ids, this.off) : this.all;
  }

  /** Look from token `i`, or the nearest there is. */
  stand(i) {
    this.at = Math.min(Math.max(0, Math.trunc(i) || 0), this.ids.length - 1);
  }

  /** One more head switched off alone; false when all have been. */
  weighNext() {
    this.alone.push(sum(read(this.gpt, this.ids, [this.alone.length]).bits) - sum(this.all.bits));
    return this.alone.length < this.size;
  }

  /** Where the chosen head looks from the token: a share for every token up to it. */
  get row() {
    return this.some.shares[this.chosen][this.at];
  }
}
