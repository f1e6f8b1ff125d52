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


def _said(*contents):
    roles = ["user", "assistant"] * len(contents)
    return ([{"role": r, "content": c} for r, c in zip(roles, contents)],)


def _matrices(n_out, n_in, rank, alpha):
    g = torch.Generator().manual_seed(rank)
    shapes = (n_out, n_in), (rank, n_in), (n_out, rank)
    return (*(torch.randint(-3, 4, s, generator=g).float() for s in shapes), alpha)


EXERCISES = [
    Exercise(
        name="template",
        solution=template,
        cases=(
            _said("Who?", "Me.", "When?"),
            _said("Is Mara here?"),
            _said("Hi", "Hello!", "Who is it?", "Ivo.", "Thanks"),
            _said(""),
        ),
        hints=(
            "Every turn: a marker with the role, what was said, a marker for the end.",
            "The whole begins with <|endoftext|> and ends with <|assistant|>.",
            "`[f\"<|{m['role']}|>{m['content']}<|end|>\" for m in messages]` are the turns; join them.",
        ),
        mistakes={
            "whose turn": (
                lambda ms: template(ms).removesuffix("<|assistant|>"),
                "the last marker is missing: <|assistant|> tells the model whose turn it is.",
            ),
            "no start": (
                lambda ms: template(ms).removeprefix("<|endoftext|>"),
                "a conversation opens a new document, with <|endoftext|>.",
            ),
            "no ends": (
                lambda ms: template(ms).replace("<|end|>", ""),
                "nothing says where a turn ends; put <|end|> after each.",
            ),
            "one end": (
                lambda ms: template(ms).replace("<|end|>", "", len(ms) - 1),
                "only the last turn has an end; put <|end|> after each.",
            ),
            "over already": (
                lambda ms: template(ms) + "<|end|>",
                "with <|end|> at the end the reply would be over before it began.",
            ),
            "no roles": (
                lambda ms: template([{"role": "user", "content": m["content"]} for m in ms]),
                "every turn is marked as the user's. The marker names the role of the message.",
            ),
            "a list": (
                lambda ms: [f"<|{m['role']}|>{m['content']}<|end|>" for m in ms],
                "it gives a list of turns. Asked for is one text: join them.",
            ),
        },
    ),
    Exercise(
        name="loss_mask",
        solution=loss_mask,
        cases=(
            ([("user", 3), ("assistant", 2)],),
            ([("user", 1), ("assistant", 1), ("user", 2), ("assistant", 3)],),
            ([("user", 2)],),
            ([("assistant", 0), ("user", 0)],),
            ([("assistant", 4)],),
        ),
        hints=(
            "A turn of n tokens is written with n + 2: its marker, the tokens, <|end|>.",
            "The marker is never learned. What was said is learned if the assistant said it. And <|end|>?",
            "`[m for role, n in turns for m in [False] + [role == 'assistant'] * (n + 1)]`",
        ),
        mistakes={
            "everything": (
                lambda turns: [True] * sum(n + 2 for _, n in turns),
                "this learns everything, the question too.",
            ),
            "all but markers": (
                lambda turns: [m for _, n in turns for m in [False] + [True] * (n + 1)],
                "this learns the question too. Only the assistant's turns are learned.",
            ),
            "no end": (
                lambda turns: [
                    m for r, n in turns for m in [False] + [r == "assistant"] * n + [False]
                ],
                "the <|end|> of the reply must be learned too, or the model never learns to stop.",
            ),
            "marker": (
                lambda turns: [m for r, n in turns for m in [r == "assistant"] * (n + 2)],
                "the marker <|assistant|> is written by the program and never by the model; do not learn it.",
            ),
            "the user's": (
                lambda turns: [not m for m in loss_mask(turns)],
                "this learns the user's part and not the assistant's.",
            ),
            "said alone": (
                lambda turns: [m for r, n in turns for m in [r == "assistant"] * n],
                "each turn has two tokens more than was said, its marker and <|end|>.",
            ),
            "by turn": (
                lambda turns: [r == "assistant" for r, _ in turns],
                "that is one truth value for each turn. Give one for each token, marker and <|end|> included.",
            ),
        },
    ),
    Exercise(
        name="lora_params",
        solution=lora_params,
        cases=((128, 512, 8), (10, 20, 3), (5, 5, 1), (30, 7, 2)),
        hints=(
            "LoRA leaves the matrix alone and trains two small ones beside it.",
            "A has `rank` rows and `n_in` columns, B has `n_out` rows and `rank` columns.",
            "`rank * n_in` and `rank * n_out`, added.",
        ),
        mistakes={
            "the whole": (
                lambda n_out, n_in, rank: n_out * n_in,
                "that is the whole matrix, which stays frozen.",
            ),
            "one of two": (
                lambda n_out, n_in, rank: rank * n_in,
                "that is one of the two matrices, A. B, (out, rank), is missing.",
            ),
            "the other": (
                lambda n_out, n_in, rank: rank * n_out,
                "that is one of the two matrices, B. A, (rank, in), is missing.",
            ),
            "multiplied": (
                lambda n_out, n_in, rank: rank * n_in * n_out,
                "that is more than the whole matrix. The two matrices stand beside each other: add.",
            ),
            "with the frozen": (
                lambda n_out, n_in, rank: rank * (n_in + n_out) + n_in * n_out,
                "the matrix itself is counted too, and it stays frozen.",
            ),
        },
    ),
    Exercise(
        name="lora_weight",
        solution=lora_weight,
        cases=(
            (
                torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]]),
                torch.tensor([[1.0, 2.0], [0.0, 1.0]]),
                torch.tensor([[1.0, 0.0], [0.0, 3.0], [1.0, 1.0]]),
                6.0,
            ),
            _matrices(2, 4, 1, 2.0),
            _matrices(3, 5, 4, 8.0),
            _matrices(2, 2, 3, 0.0),
            _matrices(4, 4, 2, 1.0),
        ),
        hints=(
            "The new matrix is the old one plus a change.",
            "The change is the product of B and A, in this order, times alpha / rank.",
            "The rank is the number of rows of A: `A.shape[0]`.",
        ),
        mistakes={
            "unscaled": (
                lambda W, A, B, alpha: W + B @ A,
                "the change is not scaled: multiply it by alpha / rank.",
            ),
            "the change alone": (
                lambda W, A, B, alpha: alpha / len(A) * (B @ A),
                "that is the change alone. W itself is still there, frozen.",
            ),
            "turned around": (
                lambda W, A, B, alpha: W + alpha / len(A) * (A @ B),
                "the shapes do not fit. B is (out, rank), A is (rank, in): B comes first.",
            ),
            "not divided": (
                lambda W, A, B, alpha: W + alpha * (B @ A),
                "you did not divide alpha by the rank: a higher rank would mean a larger change.",
            ),
            "wrong rank": (
                lambda W, A, B, alpha: W + alpha / A.shape[1] * (B @ A),
                "you divided by the columns of A. The rank is the number of its rows: `A.shape[0]`.",
            ),
            "by the outputs": (
                lambda W, A, B, alpha: W + alpha / len(B) * (B @ A),
                "you divided by the rows of B. The rank is the number of its columns, and of A's rows.",
            ),
            "taken away": (
                lambda W, A, B, alpha: W - alpha / len(A) * (B @ A),
                "the change is taken away. Add it.",
            ),
        },
    ),
]
