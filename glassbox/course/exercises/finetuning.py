"""Exercises of lab 07: the chat template, what is learned of it, and LoRA's two small matrices."""

import torch

from glassbox.course.exercises import Exercise


def template(messages):
    """A conversation as the text that the model continues with its reply."""
    turns = [f"<|{m['role']}|>{m['content']}<|end|>" for m in messages]
    return "<|endoftext|>" + "".join(turns) + "<|assistant|>"


def loss_mask(turns):
    """For every token of a conversation, whether it is learned.

    `turns` are (role, number of tokens said). A turn is written as its marker, what is said, <|end|>.
    """
    mask = []
    for role, n in turns:
        mask += [False] + [role == "assistant"] * (n + 1)
    return mask


def lora_params(n_out, n_in, rank):
    """How many numbers LoRA trains for a matrix of n_out by n_in."""
    return rank * (n_out + n_in)


def lora_weight(W, A, B, alpha):
    """The matrix that a layer uses with LoRA: A is (rank, in), B is (out, rank)."""
    return W + alpha / A.shape[0] * (B @ A)


def check_template(answer):
    said = [
        {"role": "user", "content": "Who?"},
        {"role": "assistant", "content": "Me."},
        {"role": "user", "content": "When?"},
    ]
    want, got = template(said), answer(said)
    if got == want:
        return None
    if not isinstance(got, str):
        return f"the answer should be one text, and yours is {got!r}."
    if got + "<|assistant|>" == want:
        return "the last marker is missing: <|assistant|> tells the model whose turn it is."
    if "<|endoftext|>" + got == want:
        return "a conversation opens a new document, with <|endoftext|>."
    if "<|end|>" not in got:
        return "nothing says where a turn ends; put <|end|> after each."
    if got == want + "<|end|>":
        return "with <|end|> at the end the reply would be over before it began."
    return f"for three messages it should read {want!r}, and yours reads {got!r}."


def check_loss_mask(answer):
    turns = [("user", 3), ("assistant", 2)]
    want, got = loss_mask(turns), [bool(m) for m in answer(turns)]
    if got == want:
        longer = [("user", 1), ("assistant", 1), ("user", 2), ("assistant", 3)]
        if [bool(m) for m in answer(longer)] != loss_mask(longer):
            return "it works for one question and answer, but not for two."
        return None
    if len(got) != len(want):
        return f"each turn has two tokens more than was said, its marker and <|end|>: {len(want)} here, not {len(got)}."
    if all(got):
        return "this learns everything, the question too."
    if got == [not m for m in want]:
        return "this learns the user's part and not the assistant's."
    if got == [*want[:-1], False]:
        return "the <|end|> of the reply must be learned too, or the model never learns to stop."
    if got[5] and want[:5] == got[:5]:
        return "the marker <|assistant|> is written by the program and never by the model; do not learn it."
    return f"for 3 tokens of the user and 2 of the assistant it should be {want}, not {got}."


def check_lora_params(answer):
    got, want = answer(128, 512, 8), lora_params(128, 512, 8)
    if got == want:
        return None if answer(10, 20, 3) == 90 else "it works for one shape and not for another."
    if got == 128 * 512:
        return "that is the whole matrix, which stays frozen."
    if got == 8 * 128 * 512:
        return "that is more than the whole matrix. The two matrices stand beside each other: add."
    if got in (8 * 128, 8 * 512):
        return "that is one of the two matrices. There are A, (rank, in), and B, (out, rank)."
    return f"for a matrix of 128 by 512 and rank 8 it is {want:,}, and yours is {got:,}."


def check_lora_weight(answer):
    W = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])
    A, B = (
        torch.tensor([[1.0, 2.0], [0.0, 1.0]]),
        torch.tensor([[1.0, 0.0], [0.0, 3.0], [1.0, 1.0]]),
    )
    want = lora_weight(W, A, B, 6.0)
    try:
        got = torch.as_tensor(answer(W, A, B, 6.0))
    except RuntimeError as error:
        return f"the shapes do not fit ({str(error).splitlines()[0]}). B is (out, rank), A is (rank, in): B comes first."
    if got.shape == want.shape and torch.allclose(got, want):
        return None
    if got.shape == want.shape and torch.allclose(got, want - W):
        return "that is the change alone. W itself is still there, frozen."
    if got.shape == want.shape and torch.allclose(got, W + B @ A):
        return "the change is scaled by alpha / rank; here that is 3, not 1."
    if got.shape == want.shape and torch.allclose(got, W + 6.0 * (B @ A)):
        return "divide alpha by the rank: otherwise a higher rank would mean a larger change."
    return f"it should be {want.tolist()}, and yours is {got.tolist()}."


EXERCISES = [
    Exercise(
        name="template",
        check=check_template,
        hints=(
            "Every turn: a marker with the role, what was said, a marker for the end.",
            "The whole begins with <|endoftext|> and ends with <|assistant|>.",
            "f\"<|{m['role']}|>{m['content']}<|end|>\" is one turn; join them.",
        ),
        solution=template,
        mistakes={
            "whose turn": (lambda ms: template(ms).removesuffix("<|assistant|>"), "whose turn"),
            "no start": (lambda ms: template(ms).removeprefix("<|endoftext|>"), "new document"),
            "no ends": (lambda ms: template(ms).replace("<|end|>", ""), "where a turn ends"),
            "over already": (lambda ms: template(ms) + "<|end|>", "before it began"),
        },
        starter=lambda messages: ...,
    ),
    Exercise(
        name="loss_mask",
        check=check_loss_mask,
        hints=(
            "A turn of n tokens is written with n + 2: its marker, the tokens, <|end|>.",
            "The marker is never learned. What was said is learned if the assistant said it. And <|end|>?",
            "Add [False] + [role == 'assistant'] * (n + 1) for each turn.",
        ),
        solution=loss_mask,
        mistakes={
            "everything": (lambda turns: [True] * sum(n + 2 for _, n in turns), "question too"),
            "no end": (
                lambda turns: [
                    m for r, n in turns for m in [False] + [r == "assistant"] * n + [False]
                ],
                "never learns to stop",
            ),
            "marker": (
                lambda turns: [m for r, n in turns for m in [r == "assistant"] * (n + 2)],
                "written by the program",
            ),
            "the user's": (
                lambda turns: [not m for m in loss_mask(turns)],
                "user's part",
            ),
        },
        starter=lambda turns: ...,
    ),
    Exercise(
        name="lora_params",
        check=check_lora_params,
        hints=(
            "LoRA leaves the matrix alone and trains two small ones beside it.",
            "A has rank rows and n_in columns, B has n_out rows and rank columns.",
            "rank * n_in and rank * n_out, added.",
        ),
        solution=lora_params,
        mistakes={
            "the whole": (lambda n_out, n_in, rank: n_out * n_in, "stays frozen"),
            "one of two": (lambda n_out, n_in, rank: rank * n_in, "one of the two"),
            "multiplied": (lambda n_out, n_in, rank: rank * n_in * n_out, "more than the whole"),
        },
        starter=lambda n_out, n_in, rank: ...,
    ),
    Exercise(
        name="lora_weight",
        check=check_lora_weight,
        hints=(
            "The new matrix is the old one plus a change.",
            "The change is the product of B and A, in this order, times alpha / rank.",
            "The rank is the number of rows of A: A.shape[0].",
        ),
        solution=lora_weight,
        mistakes={
            "unscaled": (lambda W, A, B, alpha: W + B @ A, "alpha / rank"),
            "the change alone": (lambda W, A, B, alpha: alpha / len(A) * (B @ A), "change alone"),
            "turned around": (lambda W, A, B, alpha: W + alpha / len(A) * (A @ B), "B comes first"),
            "not divided": (lambda W, A, B, alpha: W + alpha * (B @ A), "divide alpha"),
        },
        starter=lambda W, A, B, alpha: ...,
    ),
]
