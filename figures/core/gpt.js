// The whole GPT in the page: the forward pass of glassbox/machine/model.py in its default form,
// token by token with a cache of keys and values. The formula stands at the top of that file:
//
//   x = n(E[id]);  for each block:  x += Wo attention(n(x));  x += W2 relu(W1 n(x))^2;  logits = Wout n(x)
//
// figures/core/golden_gpt.json holds these logits to torch's.

const EPSILON = 1e-5;
const DEFAULTS = {
  norm: "plain",
  position: "rope",
  activation: "relu2",
  qk_norm: true,
  embed_norm: true,
  tied: false,
  bias: false,
};

/** Base64 to bytes. */
function bytes(base64) {
  const text = atob(base64);
  const out = new Uint8Array(text.length);
  for (let i = 0; i < out.length; i += 1) out[i] = text.charCodeAt(i);
  return out;
}

/** Weights as glassbox.shipped.export.pack_tensor writes them -> { name: Float32Array }. */
export function unpack(tensors) {
  const out = {};
  for (const [name, { shape, int8, scale, float32 }] of Object.entries(tensors)) {
    if (float32 !== undefined) {
      out[name] = new Float32Array(bytes(float32).buffer);
      continue;
    }
    const q = new Int8Array(bytes(int8).buffer);
    const scales = new Float32Array(bytes(scale).buffer);
    const columns = shape.at(-1);
    const w = new Float32Array(q.length);
    out[name] = w;
    for (let i = 0; i < q.length; i += 1) w[i] = q[i] * scales[(i / columns) | 0]; // one scale a row
  }
  return out;
}

/** out[from...] = W x for `rows` rows of W, which start at row `first`. Four sums at once: the processor likes it. */
function matvec(W, x, out, rows, first = 0) {
  const n = x.length;
  for (let r = 0; r < rows; r += 1) {
    let at = (first + r) * n;
    let a = 0,
      b = 0,
      c = 0,
      d = 0,
      i = 0;
    for (; i + 3 < n; i += 4, at += 4) {
      a += W[at] * x[i];
      b += W[at + 1] * x[i + 1];
      c += W[at + 2] * x[i + 2];
      d += W[at + 3] * x[i + 3];
    }
    for (; i < n; i += 1, at += 1) a += W[at] * x[i];
    out[r] = a + b + c + d;
  }
  return out;
}

/** n(x): mean 0, variance 1, over x[from] ... x[from + n - 1]; the result goes to `out`, which may be x. */
function normalize(x, out, from = 0, n = x.length) {
  let mean = 0,
    variance = 0;
  for (let i = from; i < from + n; i += 1) mean += x[i];
  mean /= n;
  for (let i = from; i < from + n; i += 1) variance += (x[i] - mean) ** 2;
  const scale = 1 / Math.sqrt(variance / n + EPSILON);
  for (let i = from; i < from + n; i += 1) out[i] = (x[i] - mean) * scale;
  return out;
}

/** RoPE: turn the pairs (x[i], x[i + D/2]) of one head by angles that grow with the position. */
function rotate(x, from, D, cos, sin, position) {
  const half = D / 2;
  for (let i = 0; i < half; i += 1) {
    const c = cos[position * half + i],
      s = sin[position * half + i];
    const a = x[from + i],
      b = x[from + half + i];
    x[from + i] = a * c - b * s;
    x[from + half + i] = a * s + b * c;
  }
}

function transpose(W, rows, columns) {
  const out = new Float32Array(W.length);
  for (let r = 0; r < rows; r += 1) for (let c = 0; c < columns; c += 1) out[c * rows + r] = W[r * columns + c];
  return out;
}

export class GPT {
  /** config: GPTConfig's fields; weights: { "embed.weight": Float32Array, ... } with torch's names. */
  constructor(config, weights) {
    for (const [key, value] of Object.entries(DEFAULTS)) {
      if ((config[key] ?? value) !== value)
        throw new Error(`the page computes ${key} = ${value} only, not ${config[key]}`);
    }
    const C = config.n_embd;
    const D = C / config.n_head;
    const weight = (name, size) => {
      if (weights[name]?.length !== size) throw new Error(`the weight ${name} is missing or has the wrong size`);
      return weights[name];
    };
    this.config = config;
    this.embed = weight("embed.weight", config.vocab_size * C);
    this.head = weight("head.weight", config.vocab_size * C);
    this.blocks = Array.from({ length: config.n_layer }, (_, i) => ({
      qkv: weight(`blocks.${i}.attn.qkv`, 3 * C * C),
      out: weight(`blocks.${i}.attn.out.weight`, C * C),
      up: weight(`blocks.${i}.mlp.up.weight`, 4 * C * C),
      down: transpose(weight(`blocks.${i}.mlp.down.weight`, 4 * C * C), C, 4 * C), // so that a silent unit costs nothing
    }));
    this.cos = new Float32Array((config.block_size * D) / 2);
    this.sin = new Float32Array(this.cos.length);
    for (let t = 0, n = 0; t < config.block_size; t += 1) {
      for (let i = 0; i < D; i += 2, n += 1) {
        const angle = t * 10000 ** (-i / D);
        this.cos[n] = Math.cos(angle);
        this.sin[n] = Math.sin(angle);
      }
    }
  }

  /**
   * A text being read: gpt.start().feed(ids) -> logits of the token that comes next. Options, for looking inside:
   * off    numbers of heads that add nothing, layer * n_head + head, each from 0
   * watch  (layer, head, position, shares) => {…}: where each token looked, as it is read
   */
  start({ off = [], watch } = {}) {
    return new Session(this, new Set(off), watch);
  }
}

class Session {
  constructor(gpt, off, watch) {
    const { n_layer, n_embd: C, block_size } = gpt.config;
    this.gpt = gpt;
    this.off = off;
    this.watch = watch;
    this.ids = []; // what is in the window
    this.keys = Array.from({ length: n_layer }, () => new Float32Array(block_size * C));
    this.values = Array.from({ length: n_layer }, () => new Float32Array(block_size * C));
    this.x = new Float32Array(C);
    this.n = new Float32Array(C);
    this.q = new Float32Array(C);
    this.mixed = new Float32Array(C);
    this.hidden = new Float32Array(4 * C);
    this.scores = new Float32Array(block_size);
  }

  /**
   * Read one id or an array of ids; returns a new Float32Array of logits for the token after the last.
   * When the window is full the older half is forgotten; of an overlong beginning the end is kept, as in
   * glassbox.machine.generate.
   */
  feed(ids) {
    let todo = typeof ids === "number" ? [ids] : [...ids];
    if (!todo.length) throw new Error("feed at least one token; an empty text begins with <|endoftext|>");
    const { block_size, vocab_size } = this.gpt.config;
    for (const id of todo)
      if (!(id >= 0 && id < vocab_size)) throw new Error(`id ${id} is outside the vocabulary of ${vocab_size}`);
    if (this.ids.length + todo.length > block_size) {
      const keep = this.ids.length ? Math.max(block_size >> 1, 1) : block_size;
      todo = [...this.ids, ...todo].slice(-keep);
      this.ids = [];
    }
    for (const id of todo) this.step(id);
    return this.logits();
  }

  /** Forget what was read after the first `length` tokens, to try another continuation. */
  rewind(length) {
    if (!(length >= 0 && length <= this.ids.length))
      throw new Error(`cannot go back to ${length} of ${this.ids.length} tokens`);
    this.ids.length = length;
  }

  /** One token through all blocks; leaves the stream in this.x. */
  step(id) {
    const { gpt, x, n } = this;
    const { n_embd: C, n_head: H } = gpt.config;
    const t = this.ids.push(id) - 1;
    normalize(gpt.embed.subarray(id * C, (id + 1) * C), x);
    gpt.blocks.forEach((block, layer) => {
      normalize(x, n);
      this.attend(block, layer, t, C, H);
      matvec(block.out, this.mixed, n, C);
      for (let i = 0; i < C; i += 1) x[i] += n[i];

      normalize(x, n);
      matvec(block.up, n, this.hidden, 4 * C);
      for (let j = 0; j < 4 * C; j += 1) {
        const h = this.hidden[j];
        if (h <= 0) continue; // relu: this unit is silent
        const fire = h * h;
        for (let i = 0, at = j * C; i < C; i += 1, at += 1) x[i] += fire * block.down[at];
      }
    });
  }

  /** Attention of token t over tokens 0 ... t, every head; reads this.n, writes this.mixed. */
  attend(block, layer, t, C, H) {
    const { gpt, n, q, mixed, scores } = this;
    const D = C / H;
    const K = this.keys[layer],
      V = this.values[layer];
    const k = K.subarray(t * C, (t + 1) * C);
    matvec(block.qkv, n, q, C);
    matvec(block.qkv, n, k, C, C);
    matvec(block.qkv, n, V.subarray(t * C, (t + 1) * C), C, 2 * C);
    mixed.fill(0);
    for (let h = 0; h < C; h += D) {
      // h is where the head's numbers start
      for (const v of [q, k]) {
        normalize(v, v, h, D);
        rotate(v, h, D, gpt.cos, gpt.sin, t);
      }
      let largest = -Infinity,
        sum = 0;
      for (let s = 0; s <= t; s += 1) {
        let dot = 0;
        for (let i = h, at = s * C + h; i < h + D; i += 1, at += 1) dot += q[i] * K[at];
        scores[s] = dot / Math.sqrt(D);
        if (scores[s] > largest) largest = scores[s];
      }
      for (let s = 0; s <= t; s += 1) sum += scores[s] = Math.exp(scores[s] - largest);
      this.watch?.(
        layer,
        h / D,
        t,
        scores.slice(0, t + 1).map((score) => score / sum),
      );
      if (this.off.has(layer * H + h / D)) continue;
      for (let s = 0; s <= t; s += 1) {
        const share = scores[s] / sum;
        for (let i = h, at = s * C + h; i < h + D; i += 1, at += 1) mixed[i] += share * V[at];
      }
    }
  }

  logits() {
    const { vocab_size } = this.gpt.config;
    return matvec(this.gpt.head, normalize(this.x, this.n), new Float32Array(vocab_size), vocab_size);
  }
}
