"""Part II, from predictor to assistant: what the machine reads, how it learns to answer and to please.

Read in this order: `cleaning` (what goes in), `finetune` (learning to answer), `preferences` (what
people like), `reward` (their choices as a model), `rollout` and `rl` (letting it talk, and learning to
be liked), `dpo` (the same without talking).
"""
