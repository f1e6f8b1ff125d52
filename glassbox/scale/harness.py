"""Our models in lm-evaluation-harness, the program that most public league tables are made with.

`Assistant` is a model class for the package `lm-eval` (`pip install glassbox[eval]`): it answers the three
things that the harness asks of any model. `task` turns items of `world.benchmark` into a task of the
harness, without a download. Then the same questions give the same scores here and there:

    from lm_eval import simple_evaluate
    found = simple_evaluate(Assistant(model, tokenizer), tasks=[task("ellery_facts", items)])

The harness' `acc` is our rule "raw", its `acc_norm` and `acc_bytes` our "per_byte".

Left out: batches over several processes, the harness' command line.

Source: Gao et al., "The Language Model Evaluation Harness", version 0.4; Biderman et al. 2024,
arXiv:2405.14782.
"""

from __future__ import annotations

from collections.abc import Sequence

from glassbox.assistant.chat import chat_prompt
from glassbox.machine.data import END, end_id
from glassbox.machine.generate import generate_each
from glassbox.machine.tokens import BPE
from glassbox.scale.evaluation import loglikelihoods, split_ids
from glassbox.world.benchmark import Item

try:
    from lm_eval.api.model import LM
except ImportError:  # the extra is not installed; this module can still be read
    LM = object

MISSING = "the package lm-eval is not installed: pip install glassbox[eval]"


class Assistant(LM):
    """One of our models as the harness wants it: three methods, each for a list of requests.

    Raises ImportError if `lm-eval` is not installed.
    """

    tokenizer_name = "glassbox"

    def __init__(self, model, tokenizer: BPE):
        if LM is object:
            raise ImportError(MISSING)
        super().__init__()
        self.model, self.tokenizer = model, tokenizer

    def loglikelihood(self, requests, disable_tqdm: bool = False) -> list[tuple[float, bool]]:
        """For (context, continuation): the log-probability in nats, and whether greedy writing gives it."""
        return loglikelihoods(self.model, [self._split(*r.args) for r in requests])

    def loglikelihood_rolling(self, requests, disable_tqdm: bool = False) -> list[float]:
        """The log-probability of whole texts, read in windows that do not overlap in what they predict."""
        from lm_eval.utils import get_rolling_token_windows, make_disjoint_window

        found = []
        for request in requests:
            ids = self.tokenizer.encode(request.args[0], allowed_special="none")
            windows = get_rolling_token_windows(
                ids, end_id(self.tokenizer), self.model.config.block_size, context_len=1
            )
            rows = [make_disjoint_window(window) for window in windows]
            found.append(sum(logp for logp, _ in loglikelihoods(self.model, rows)))
        return found

    def generate_until(self, requests, disable_tqdm: bool = False) -> list[str]:
        """Greedy continuations, cut before the first of the texts in `until`."""
        return [self._written(*request.args) for request in requests]

    def _written(self, context: str, how: dict) -> str:
        ids, room = self._ids(context), how.get("max_gen_toks", 48)
        ids = ids[-max(1, self.model.config.block_size - room) :]  # the end of a long prompt
        ends = {i for name, i in self.tokenizer.special_tokens.items() if name in (END, "<|end|>")}
        [row] = generate_each(self.model, [ids], room, temperature=0, stop=ends)
        text = self.tokenizer.decode([i for i in row if i not in ends])
        until = how.get("until", [])
        for stop in [until] if isinstance(until, str) else until:
            text = text.split(stop)[0] if stop else text
        return text

    def apply_chat_template(self, chat_history: list[dict], add_generation_prompt=True) -> str:
        """A conversation as one text, in the template of the assistants."""
        return self.tokenizer.decode(chat_prompt(chat_history, self.tokenizer))

    def chat_template(self, chat_template=False) -> str:
        return "glassbox" if chat_template else ""

    def _split(self, context: str, continuation: str) -> tuple[list[int], list[int]]:
        if context.startswith(END):  # a conversation, in which markers are markers
            return self._ids(context), self.tokenizer.encode(continuation, allowed_special="none")
        return split_ids(self.tokenizer, context, continuation)

    def _ids(self, context: str) -> list[int]:
        if context.startswith(END):
            return self.tokenizer.encode(context)
        return [end_id(self.tokenizer), *self.tokenizer.encode(context, allowed_special="none")]


def task(name: str, items: Sequence[Item], chat: bool = False) -> dict:
    """Items as a multiple-choice task for `simple_evaluate(tasks=[…])`; nothing is downloaded.

    With `chat`, the bare questions, to be asked with `apply_chat_template=True`.

    Raises ValueError if there are no items.

    >>> from glassbox.world import World
    >>> from glassbox.world.benchmark import benchmark
    >>> made = task("ellery_sums", benchmark(World(0, 400), "sums", 2))
    >>> made["task"], made["doc_to_choice"]
    ('ellery_sums', '{{options}}')
    """
    if not items:
        raise ValueError("the benchmark is empty; give at least one item")
    rows = [
        {
            "context": item.question if chat else item.context,
            "options": list(item.options),
            "answer": item.answer,
        }
        for item in items
    ]
    return {
        "task": name,
        "custom_dataset": lambda **_: {"test": _dataset(rows)},
        "test_split": "test",
        "output_type": "multiple_choice",
        "doc_to_text": "{{context}}",
        "doc_to_choice": "{{options}}",
        "doc_to_target": "{{answer}}",
        "target_delimiter": " ",
        "metric_list": [
            {"metric": metric, "aggregation": "mean", "higher_is_better": True}
            for metric in ("acc", "acc_norm")
        ],
    }


def _dataset(rows: list[dict]):
    from datasets import Dataset

    return Dataset.from_list(rows)
