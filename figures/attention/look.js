// What is looked at: a text, read with all heads on and with some off; one head; one token.
import { label } from "../tokens/logic.js";
import { headName, parseHeads, sum } from "./logic.js";

export const END = "<|endoftext|>";

export class Look {
  constructor(fig, { gpt, tokenizer }, data, engine) {
    const { n_layer, n_head, block_size } = gpt.config;
    Object.assign(this, {
      gpt,
      tokenizer,
      data,
      engine,
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
    this.alone = []; // what each head alone is worth in this text, in bits, as far as it is known
    this.all = this.some = null; // what all heads, and those that are on, make of the text, once it is computed
  }

  name(head) {
    return headName(head, this.n_head);
  }
  token(id) {
    return id === this.end ? END : label(this.tokenizer.token(id));
  }

  /** Returns how many tokens the text has; the window's worth is read. `update` waits for what is computed. */
  read(text) {
    const whole = [this.end, ...this.tokenizer.encode(text)];
    this.ids = whole.slice(0, this.block_size);
    this.names = this.ids.map((id, i) => (i ? label(this.tokenizer.token(id)) : this.start));
    this.all = this.some = null;
    this.alone = [...(this.data.texts.find((x) => x.text === text)?.costs ?? [])];
    return whole.length;
  }

  silence(heads) {
    this.off = [...new Set(heads)].sort((x, y) => x - y);
    this.some = null;
  }

  /** Resolves to true when `all` and `some` are of the present text and heads, to false when these have changed. */
  async update() {
    const { ids, off, engine } = this;
    const [all, some] = await Promise.all([engine.read(ids, []), engine.read(ids, off)]);
    if (ids !== this.ids || off !== this.off) return false;
    Object.assign(this, { all, some });
    return true;
  }

  /** Every head switched off alone, one after the other, so that a switch finds its answer ready. */
  async weigh(onmore) {
    const { ids, engine, size } = this;
    const known = this.alone.length === size;
    const all = await engine.read(ids, []);
    for (let n = 0; n < size; n += 1) {
      if (ids !== this.ids) return;
      const { bits } = await engine.read(ids, [n]);
      if (known || ids !== this.ids) continue;
      this.alone[n] = sum(bits) - sum(all.bits);
      onmore();
    }
  }

  /** Look from token `i`, or the nearest there is. */
  stand(i) {
    this.at = Math.min(Math.max(0, Math.trunc(i) || 0), this.ids.length - 1);
  }

  /** Where the chosen head looks from the token: a share for every token up to it. */
  get row() {
    return this.some.shares[this.chosen][this.at];
  }
}
