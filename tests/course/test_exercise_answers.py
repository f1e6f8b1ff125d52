"""Answers as learners write them: right ones by another way than ours, and plausible wrong ones."""

import difflib
import math
import statistics
from collections import Counter, deque
from functools import reduce

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from glassbox.course import exercises
from glassbox.machine.tokens import count_pairs


def share_by_loop(text, first, second):
    seen = found = 0
    for i in range(len(text) - 1):
        if text[i] == first:
            seen += 1
            if text[i + 1] == second:
                found += 1
    return found / seen


def best_by_loop(words):
    best = None
    for pair, n in count_pairs(words).items():
        if best is None or n > best[1] or (n == best[1] and pair < best[0]):
            best = pair, n
    return list(best[0])


def follow_by_queue(orders, joins):
    lying = deque([orders[0][1]] * orders[0][0])
    for join, (number, good) in zip(joins, orders[1:]):
        (lying.extend if join == "and" else lying.extendleft)([good] * number)
    return list(lying)


def prompt_by_adding(bpe, question):
    ids = [bpe.special_tokens["<|user|>"], *bpe.encode(question, "none")]
    return ids + bpe.encode("<|end|><|assistant|>")


def top_k_by_scatter(scores, k):
    values, places = scores.topk(k)
    return torch.full_like(scores, -math.inf).scatter(0, places, values)


def nucleus_by_cumsum(probs, p):
    ordered, order = probs.sort(descending=True)
    return order[ordered.cumsum(0) - ordered < p]


def attend_with_a_large_number(q, k, v):
    T, D = q.shape
    scores = q @ k.transpose(0, 1) * D**-0.5 + (1 - torch.ones(T, T).tril()) * -1e9
    return F.softmax(scores, dim=1) @ v


def hide_by_where(idx, where, mask_id):
    return [torch.where(where, mask_id, idx), torch.where(where, idx, torch.tensor(-1))]


def each_by_list(row, gap, candidates):
    rows = []
    for candidate in candidates:
        rows.append(row.clone())
        rows[-1][gap] = candidate
    return torch.stack(rows)


def removed_by_counter(groups, kept):
    gone = Counter(g for g, k in zip(groups, kept) if not k)
    return {g: np.float64(gone[g] / n) for g, n in Counter(groups).items()}


def shapley_by_weights(worth):
    everybody = max(worth, key=len)
    n, values = len(everybody), {}
    for p in everybody:
        values[p] = sum(
            math.factorial(len(g)) * math.factorial(n - len(g) - 1) / math.factorial(n)
            * (worth["".join(sorted(g + p))] - worth[g])
            for g in worth
            if p not in g
        )  # fmt: skip
    return values


def added_by_slices(order, worth):
    groups = ["".join(sorted(order[:i])) for i in range(len(order) + 1)]
    return {p: worth[groups[i + 1]] - worth[groups[i]] for i, p in enumerate(order)}


def same_order_by_loop(a, b):
    names, same, n = sorted(a), 0, 0
    for i, p in enumerate(names):
        for q in names[:i]:
            n += 1
            same += (a[p] > a[q] and b[p] > b[q]) or (a[p] < a[q] and b[p] < b[q])
    return same / n


def pay_in_numpy(values, pot):
    clipped = np.clip(list(values.values()), 0, None)
    return dict(zip(values, pot * clipped / clipped.sum()))


def mask_by_loop(turns):
    mask = []
    for role, n in turns:
        mask.append(0)
        mask.extend([1 if role == "assistant" else 0] * n)
        mask.append(int(role == "assistant"))
    return torch.tensor(mask)


def belief_by_logs(votes, reliability):
    odds = sum(math.log(p / (1 - p)) * (1 if v == "a" else -1) for v, p in zip(votes, reliability))
    return 1 / (1 + math.exp(-odds))


def alpha_by_kinds(items):
    items = [choices for choices in items if len(choices) >= 2]
    counts = [Counter(choices) for choices in items]
    total = sum(counts, Counter())
    n = total.total()
    agree = sum(c * (c - 1) / (k.total() - 1) for k in counts for c in k.values()) / n
    chance = sum(c * (c - 1) for c in total.values()) / (n * (n - 1))
    return (agree - chance) / (1 - chance)


def size_by_search(C, A, B, alpha, beta):
    N = np.geomspace(1e6, 1e13, 1000)
    return N[np.argmin(A / N**alpha + B / (C / (6 * N)) ** beta)]


def run_by_difflib(a, b):
    return difflib.SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size


def stopped_by_loop(written, protected, n):
    for i in range(len(written) - n + 1):
        for j in range(len(protected) - n + 1):
            if written[i : i + n] == protected[j : j + n]:
                return True
    return False


def centered(rewards):
    return torch.tensor(rewards) - torch.tensor(rewards).mean()


RIGHT = {
    "next_word.surprisal": [lambda p: math.log2(1 / p), lambda p: -np.log(p) / np.log(2)],
    "next_word.bits_per_byte": [lambda ps: -np.log2(ps).mean(), lambda ps: -torch.tensor(ps).log2().mean()],
    "next_word.share_after": [share_by_loop],
    "next_word.perplexity": [lambda b, n: (2**b) ** n, lambda b, n: math.exp(b * n * math.log(2))],
    "tokens.best_pair": [best_by_loop],
    "tokens.chat_prompt": [prompt_by_adding],
    "softmax_sampling.softmax": [lambda z, t: F.softmax(z / t, dim=0), lambda z, t: (z / t).softmax(-1).tolist()],
    "softmax_sampling.top_k": [top_k_by_scatter],
    "softmax_sampling.nucleus": [nucleus_by_cumsum, lambda q, p: nucleus_by_cumsum(q, p).tolist()],
    "softmax_sampling.loops": [lambda ids: any(ids[-3 * n :] == ids[-n:] * 3 and 3 * n <= len(ids) for n in range(1, len(ids) + 1))],
    "attention.attend": [
        attend_with_a_large_number,
        lambda q, k, v: F.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True)[0],
    ],
    "attention.previous_token": [lambda P: sum(P[t, t - 1] for t in range(1, len(P))) / (len(P) - 1)],
    "attention.induction": [lambda P, n: np.mean([float(P[t, t - n + 1]) for t in range(n, len(P))])],
    "attention.parameters": [lambda L, C, V, T: V * C + T * C + L * (12 * C**2 + 13 * C) + 2 * C],
    "encoder_or_decoder.hide": [hide_by_where],
    "encoder_or_decoder.try_each": [each_by_list],
    "encoder_or_decoder.nearest": [
        lambda q, s: [int(torch.cosine_similarity(x[None], s).argmax()) for x in q],
        lambda q, s: F.cosine_similarity(q[:, None], s[None], dim=2).max(dim=1).indices,
    ],
    "pretraining.targets": [lambda ids: ([*ids][:-1], [*ids][1:]), lambda ids: [list(x) for x in zip(*zip(ids, ids[1:]))]],
    "pretraining.slope": [lambda loss, w, h=1e-4: loss(w + h) / (2 * h) - loss(w - h) / (2 * h)],
    "pretraining.descend": [lambda g, w, rate, n: reduce(lambda x, _: x - rate * g(x), range(n), w)],
    "pretraining.training_flops": [lambda n, d: 2 * n * d + 4 * n * d],
    "data_cleaning.jaccard": [lambda a, b: len(a.intersection(b)) / (len(a) + len(b) - len(a & b))],
    "data_cleaning.estimate": [lambda a, b: np.mean(np.array(a) == np.array(b))],
    "data_cleaning.removed": [removed_by_counter],
    "chinese_room.follow": [follow_by_queue],
    "chinese_room.entries": [lambda n, c, j: c * math.prod([c * j] * (n - 1))],
    "chinese_room.turns_until": [lambda bits, most: math.floor(most / bits) + 1],
    "world_model.line": [lambda xs, ys: tuple(np.polyfit(xs, ys, 1))],
    "world_model.explained": [lambda t, g: 1 - np.square(np.subtract(t, g)).mean() / np.var(t)],
    "world_model.nearest": [lambda place, streets: sorted(streets, key=lambda n: math.dist(streets[n], place))[0]],
    "data_value.added": [added_by_slices],
    "data_value.shapley": [shapley_by_weights],
    "data_value.same_order": [same_order_by_loop],
    "data_value.pay": [pay_in_numpy],
    "finetuning.loss_mask": [mask_by_loop],
    "finetuning.lora_params": [lambda o, i, r: r * i + o * r],
    "finetuning.lora_weight": [lambda W, A, B, alpha: W + B @ A * alpha / B.shape[1]],
    "reward_model.preference": [
        lambda a, b: math.exp(a) / (math.exp(a) + math.exp(b)),
        lambda a, b: torch.sigmoid(torch.tensor(a - b)),
    ],
    "reward_model.pair_loss": [lambda c, r: -F.logsigmoid(torch.tensor(c) - torch.tensor(r)).mean()],
    "reward_model.majority": [lambda p: 3 * p**2 - 2 * p**3],
    "reward_model.longer_wins": [
        lambda c, r: sum(len(x) > len(y) for x, y in zip(c, r)) / sum(len(x) != len(y) for x, y in zip(c, r))
    ],
    "rlhf.push": [lambda p, d, r: r * (np.eye(len(p))[d] - np.array(p))],
    "rlhf.advantages": [
        lambda rs: centered(rs) / (torch.tensor(rs).std() + 1e-6),
        lambda rs: centered(rs) / (torch.tensor(rs).std(unbiased=False) + 1e-8),
        lambda rs: [(r - statistics.fmean(rs)) / (statistics.pstdev(rs) or 1) for r in rs],
    ],
    "rlhf.leashed": [lambda r, now, ref, b: r - b * sum(x - y for x, y in zip(now, ref))],
    "rlhf.clipped": [lambda r, a, c=0.2: min(r * a, float(np.clip(r, 1 - c, 1 + c)) * a)],
    "dpo.dpo_loss": [lambda c, r, rc, rr, b: -F.logsigmoid(torch.tensor(b * ((c - r) - (rc - rr))))],
    "dpo.best_of_n_kl": [lambda n: math.log(n) - 1 + 1 / n],
    "parallelism.cards": [lambda n, each, gb: -int(-n * each // (gb * 10**9))],
    "parallelism.whole_loss": [lambda losses, rows: np.average(losses, weights=rows)],
    "parallelism.ring_bytes": [lambda p, n: 2 * n - 2 * n / p],
    "parallelism.idle": [lambda p, m: 1 - m / (m + p - 1)],
    "scaling_laws.slope": [lambda x1, y1, x2, y2: np.log(y1 / y2) / np.log(x1 / x2)],
    "scaling_laws.law": [lambda N, D, E, A, B, a, b: E + A * N**-a + B * D**-b],
    "scaling_laws.huber": [lambda r, d: F.huber_loss(torch.tensor(r), torch.tensor(0.0), delta=d)],
    "scaling_laws.best_size": [size_by_search],
    "adoption.new_users": [lambda n, m, p, q: p * (m - n) + q * n * (1 - n / m)],
    "adoption.doublings": [
        lambda factor, fall: math.log(1 / factor, 1 - fall),
        lambda factor, fall: np.log2(factor) / -np.log2(1 - fall),
    ],
    "adoption.jobs_after": [lambda s, e: (1 - s) ** (1 - e), lambda s, e: math.exp((1 - e) * math.log1p(-s))],
    "adoption.hours_left": [lambda more, h: h * (1 + more) ** -1],
    "the_bill.attention_flops": [lambda T, C: T * T * (2 * C - 1 + 1) + 2 * C * T**2],
    "the_bill.gpu_hours": [lambda f, p, u: f / p / u / 60 / 60, lambda f, p, u: np.float64(f) / (p * u * 3600)],
    "the_bill.energy_kwh": [lambda w, h, p: w / 1000 * h * p],
    "the_bill.yearly_fall": [lambda a, b, n: 1 - math.exp(math.log(b / a) / n), lambda a, b, n: -np.expm1(np.log(b / a) / n)],
    "emergence.exact": [lambda a, r: np.mean(np.array(a) == np.array(r))],
    "emergence.digits": [lambda a, r: np.mean([x == y for x, y in zip("".join(a), "".join(r))])],
    "emergence.all_right": [lambda p, k: math.prod([p] * k)],
    "emergence.needed": [lambda s, k: math.exp(math.log(s) / k)],
    "evaluation.best_option": [
        lambda logps, lengths: np.argmax(np.array(logps) / np.array(lengths)),
        lambda logps, lengths: max(range(len(logps)), key=lambda i: logps[i] / lengths[i]),
    ],
    "evaluation.above_chance": [lambda a, n: (n * a - 1) / (n - 1)],
    "evaluation.pass_at_k": [lambda n, c, k: 1 - math.prod((n - c - i) / (n - i) for i in range(k))],
    "evaluation.elo_update": [lambda w, l, k: w + k / (1 + 10 ** ((w - l) / 400))],
    "the_label_office.hourly_pay": [lambda cents, seconds: 36 * cents / seconds],
    "the_label_office.alpha": [alpha_by_kinds],
    "the_label_office.belief": [belief_by_logs],
    "the_label_office.pairs_for": [lambda d, b, s, n: d * 3600 // (b * s * n), lambda d, b, s, n: math.floor(d / b * 3600 / s / n)],
    "memorization.longest_run": [run_by_difflib],
    "memorization.in_tries": [lambda p, n: sum(p * (1 - p) ** i for i in range(n))],
    "memorization.exposure": [lambda x, u: np.log2(len(u) + 1) - np.log2(np.searchsorted(np.sort(u), x) + 1)],
    "memorization.stopped": [stopped_by_loop],
    "model_collapse.lost": [lambda p, n: math.prod([1 - p] * n)],
    "model_collapse.half_gone": [
        lambda v: next((i for i, x in enumerate(v) if 2 * x <= v[0]), None),
        lambda v: min((i for i, x in enumerate(v) if x <= 0.5 * v[0]), default=None),
    ],
    "model_collapse.distinct": [lambda w, n: len(set(zip(*(w[i:] for i in range(n))))) / (len(w) + 1 - n)],
    "collage.noised": [lambda p, n, a: a**0.5 * p + (1 - a) ** 0.5 * n],
    "collage.is_copy": [lambda x, t: bool((d := np.sort(np.linalg.norm(np.array(t) - x, axis=1)))[0] * 3 < d[1])],
    "collage.best_guess": [
        lambda x, t, s: np.average(t, weights=np.exp(-((np.array(t) - x) ** 2) / 2 / s**2)),
        lambda x, t, s: torch.softmax(-((torch.tensor(t) - x) ** 2) / (2 * s * s), 0) @ torch.tensor(t),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_right_by_another_way_is_right(name):
    for answer in RIGHT[name]:
        verdict = exercises.judge(exercises.find(name), answer)
        assert verdict, verdict.message


def a_loop_somewhere(ids):
    for i in range(len(ids)):
        for n in range(1, len(ids)):
            part = ids[i : i + n]
            if part and part == ids[i + n : i + 2 * n] == ids[i + 2 * n : i + 3 * n]:
                return True
    return False


def run_from_first_places(a, b):
    best = 0
    for word in set(a) & set(b):
        i, j, n = a.index(word), b.index(word), 0
        while i + n < len(a) and j + n < len(b) and a[i + n] == b[j + n]:
            n += 1
        best = max(best, n)
    return best


def attend_with_zeros(q, k, v):
    scores = q @ k.T / math.sqrt(q.shape[1])
    future = torch.ones_like(scores).triu(1).bool()
    return scores.masked_fill(future, 0).softmax(-1) @ v


def returns_in_the_loop(gradient, w, rate, steps):
    for _ in range(steps):
        w = w - rate * gradient(w)
        return w
    return w


def rows_that_are_one(row, gap, candidates):
    rows = [row] * len(candidates)
    for one, candidate in zip(rows, candidates):
        one[gap] = candidate
    return torch.stack(rows)


WRONG = [
    ("softmax_sampling.loops", a_loop_somewhere, "does not end in it"),
    ("softmax_sampling.loops", lambda ids: ids[-1:] * 3 == ids[-3:], "A stretch of several"),
    ("softmax_sampling.softmax", lambda z, t: z.exp() / z.exp().sum() / t, "Divide the scores"),
    ("rlhf.leashed", lambda r, n, f, b: r - b * abs(sum(n) - sum(f)), "less likely gets beta back"),
    ("rlhf.leashed", lambda r, n, f, b: r - b * sum(n) / len(n) + b * sum(f) / len(f), "add them up"),
    ("next_word.share_after", lambda t, a, b: t.count(a + b) / t[:-1].count(a), "overlaps"),
    ("memorization.longest_run", run_from_first_places, "only at the first of its places"),
    ("attention.attend", attend_with_zeros, "a score of 0 is no mask"),
    ("attention.attend", lambda q, k, v: ((q @ k.T).tril() / q.shape[1] ** 0.5).softmax(-1) @ v, "no mask"),
    ("pretraining.descend", returns_in_the_loop, "return after the loop"),
    ("pretraining.slope", lambda f, w, h=1e-4: (f(w + h) - f(w)) / h, "one side only"),
    ("encoder_or_decoder.try_each", rows_that_are_one, "one and the same tensor"),
    ("chinese_room.turns_until", lambda bits, most: math.ceil(most / bits), None),
    ("chinese_room.entries", lambda n, c, j: n * c * j, None),
    ("world_model.explained", lambda t, g: float(np.corrcoef(t, g)[0, 1]) ** 2, None),
    ("world_model.nearest", lambda place, streets: min(streets), None),
    ("data_value.shapley", lambda worth: {p: worth[p] - worth[""] for p in max(worth, key=len)}, "each is worth alone"),
    ("data_value.pay", lambda v, pot: {p: pot * x / sum(v.values()) for p, x in v.items()}, "somebody has to pay"),
    ("data_cleaning.estimate", lambda a, b: len(set(a) & set(b)) / len(a), "place by place"),
    ("emergence.needed", lambda share, k: share**1 / k, "mind its brackets"),
    ("the_bill.yearly_fall", lambda a, b, n: (a - b) / a / n, "take a root"),
    ("the_bill.gpu_hours", lambda f, p, u: f * u / p / 3600, "done sooner"),
    ("evaluation.pass_at_k", lambda n, c, k: 1 - ((n - c) / n) ** k, "puts each program back"),
    ("evaluation.best_option", lambda p, n: int(np.argmin(np.array(p) / n)), "unlikeliest option"),
    ("evaluation.elo_update", lambda w, l, k: w + k * (1 / (1 + 10 ** ((l - w) / 400))), "Pay for the surprise"),
    ("parallelism.cards", lambda n, each, gb: n * each // (gb * 10**9), "Round up"),
    ("parallelism.whole_loss", lambda losses, rows: np.mean(losses), "equal shares alone"),
    ("scaling_laws.huber", lambda r, d: r * r / 2 if abs(r) < d else abs(r) * d, "do not meet"),
    ("the_label_office.pairs_for", lambda d, b, s, n: round(3600 * d / b / s / n), "whole pairs"),
    ("collage.is_copy", lambda x, t: min(math.dist(x, y) for y in t) < 1 / 3, "second nearest"),
    ("model_collapse.lost", lambda p, n: max(0, 1 - p * n), None),
    ("model_collapse.distinct", lambda w, n: len({" ".join(w[i : i + n]) for i in range(len(w))}) / len(w), "too short"),
    ("memorization.stopped", lambda w, p, n: " ".join(p[:n]) in " ".join(w), None),
    ("reward_model.longer_wins", lambda c, r: sum(map(len, c)) > sum(map(len, r)), None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_wrong_answers_written_by_hand_are_caught(name, answer, words):
    verdict = exercises.judge(exercises.find(name), answer)
    assert verdict.status == "wrong"
    assert words is None or words in verdict.message, verdict.message


def test_a_mistake_that_explains_most_cases_is_called_probable():
    """Divided too late, and overflowing besides: no one mistake is the whole story."""
    softmax = exercises.find("softmax_sampling.softmax")
    verdict = exercises.judge(softmax, lambda z, t: z.exp() / z.exp().sum() / t)
    assert verdict.message.startswith("Not quite, probably because at temperature 0.5")
