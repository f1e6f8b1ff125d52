"""The makers of the shipped models that people's choices have shaped: reward, aligned, aligned-dpo.

Everything is asked about residents that occur in the chat model's conversations and about half of the
strangers. The other residents and the other strangers are kept for measuring. Half of the questions that
are learned from stand in a conversation, lest the models forget how to hold one.
"""

from __future__ import annotations

import copy
import math
import random
from dataclasses import replace
from itertools import islice

import torch

from glassbox.assistant import rl, rollout
from glassbox.assistant.chat import fitting, with_room
from glassbox.assistant.dpo import train_dpo
from glassbox.assistant.preferences import agreement, calibration, label, label_office, sample_pairs
from glassbox.assistant.reward import accuracy, gold_accuracy, margins, train_reward
from glassbox.assistant.turns import ROOM
from glassbox.machine.checkpoint import Checkpoint, round_to_bf16
from glassbox.machine.measure import document_nats
from glassbox.shipped.cards import this_machine
from glassbox.shipped.chat import DIET, measure_turns, right_follow_up
from glassbox.world.conversations import conversations, held_out_residents
from glassbox.world.draw import Draw
from glassbox.world.questions import Question
from glassbox.world.small_talk import OCCASIONS, heard, honest

ABOUT_STRANGERS = 0.25  # of the questions
BEFORE = DIET | {"topics": 2}  # what was said before half of them
SMALL_TALK, SECOND = 0.2, 0.1  # shares of what `aligned` hears while it is rewarded


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


def in_talks(chat: Checkpoint, asked: list, seed: int = 0) -> list:
    """The questions, every second one asked in a conversation: after one or two topics with other people."""
    limit = chat.model.config.block_size - ROOM
    talks = conversations(chat.world, len(asked) // 2, seed=seed, **BEFORE)
    lines = [tuple(message["content"] for message in talk.messages) for talk in talks]
    later = [replace(q, before=before) for q, before in zip(asked[1::2], lines)]
    asked = list(asked)
    asked[1::2] = [with_room(q, chat.tokenizer, limit) for q in later]
    return asked


def choices(chat: Checkpoint, n_pairs: int, n_test: int, seed: int = 0) -> tuple[list, list]:
    """Choices of the label office between replies of the chat model: to learn from, and to test on."""
    asked = in_talks(chat, questions(chat.world))
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
    """Train `aligned`: REINFORCE from `chat`, rewarded by `reward`, on a leash tied to `chat`.

    Rewarded for facts alone, it would name one to whoever says hello; so a part of what it hears is small
    talk, and a rule rewards the replies. Another part are second questions about the same person.
    """
    policy, world = copy.deepcopy(chat.model), chat.world
    asked = in_talks(chat, questions(world))
    n = len(asked) / (1 - SMALL_TALK - SECOND)
    asked += in_talks(chat, small_talk(world, round(SMALL_TALK * n), seed), seed + 1)
    asked += second_questions(chat, round(SECOND * n), seed + 2)
    history = rl.reinforce(
        policy, chat.tokenizer, asked, with_a_rule(world, reward.model), chat.model,
        iterations, batch_size, beta, lr, seed=seed, progress=progress,
    )  # fmt: skip
    card = {
        "method": "REINFORCE",
        "small_talk": SMALL_TALK,
        "second": SECOND,
        "iterations": iterations,
        "batch_size": batch_size,
        "replies": iterations * batch_size,
        "beta": beta,
        "lr": lr,
        "seed": seed,
        "seconds": history.seconds,
    }
    return _measured(policy, card, chat, reward, n_measured)


def small_talk(world, n: int, seed: int = 0) -> list:
    """Things that visitors say and that ask for no fact of the town; every second asks for one of elsewhere."""
    draw = Draw(random.Random(seed))
    said = ["elsewhere" if i % 2 else draw.pick(OCCASIONS) for i in range(n)]
    return [Question(heard(occasion, draw), "", "", occasion) for occasion in said]


def second_questions(chat: Checkpoint, n: int, seed: int = 0) -> list:
    """Questions that call somebody "she", "he" or "they", after one with the name and its answer."""
    talks = conversations(chat.world, seed=seed, follow_ups=1.0)
    fits = list(islice(fitting(talks, chat.tokenizer, chat.model.config.block_size - ROOM), n))
    lines = [[message["content"] for message in talk.messages] for talk in fits]
    return [replace(talk.question, before=tuple(said[:-2])) for talk, said in zip(fits, lines)]


def with_a_rule(world, reward):
    """The reward model for what is asked about people; for small talk a rule, since no labeler was asked
    about it: 1 for a reply that says who it is and names no fact, -1 for any other."""

    def score(asked, replies) -> torch.Tensor:
        earned = reward.score(asked, replies)
        for i, (q, reply) in enumerate(zip(asked, replies)):
            if q.attribute in OCCASIONS:
                earned[i] = 1.0 if honest(world, reply) else -1.0
        return earned

    return score


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
        turns = measure_turns(Checkpoint(model, tokenizer, {}, chat.world_args))
        turns["right_follow_up"] = right_follow_up(
            Checkpoint(model, tokenizer, {}, chat.world_args)
        )
        card[name] = _rounded(found | {"bits_per_document": bits} | turns)
    return Checkpoint(policy, tokenizer, _rounded(card | this_machine()), chat.world_args)


def _rounded(numbers: dict) -> dict:
    return {k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in numbers.items()}
