"""Part II, from predictor to assistant: what the machine reads, how it learns to answer and to please.

Read in this order: `cleaning` (what goes in), `finetune` (learning to answer), `preferences` (what
people like, as a model), `rl` and `dpo` (learning to be liked).
"""
