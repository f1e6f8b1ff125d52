"""Part I, the machine: text to tokens, tokens to probabilities, probabilities to text.

Read in this order: `tokens` (byte-level BPE), `ngram` (counting models), `sampling` (softmax and
the dice), `model` (the GPT), `optim` and `train` (how it learns), `generate` (how it talks).
"""
