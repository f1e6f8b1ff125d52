"""The makers of the shipped models that people's choices have shaped: reward, aligned, aligned-dpo.

Everything is asked about residents that occur in the chat model's conversations and about half of the
strangers. The other residents and the other strangers are kept for measuring.
"""

from __future__ import annotations

import copy
import math

from glassbox.assistant import rl, rollout
from glassbox.assistant.dpo import train_dpo
from glassbox.assistant.preferences import agreement, calibration, label, label_office, sample_pairs
from glassbox.assistant.reward import accuracy, gold_accuracy, margins, train_reward
from glassbox.machine.checkpoint import Checkpoint, round_to_bf16
from glassbox.machine.measure import document_nats
from glassbox.shipped.cards import this_machine
from glassbox.world.conversations import held_out_residents

ABOUT_STRANGERS = 0.25  # of the questions


def questions(world, split: str = "train", n: int = 3000) -> list:
    """Questions for learning from choices ("train") or for measuring ("held_out"); one in four is
    about a stranger."""
    apart, half = held_out_residents(world), len(world.strangers) // 2
    people = apart if split == "held_out" else [r for r in world.residents if r not in apart]
    strangers = world.strangers[half:] if split == "held_out" else world.strangers[:half]
    known = world.questions("all", residents=people)
    unknown = world.questions("all", residents=strangers)
    n = min(n, round(len(known) / (1 - ABOUT_STRANGERS)), round(len(unknown) / ABOUT_STRANGERS))
    n_unknown = round(n * ABOUT_STRANGERS)
    return known[: n - n_unknown] + unknown[:n_unknown]


def choices(chat: Checkpoint, n_pairs: int, n_test: int, seed: int = 0) -> tuple[list, list]:
    """Choices of the label office between replies of the chat model: to learn from, and to test on."""
    asked = questions(chat.world)
    drawn = sample_pairs(chat.model, chat.tokenizer, asked, n_pairs + n_test, seed=seed)
    pairs = label(chat.world, drawn, label_office(seed=seed))
    return pairs[:n_pairs], pairs[n_pairs:]


def make_reward(
    chat: Checkpoint,
    n_pairs: int = 1500,
    n_test: int = 300,
    epochs: float = 2.0,
    batch_size: int = 16,
    lr: float = 3e-3,
    muon_lr: float = 1e-2,
    seed: int = 0,
    progress: bool = True,
) -> Checkpoint:
    """Train `reward` on the choices of the label office between replies of `chat`."""
    world, tokenizer = chat.world, chat.tokenizer
    train, test = choices(chat, n_pairs, n_test, seed)
    reward = train_reward(
        chat.model, tokenizer, train, epochs, batch_size, lr, muon_lr, seed, progress
    )
    round_to_bf16(reward)
    card = {
        "parameters": sum(p.numel() for p in reward.parameters()),
        "pairs": n_pairs,
        "labelers": len(label_office()),
        "labelers_who_check": sum(one.checks_facts for one in label_office()),
        "noise": label_office()[0].noise,
        "labels_agree_with_gold": agreement(world, train),
        "accuracy_on_labels": accuracy(reward, test),
        "accuracy_on_gold": gold_accuracy(world, reward, test),
        "pairs_tested": n_test,
        "calibration": calibration(margins(reward, test)),
        "epochs": epochs,
        "batch_size": batch_size,
        "lr": lr,
        "muon_lr": muon_lr,
        "seed": seed,
        "seconds": reward.history.seconds,
    }
    return Checkpoint(reward, tokenizer, _rounded(card | this_machine()), chat.world_args)


def make_aligned(
    chat: Checkpoint,
    reward: Checkpoint,
    iterations: int = 80,
    batch_size: int = 64,
    beta: float = 0.1,
    lr: float = 1.5e-4,
    seed: int = 0,
    n_measured: int = 400,
    progress: bool = True,
) -> Checkpoint:
    """Train `aligned`: REINFORCE from `chat`, rewarded by `reward`, on a leash tied to `chat`."""
    policy = copy.deepcopy(chat.model)
    history = rl.reinforce(
        policy, chat.tokenizer, questions(chat.world), reward.model, chat.model,
        iterations, batch_size, beta, lr, seed=seed, progress=progress,
    )  # fmt: skip
    card = {
        "method": "REINFORCE",
        "iterations": iterations,
        "batch_size": batch_size,
        "replies": iterations * batch_size,
        "beta": beta,
        "lr": lr,
        "seed": seed,
        "seconds": history.seconds,
    }
    return _measured(policy, card, chat, reward, n_measured)


def make_aligned_dpo(
    chat: Checkpoint,
    reward: Checkpoint,
    n_pairs: int = 1500,
    n_test: int = 300,
    steps: int = 100,
    batch_size: int = 32,
    beta: float = 0.2,
    lr: float = 2e-4,
    seed: int = 0,
    n_measured: int = 400,
    progress: bool = True,
) -> Checkpoint:
    """Train `aligned-dpo` from `chat` on the choices that `reward` was trained on; `reward` only measures."""
    policy, (pairs, _) = copy.deepcopy(chat.model), choices(chat, n_pairs, n_test, seed)
    history = train_dpo(
        policy, chat.tokenizer, pairs, chat.model, steps, batch_size, beta, lr, seed=seed,
        progress=progress,
    )  # fmt: skip
    card = {
        "method": "DPO",
        "pairs": n_pairs,
        "steps": steps,
        "batch_size": batch_size,
        "beta": beta,
        "lr": lr,
        "seed": seed,
        "seconds": history.seconds,
    }
    return _measured(policy, card, chat, reward, n_measured)


def _measured(policy, card, chat: Checkpoint, reward: Checkpoint, n: int) -> Checkpoint:
    """The checkpoint with what it gained and lost against `chat`, on the weights as they are shipped."""
    round_to_bf16(policy)
    policy.eval()
    world, tokenizer = chat.world, chat.tokenizer
    asked, documents = questions(world, "held_out", n), list(world.documents(n=n, split="held_out"))
    card |= {"parameters": policy.num_params(), "questions_asked": len(asked)}
    for name, model in (("before", chat.model), ("after", policy)):
        found = rollout.measure(model, tokenizer, world, asked, reward.model, chat.model, seed=1)
        bits = document_nats(model, tokenizer, documents).mean().item() / math.log(2)
        card[name] = _rounded(found | {"bits_per_document": bits})
    return Checkpoint(policy, tokenizer, _rounded(card | this_machine()), chat.world_args)


def _rounded(numbers: dict) -> dict:
    return {k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in numbers.items()}
