"""Exercises of lab 04b: hide tokens, fill a gap by trying candidates, rank by likeness."""

import torch

from glassbox.course.exercises import Exercise


def hide(idx, where, mask_id):
    """A masked encoder's task: (input, targets). Hidden tokens become mask_id; only they are asked for."""
    return idx.masked_fill(where, mask_id), idx.masked_fill(~where, -1)


def try_each(row, gap, candidates):
    """One copy of the row for each candidate, with the candidate in the gap: (len(candidates), T)."""
    rows = row.repeat(len(candidates), 1)
    rows[:, gap] = torch.as_tensor(candidates)
    return rows


def nearest(questions, shelf):
    """For each row of questions (N, C) the number of the row of shelf (M, C) with the highest cosine."""
    questions = torch.nn.functional.normalize(questions, dim=-1)
    return (questions @ torch.nn.functional.normalize(shelf, dim=-1).T).argmax(dim=-1)


def _inserted(row, gap, candidates):
    return torch.stack([torch.cat([row[:gap], torch.tensor([c]), row[gap:]]) for c in candidates])


_ROW = torch.tensor([4, 5, 6, 7])
_SHELF = torch.tensor([[1.0, 0.0], [0.0, 1.0], [10.0, 10.0]])

EXERCISES = [
    Exercise(
        name="hide",
        solution=hide,
        cases=(
            (torch.tensor([[5, 6, 7, 8]]), torch.tensor([[False, True, False, True]]), 99),
            (
                torch.tensor([[1, 2, 3], [4, 5, 6]]),
                torch.tensor([[True, False, False], [False, True, True]]),
                50,
            ),
            (torch.tensor([[3, 4]]), torch.tensor([[False, False]]), 9),
            (torch.tensor([[3, 4]]), torch.tensor([[True, True]]), 9),
        ),
        hints=(
            "The model reads the row with `mask_id` in the hidden places. The targets are the true tokens there.",
            "Where nothing is hidden the target is -1: the loss skips it.",
            "`idx.masked_fill(where, mask_id), idx.masked_fill(~where, -1)`",
        ),
        mistakes={
            "nothing hidden": (
                lambda idx, where, m: (idx, idx.masked_fill(~where, -1)),
                "nothing is hidden: the model would read the answer off. Put `mask_id` where `where` is true.",
            ),
            "wrong way round": (
                lambda idx, where, m: (idx.masked_fill(~where, m), idx.masked_fill(where, -1)),
                "you hid the tokens that should stay. `where` is true at the tokens to hide.",
            ),
            "asked for all": (
                lambda idx, where, m: (idx.masked_fill(where, m), idx),
                "it is asked for the visible tokens too. Their targets are -1, which the loss skips.",
            ),
            "asked for the visible": (
                lambda idx, where, m: (idx.masked_fill(where, m), idx.masked_fill(where, -1)),
                "it is asked for the tokens that it sees, and not for the hidden ones.",
            ),
            "zero": (
                lambda idx, where, m: (idx.masked_fill(where, m), idx.masked_fill(~where, 0)),
                "0 is a token like any other. Where nothing is asked the target is -1.",
            ),
            "shifted": (
                lambda idx, where, m: (
                    idx.masked_fill(where, m),
                    idx.masked_fill(~where, -1).roll(-1),
                ),
                "the targets are shifted by one. An encoder says what stands at the place itself.",
            ),
            "input alone": (
                lambda idx, where, m: idx.masked_fill(where, m),
                "two tensors are asked for: what the model reads, and what it has to guess.",
            ),
            "the other order": (
                lambda idx, where, m: hide(idx, where, m)[::-1],
                "the two are exchanged: first what the model reads, then the targets.",
            ),
        },
    ),
    Exercise(
        name="try_each",
        solution=try_each,
        cases=(
            (_ROW, 1, [8, 9, 3]),
            (_ROW, 0, [2]),
            (torch.tensor([1, 2, 3]), 2, torch.tensor([7, 7])),
            (torch.tensor([9, 8, 7, 6, 5]), 3, [1, 2, 3, 4, 5]),
        ),
        hints=(
            "Make as many copies of the row as there are candidates: `row.repeat(len(candidates), 1)`.",
            "Then set the whole column of the gap at once.",
            "With `rows = row.repeat(len(candidates), 1)`: `rows[:, gap] = torch.as_tensor(candidates)`. "
            "Return the rows.",
        ),
        mistakes={
            "one copy": (
                lambda row, gap, c: row.repeat(len(c), 1),
                "all rows are the same. Each candidate gets its own copy of the row.",
            ),
            "last candidate": (
                lambda row, gap, c: try_each(row, gap, [c[-1]] * len(c)),
                "the last candidate stands in every row: all of them are one and the same tensor. "
                "Copy the row for each, with `clone()`.",
            ),
            "off by one": (
                lambda row, gap, c: try_each(row, gap + 1, c),
                "the candidates are one place too far right: positions are counted from 0.",
            ),
            "one before": (
                lambda row, gap, c: try_each(row, gap - 1, c),
                "the candidates are one place too far left: positions are counted from 0.",
            ),
            "inserted": (
                _inserted,
                "the candidate is put in beside the token in the gap, and the row grows. Put it in its place.",
            ),
            "only the candidates": (
                lambda row, gap, c: torch.as_tensor(c),
                "those are the candidates alone. Each needs the rest of the row around it.",
            ),
        },
    ),
    Exercise(
        name="nearest",
        solution=nearest,
        cases=(
            (torch.tensor([[2.0, 0.1], [0.3, 0.2], [0.0, 5.0]]), _SHELF),
            (torch.tensor([[-1.0, 0.1]]), torch.tensor([[2.0, 0.0], [-0.3, 0.2]])),
            (torch.tensor([[1.0, 2.0, 3.0], [3.0, 2.0, -9.0]]), torch.eye(3) * 4),
            (torch.tensor([[0.2, 0.1], [5.0, 8.0], [1.0, -1.0], [0.1, 9.0]]), _SHELF[:2]),
        ),
        hints=(
            "The cosine of two vectors is their product after both have been brought to length 1.",
            "`torch.nn.functional.normalize(shelf, dim=-1)` does that for every row.",
            "With `norm = torch.nn.functional.normalize`: `(norm(questions) @ norm(shelf).T).argmax(dim=-1)`",
        ),
        mistakes={
            "no lengths": (
                lambda q, s: (q @ s.T).argmax(-1),
                "the longest vector wins every time. Bring all vectors to length 1 first, then multiply.",
            ),
            "distance": (
                lambda q, s: torch.cdist(q, s).argmin(-1),
                "that goes by distance. The cosine compares directions and ignores how long vectors are.",
            ),
            "least alike": (
                lambda q, s: torch.cosine_similarity(q[:, None], s[None], dim=-1).argmin(-1),
                "those are the least alike. Take the highest cosine.",
            ),
            "no direction": (
                lambda q, s: torch.cosine_similarity(q[:, None], s[None], dim=-1).abs().argmax(-1),
                "a vector that points the other way is as unlike as can be. Leave the cosine its sign.",
            ),
            "one for each of the shelf": (
                lambda q, s: nearest(s, q),
                "that is the nearest question for each row of the shelf. Turn it around.",
            ),
            "the cosine itself": (
                lambda q, s: torch.cosine_similarity(q[:, None], s[None], dim=-1).amax(-1),
                "those are the highest cosines. Asked for is whose they are: argmax gives the row numbers.",
            ),
        },
    ),
]
