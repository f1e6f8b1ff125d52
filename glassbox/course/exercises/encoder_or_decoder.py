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


def check_hide(answer):
    idx, where = torch.tensor([[5, 6, 7, 8]]), torch.tensor([[False, True, False, True]])
    got = answer(idx.clone(), where, 99)
    if not isinstance(got, tuple) or len(got) != 2:
        return "return two tensors: what the model reads, and what it has to guess."
    read, asked = (torch.as_tensor(part).tolist() for part in got)
    if read == idx.tolist():
        return "nothing is hidden: the model would read the answer off. Put mask_id where `where` is true."
    if read == [[99, 6, 99, 8]]:
        return "you hid the tokens that should stay. `where` is true at the tokens to hide."
    if read != [[5, 99, 7, 99]]:
        return f"the model reads {read[0]}, and should read [5, 99, 7, 99]."
    if asked == idx.tolist():
        return "it is asked for the visible tokens too. Their targets are -1, which the loss skips."
    if asked == [[-1, 7, -1, -1]] or asked == [[6, -1, 8, -1]]:
        return "the targets are shifted by one. An encoder says what stands at the place itself."
    if asked != [[-1, 6, -1, 8]]:
        return f"the targets are {asked[0]}, and should be [-1, 6, -1, 8]."
    return None


def check_try_each(answer):
    row = torch.tensor([4, 5, 6, 7])
    got = torch.as_tensor(answer(row.clone(), 1, [8, 9, 3]))
    if tuple(got.shape) != (3, 4):
        return (
            f"the answer has shape {tuple(got.shape)}; three candidates for a row of 4 make (3, 4)."
        )
    if got.tolist() == [[4, 8, 6, 7], [4, 9, 6, 7], [4, 3, 6, 7]]:
        return None
    if (got == got[0]).all():
        return "all rows are the same. Each candidate gets its own copy of the row."
    if got[:, 1].tolist() == [5, 5, 5]:
        return "the candidates are in the wrong place: the gap is position 1, counted from 0."
    return f"the rows are {got.tolist()}, and should be the row with 8, 9 and 3 in place of the 5."


def check_nearest(answer):
    shelf = torch.tensor([[1.0, 0.0], [0.0, 1.0], [10.0, 10.0]])
    got = torch.as_tensor(answer(torch.tensor([[2.0, 0.1], [0.3, 0.2], [0.0, 5.0]]), shelf))
    if got.tolist() == [0, 2, 1]:
        return None
    if got.tolist() == [2, 2, 2]:
        return "the longest vector wins every time. Bring all vectors to length 1 first, then multiply."
    if got.tolist() == [1, 0, 0]:
        return "those are the least alike. Take the highest cosine."
    if got.tolist() == [0, 0, 1]:
        return "that goes by distance. The cosine compares directions and ignores how long vectors are."
    return f"it answers {got.tolist()}, and should answer [0, 2, 1]."


EXERCISES = [
    Exercise(
        name="hide",
        check=check_hide,
        hints=(
            "The model reads the row with mask_id in the hidden places. The targets are the true tokens there.",
            "Where nothing is hidden the target is -1: the loss skips it.",
            "idx.masked_fill(where, mask_id), idx.masked_fill(~where, -1)",
        ),
        solution=hide,
        mistakes={
            "nothing hidden": (
                lambda idx, where, m: (idx, idx.masked_fill(~where, -1)),
                "nothing is hidden",
            ),
            "wrong way round": (
                lambda idx, where, m: (idx.masked_fill(~where, m), idx.masked_fill(where, -1)),
                "should stay",
            ),
            "asked for all": (
                lambda idx, where, m: (idx.masked_fill(where, m), idx),
                "visible tokens",
            ),
            "shifted": (
                lambda idx, where, m: (
                    idx.masked_fill(where, m),
                    idx.masked_fill(~where, -1).roll(-1),
                ),
                "shifted",
            ),
        },
        starter=lambda idx, where, mask_id: ...,
    ),
    Exercise(
        name="try_each",
        check=check_try_each,
        hints=(
            "Make as many copies of the row as there are candidates: row.repeat(n, 1).",
            "Then set the whole column of the gap at once.",
            "rows[:, gap] = torch.as_tensor(candidates)",
        ),
        solution=try_each,
        mistakes={
            "one copy": (
                lambda row, gap, c: torch.stack([torch.cat([row[:gap], row[gap:]])] * len(c)),
                "all rows are the same",
            ),
            "off by one": (lambda row, gap, c: try_each(row, gap + 1, c), "wrong place"),
            "only the candidates": (lambda row, gap, c: torch.as_tensor(c), "shape"),
        },
        starter=lambda row, gap, candidates: ...,
    ),
    Exercise(
        name="nearest",
        check=check_nearest,
        hints=(
            "The cosine of two vectors is their product after both have been brought to length 1.",
            "torch.nn.functional.normalize(x, dim=-1) does that for every row.",
            "(normalize(questions) @ normalize(shelf).T).argmax(dim=-1)",
        ),
        solution=nearest,
        mistakes={
            "no lengths": (lambda q, s: (q @ s.T).argmax(-1), "longest"),
            "distance": (lambda q, s: torch.cdist(q, s).argmin(-1), "distance"),
        },
        starter=lambda questions, shelf: ...,
    ),
]
