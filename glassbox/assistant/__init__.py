"""Part II, from predictor to assistant: what the machine reads, how it learns to answer and to please.

Read in this order: `cleaning` (what goes in; with `duplicates`, `classifiers`, `mixture`), `finetune` (learning to answer), `preferences` (what
people like), `reward` (their choices as a model), `rollout` and `rl` (letting it talk, and learning to
be liked), `dpo` (the same without talking), `moderation` (what may pass; with `refusing`, `flattery`),
`calibration` (how sure it is), `compression` (a model as a packer), `retrieval` (looking things up; with
`pointer`, `reading`).
"""
