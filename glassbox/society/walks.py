"""A counter on the town's map, moved by words: does a network that reads only the moves know where it is?

The board has the 24 streets of Port Ellery as squares, six from west to east and four from south to north. A game
begins with a street and goes on with moves, `north`, `east`, `south`, `west`, never off the board. Now and then
somebody asks `where`, and the next word is the street on which the counter stands:

    Bell Street east south where Quay Street north north …

The network reads such games and guesses the next word. No map is shown to it, and no coordinate is ever written.
Asked afterwards: are its answers right, can the place be read off its numbers (`society.probes`), and does pushing
these numbers move its answer?

Sources: Li et al. 2023, arXiv:2210.13382 (a board inside a network that reads moves); Gurnee and Tegmark 2024,
arXiv:2310.02207 (places read off linearly); Haufe et al. 2014, doi 10.1016/j.neuroimage.2013.10.067 (weights
that read are not the pattern that is there: push along the second).
"""

from __future__ import annotations

import copy
import random

import torch

from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.train import TrainConfig, train
from glassbox.society.probes import Probe, fit, pushed, streams
from glassbox.world.town import STREETS

MOVES = {"north": (0, 2), "south": (0, -2), "east": (2, 0), "west": (-2, 0)}  # minutes on foot
WHERE = "where"
TOKENS = (WHERE, *MOVES, *STREETS)
NUMBER = {token: n for n, token in enumerate(TOKENS)}
STREET_AT = {place: name for name, place in STREETS.items()}
LENGTH = 32  # tokens that are read
ASKS = 0.12  # the chance of `where` after a move


def walk(dice: random.Random) -> tuple[list[str], list[tuple[int, int]]]:
    """One game of LENGTH + 1 words, and after each word the place of the counter.

    >>> words, places = walk(random.Random(0))
    >>> words[0] in STREETS, len(words), places[0] == STREETS[words[0]]
    (True, 33, True)
    """
    place = dice.choice(list(STREET_AT))
    words, places = [STREET_AT[place]], [place]
    while len(words) <= LENGTH:
        if words[-1] in MOVES and dice.random() < ASKS:
            words += [WHERE, STREET_AT[place]]
            places += [place, place]
        else:
            word = dice.choice(allowed(place))
            place = after(place, word)
            words.append(word)
            places.append(place)
    return words[: LENGTH + 1], places[: LENGTH + 1]


def allowed(place: tuple[int, int]) -> list[str]:
    """The moves that stay on the board.

    >>> allowed(STREETS["Anchor Street"])
    ['north', 'east']
    """
    return [word for word in MOVES if after(place, word) in STREET_AT]


def after(place: tuple[int, int], word: str) -> tuple[int, int]:
    """The place one move on. Raises ValueError for a word that is no move.

    >>> STREET_AT[after(STREETS["Bell Street"], "east")]
    'Chapel Row'
    """
    if word not in MOVES:
        raise ValueError(f"{word!r} is no move; use one of {', '.join(MOVES)}")
    return place[0] + MOVES[word][0], place[1] + MOVES[word][1]


def walks(count: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Games as ids (count, LENGTH + 1) and places (count, LENGTH + 1, 2). Raises ValueError for a count below 1."""
    if count < 1:
        raise ValueError(f"count is {count}; it must be 1 or more")
    dice = random.Random(seed)
    drawn = [walk(dice) for _ in range(count)]
    ids = torch.tensor([[NUMBER[word] for word in words] for words, _ in drawn])
    return ids, torch.tensor([places for _, places in drawn], dtype=torch.float64)


def walker(seed: int = 0, width: int = 64, layers: int = 2) -> GPT:
    """A network that has read nothing yet."""
    config = GPTConfig(len(TOKENS), LENGTH, layers, 4, width)
    return GPT(config, torch.Generator().manual_seed(seed))


def trained(ids: torch.Tensor, steps: int, seed: int = 0, batch: int = 64, **shape) -> GPT:
    """A network trained to guess the next word of these games, `batch` of them at a step."""
    model, dice = walker(seed, **shape), torch.Generator().manual_seed(seed)
    picks = [ids[torch.randint(len(ids), (batch,), generator=dice)] for _ in range(steps)]
    how = TrainConfig(steps, lr=0.01, muon_lr=0.02, dtype="float32", threads=1)
    train(model, [(pick[:, :-1], pick[:, 1:]) for pick in picks], how, progress=False)
    return model.eval()


def scrambled(model: GPT, seed: int = 0) -> GPT:
    """A copy in which the numbers of every matrix are dealt out anew: the same numbers, and nothing learned.

    A fresh network would be no fair control: its blocks begin by adding nothing.
    """
    other, dice = copy.deepcopy(model), torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in other.parameters():
            p.copy_(p.flatten()[torch.randperm(p.numel(), generator=dice)].view_as(p))
    return other


def asked(ids: torch.Tensor) -> torch.Tensor:
    """Where in the games the last word read is `where`: (N, LENGTH) of True and False."""
    return ids[:, :-1] == NUMBER[WHERE]


@torch.no_grad()
def exam(model: GPT, ids: torch.Tensor, places: torch.Tensor) -> dict[str, float]:
    """In games: how often the street is named rightly ("where"), and the share of the guess that lies on
    words that may follow a move or a street ("allowed")."""
    chances = model(ids[:, :-1])[0].softmax(-1)
    ask = asked(ids)
    right = (chances.argmax(-1) == ids[:, 1:])[ask].double().mean()
    may = torch.zeros(len(STREET_AT), len(TOKENS))
    order = list(STREET_AT)
    for row, place in enumerate(order):
        may[row, [NUMBER[word] for word in (WHERE, *allowed(place))]] = 1
    row = torch.tensor(
        [[order.index(tuple(p)) for p in game] for game in places[:, :-1].int().tolist()]
    )
    share = (chances * may[row]).sum(-1)[~ask].mean()
    return {"where": float(right), "allowed": float(share)}


def at_where(
    model: GPT, ids: torch.Tensor, places: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """At every `where`: the stream before and after each block, (n_layer + 1, M, C), and the places, (M, 2)."""
    ask = asked(ids)
    return streams(model, ids[:, :-1])[:, ask], places[:, :-1][ask]


def pattern(h: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """How the numbers change with the place: (2, C), for a minute east and a minute north.

    Least squares the other way around than a probe: h from the places. h: (M, C), places: (M, 2).
    """
    return fit(places, h, penalty=0).weight


def reading(probe: Probe) -> torch.Tensor:
    """The shortest steps (2, C) by which a probe's reading moves a minute east and a minute north, and no other way."""
    return torch.linalg.lstsq(probe.weight.T, torch.eye(2, dtype=torch.float64)).solution.T


def random_steps(like: torch.Tensor, seed: int = 0) -> torch.Tensor:
    """Steps in directions drawn by dice, each as long as the one that it stands for."""
    drawn = torch.randn(
        like.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)
    )
    return drawn / drawn.norm(dim=-1, keepdim=True) * like.norm(dim=-1, keepdim=True)


@torch.no_grad()
def push(
    model: GPT,
    ids: torch.Tensor,
    places: torch.Tensor,
    block: int,
    steps: torch.Tensor,
    word: str = "east",
    strength: float = 1.0,
) -> dict[str, float]:
    """Push the numbers after a block, at every `where`, by one street in the direction of a move, and ask.

    steps: (2, C), what a minute east and a minute north are worth; strength multiplies the push. Only places
    from which the move stays on the board count. Returns shares of the answers: the street that lies there
    ("next"), the true one ("same"), another in that direction or against it ("line": the other coordinate is
    kept), and all else ("lost"). Raises ValueError where nobody asks.
    """
    dx, dy = MOVES[word]
    on_board = torch.tensor(
        [[(x + dx, y + dy) in STREET_AT for x, y in game] for game in places[:, :-1].int().tolist()]
    )
    game, at = torch.nonzero(asked(ids) & on_board, as_tuple=True)
    if not len(game):
        raise ValueError(f"nobody asks where {word} of it is on the board; take more games")
    pushes = torch.zeros(len(game), LENGTH, steps.shape[-1])
    pushes[torch.arange(len(game)), at] = (strength * (dx * steps[0] + dy * steps[1])).float()
    with pushed(model, block, pushes):
        best = model(ids[game, :-1])[0][torch.arange(len(game)), at].argmax(-1)
    shares = dict.fromkeys(("next", "same", "line", "lost"), 0.0)
    for answer, (x, y) in zip(best.tolist(), places[game, at].int().tolist(), strict=True):
        there = STREETS.get(TOKENS[answer])
        if there == (x + dx, y + dy):
            key = "next"
        elif there == (x, y):
            key = "same"
        else:
            key = "line" if there and (there[1] == y if dx else there[0] == x) else "lost"
        shares[key] += 1 / len(game)
    return shares
