"""Lab 04b's contests: a decoder and a masked encoder of one size, taught by the same text.

`python -m glassbox.recordings.encoder_or_decoder` trains a pair for each of three seeds, lets the encoder go
on until it has been asked as many questions as the decoder, and writes encoder_or_decoder.json: who
fills gaps, writes on, sorts documents and finds them. It takes about three minutes of one core. The
lab trains the first pair again, by the same code.
"""

from __future__ import annotations

import functools
import math
from itertools import count

import torch
from torch.nn import functional as F

from glassbox.machine.checkpoint import sha256
from glassbox.machine.data import Windows
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.train import TrainConfig, train
from glassbox.recordings import recording
from glassbox.shipped import FOLDER
from glassbox.shipped import load as load_model

SETTINGS = {
    "seeds": [0, 1, 2],
    "documents": 8_000,
    "shape": [2, 2, 64],  # n_layer, n_head, n_embd
    "T": 48,
    "batch_size": 12,
    "steps": 280,
    "hidden": 0.3,  # the share of tokens that an encoder is asked for
    "gaps": 150,
    "tries": 16,
    "openings": 40,  # pages that are continued
    "kinds": ["portrait", "register", "gossip", "question", "notice", "letter"],
    "of_each_kind": 30,
    "people": 100,
}


def settings() -> dict:
    return {"settings": SETTINGS, "base": sha256(FOLDER / "base" / "model.safetensors")}


def jobs() -> list[tuple]:
    return [(seed,) for seed in SETTINGS["seeds"]]


def run(job: tuple) -> dict:
    """One pair in all contests; a third contestant, untrained, where a text becomes a vector."""
    [seed], at = job, bench()
    decoder, encoder = at.pair(seed)
    three = (decoder, encoder, at.network(seed, encoder=True).eval())
    found = {"filled": at.filled(decoder, encoder), "surprises": at.surprises(decoder, encoder)}
    found |= {"sorted": [at.sorted_rightly(model) for model in three]}
    found |= {"found": [at.found_rightly(model) for model in three]}
    found["asked_as_often"] = at.named_rightly(at.go_on(encoder, seed))
    return found


def assemble(rows: dict) -> dict:
    return settings() | {
        "real": round(bench().real(), 4),
        "asked_steps": bench().as_often(),
        "runs": [{"seed": seed, **rows[seed,]} for seed in SETTINGS["seeds"]],
    }


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("encoder_or_decoder")


# ---------------------------------------------------------------------------------------------
# Two networks and their tasks


class Hidden:
    """The same windows of text with some tokens hidden; only those are asked for."""

    def __init__(self, windows, share, mask_id, seed=0):
        self.windows, self.share, self.mask_id, self.seed = windows, share, mask_id, seed

    def __getitem__(self, step):
        idx, _ = self.windows[step]  # (B, T)
        dice = torch.Generator().manual_seed(1_000_003 * self.seed + step)
        hide = torch.rand(idx.shape, generator=dice) < self.share
        return idx.masked_fill(hide, self.mask_id), idx.masked_fill(~hide, -1)


class Bench:
    """The text to learn from, unseen pages, and the base model, which judges what is written."""

    def __init__(self, settings: dict, device: str = "cpu"):
        base = load_model("base")
        self.tokenizer, self.world, self.judge = base.tokenizer, base.world, base.model.eval()
        self.end = base.tokenizer.special_tokens["<|endoftext|>"]
        self.mask_id = base.model.config.vocab_size
        self.settings, self.device = settings, device
        self.reading = list(self.world.documents(n=settings["documents"]))
        self._windows = {}

    def network(self, seed: int, encoder: bool) -> GPT:
        config = GPTConfig(self.mask_id + 1, self.settings["T"], *self.settings["shape"])
        model = GPT(config, torch.Generator().manual_seed(seed))
        if encoder:
            model.mask.zero_()  # (T, T), was minus infinity above the diagonal
        return model

    def windows(self, seed: int, times: int = 1) -> Windows:
        """The text in batches for a seed; batches `times` as large."""
        if (seed, times) not in self._windows:
            size, T = times * self.settings["batch_size"], self.settings["T"]
            self._windows[seed, times] = Windows(self.reading, self.tokenizer, size, T, seed)
        return self._windows[seed, times]

    def hidden(self, seed: int) -> Hidden:
        return Hidden(self.windows(seed), self.settings["hidden"], self.mask_id, seed)

    def taught(self, model: GPT, batches, steps: int) -> GPT:
        plan = TrainConfig(steps, dtype="float32", threads=1)
        train(model.to(self.device), batches, plan, progress=False)
        return model.cpu().eval()

    def pair(self, seed: int) -> tuple[GPT, GPT]:
        """A decoder and an encoder: the same first weights, the same text, as many steps."""
        steps = self.settings["steps"]
        decoder = self.taught(self.network(seed, encoder=False), self.windows(seed), steps)
        encoder = self.taught(self.network(seed, encoder=True), self.hidden(seed), steps)
        return decoder, encoder

    def as_often(self) -> int:
        """Steps until an encoder has been asked for as many tokens as a decoder in its steps."""
        asked = self.settings["batch_size"] * self.settings["T"]
        return self.settings["steps"] * asked // int(asked * self.settings["hidden"])

    def go_on(self, encoder: GPT, seed: int) -> GPT:
        """The encoder after so many steps; it is trained further, not copied."""
        first, last, text = self.settings["steps"], self.as_often(), self.hidden(seed)
        later = [text[step] for step in range(first, last)]
        return self.taught(encoder, later, last - first)

    # ---- fill a gap

    @functools.cached_property
    def pages(self) -> tuple[list[torch.Tensor], list[int]]:
        """Unseen portraits that fit into the window, and a place in each, drawn at random."""
        n, T = self.settings["gaps"], self.settings["T"]
        portraits = self.world.documents(kinds=["portrait"], n=6 * n, split="held_out")
        rows = [
            torch.tensor([self.end, *self.tokenizer.encode(d.text), self.end]) for d in portraits
        ]
        rows = [row for row in rows if 24 <= len(row) <= T][:n]
        dice = torch.Generator().manual_seed(5)
        return rows, [int(torch.randint(6, len(r) - 6, (1,), generator=dice)) for r in rows]

    @functools.cached_property
    def missing(self) -> torch.Tensor:
        rows, gaps = self.pages
        return torch.tensor([row[gap] for row, gap in zip(rows, gaps)])

    def guesses(self, decoder: GPT, encoder: GPT) -> torch.Tensor:
        """What is put into each gap, (gaps, 3): by the encoder, the decoder at once, the decoder trying."""
        tries = self.settings["tries"]
        return torch.tensor(
            [
                [between(encoder, *at, self.mask_id), *onward(decoder, *at, self.mask_id, tries)]
                for at in zip(*self.pages)
            ]
        )

    def filled(self, decoder: GPT, encoder: GPT) -> list[float]:
        """The share of gaps that each of the three ways names."""
        right = self.guesses(decoder, encoder) == self.missing[:, None]
        return _rounded(right.float().mean(dim=0))

    def named_rightly(self, encoder: GPT) -> float:
        guesses = torch.stack([between(encoder, *at, self.mask_id) for at in zip(*self.pages)])
        return round((guesses == self.missing).float().mean().item(), 4)

    # ---- write on

    @functools.cached_property
    def unseen(self) -> Windows:
        texts = [d.text for d in self.world.documents(n=900, split="held_out")]
        return Windows(texts, self.tokenizer, 1, self.settings["T"], 3)

    def openings(self) -> torch.Tensor:  # (openings, T): real text
        return torch.cat([self.unseen[i][0] for i in range(self.settings["openings"])])

    def written(self, decoder: GPT, encoder: GPT) -> tuple[torch.Tensor, torch.Tensor]:
        """Both go on with the same pages by the same dice."""
        openings, T = self.openings(), self.settings["T"]
        return write_on(decoder, openings, T, self.mask_id), write_on(
            encoder, openings, T, self.mask_id, masked=True
        )

    def surprises(self, decoder: GPT, encoder: GPT) -> list[float]:
        """Bits a token that the base model needs for what each wrote."""
        return [round(surprise(self.judge, idx), 4) for idx in self.written(decoder, encoder)]

    def real(self) -> float:
        """The same for the last tokens of real pages."""
        pages = [self.unseen[i] for i in range(60, 160)]
        return surprise(self.judge, torch.cat([torch.cat([x, y[:, -1:]], 1) for x, y in pages]))

    # ---- sort and find

    @functools.cached_property
    def shelves(self) -> dict[str, list]:
        n = self.settings["of_each_kind"]
        return {
            kind: list(self.world.documents(kinds=[kind], n=n, split="held_out"))
            for kind in self.settings["kinds"]
        }

    @functools.cached_property
    def both(self) -> list[list]:
        """The portraits of people, and the same people's lines in the register."""
        about = [
            {d.residents[0]: d for d in self.world.documents(kinds=[kind], n=600, split="held_out")}
            for kind in ("portrait", "register")
        ]
        people = sorted(about[0].keys() & about[1].keys())[: self.settings["people"]]
        return [[documents[person] for person in people] for documents in about]

    def sorted_rightly(self, model: GPT) -> float:
        return round(sorting(model, self.tokenizer, self.shelves.values()), 4)

    def found_rightly(self, model: GPT) -> float:
        return round(finding(model, self.tokenizer, *self.both), 4)


@functools.cache
def bench() -> Bench:
    return Bench(SETTINGS)


def _rounded(shares: torch.Tensor) -> list[float]:
    return [round(share, 4) for share in shares.tolist()]


# ---------------------------------------------------------------------------------------------
# The contests, as the lab shows them


@torch.no_grad()
def logps(model, idx, mask_id):  # (B, T, vocab_size); the mask's own token is no answer
    return model(idx)[0][..., :mask_id].float().log_softmax(-1)


def between(encoder, row, gap, mask_id):
    """One guess, seeing both sides."""
    masked = row.clone()
    masked[gap] = mask_id
    return logps(encoder, masked[None], mask_id)[0, gap].argmax()


def onward(decoder, row, gap, mask_id, tries=16):
    """One guess from the left, and the best of some tries, each weighed by the whole page."""
    favorites = logps(decoder, row[None, :gap], mask_id)[0, -1].topk(tries).indices
    tried = row.repeat(tries, 1)  # (tries, len(row))
    tried[:, gap] = favorites
    whole = logps(decoder, tried[:, :-1], mask_id).gather(2, tried[:, 1:, None])
    return favorites[0], favorites[whole.sum(dim=(1, 2)).argmax()]


@torch.no_grad()
def write_on(model, idx, T, mask_id, masked=False, n=16):
    """Draw n more tokens for each row; an encoder fills a mask at the end of its window."""
    dice = torch.Generator().manual_seed(1)
    for _ in range(n):
        window = idx[:, -T:]
        if masked:
            window = F.pad(idx[:, -T + 1 :], (0, 1), value=mask_id)  # (B, T), a mask at the end
        shares = model(window)[0][:, -1, :mask_id].float().softmax(-1)
        idx = torch.cat([idx, torch.multinomial(shares, 1, generator=dice)], dim=1)
    return idx  # (B, T + n)


@torch.no_grad()
def surprise(judge, idx, n=16) -> float:
    """Bits a token of the last n, for the judge."""
    lp = judge(idx[:, :-1])[0].float().log_softmax(-1)
    return -lp.gather(2, idx[:, 1:, None])[:, -n:].mean().item() / math.log(2)


@torch.no_grad()
def vectors(model, tokenizer, documents):
    """Each text as the average over its positions of what the last layer holds: (documents, C)."""
    held, result = [], []
    hook = model.norm.register_forward_hook(lambda _, __, out: held.append(out))  # (1, T, C)
    for d in documents:
        model(torch.tensor([tokenizer.encode(d.text)[: model.config.block_size]]))
        result.append(held.pop()[0].mean(dim=0))
    hook.remove()
    return torch.stack(result)


def sorting(model, tokenizer, shelves) -> float:
    """Five examples of each kind are labeled; the nearest average decides."""
    rows = [vectors(model, tokenizer, shelf) for shelf in shelves]
    middles = torch.stack([r[:5].mean(dim=0) for r in rows])  # (kinds, C)
    right = [
        (torch.cdist(r[5:], middles).argmin(dim=1) == i).float() for i, r in zip(count(), rows)
    ]
    return torch.stack([r.mean() for r in right]).mean().item()


def finding(model, tokenizer, portraits, register) -> float:
    """Given a portrait, find the same resident's line in the register."""
    asked, shelf = (vectors(model, tokenizer, documents) for documents in (portraits, register))
    asked, shelf = (F.normalize(rows - rows.mean(dim=0), dim=-1) for rows in (asked, shelf))
    return ((asked @ shelf.T).argmax(dim=1) == torch.arange(len(asked))).float().mean().item()


if __name__ == "__main__":
    recording.main("encoder_or_decoder")
