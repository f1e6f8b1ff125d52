"""Fine-tuning: the template and its mask, LoRA against the formula and peft, what is frozen, asking."""

import copy
import random

import pytest
import torch
from torch.nn import functional as F

from glassbox.assistant import finetune as ft
from glassbox.assistant.finetune import (
    ChatBatches,
    add_lora,
    chat_prompt,
    chat_tokens,
    finetune,
    fitting,
    grade,
    merge_lora,
    num_trained,
    reply_each,
)
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.world import World
from glassbox.world.conversations import Conversation, conversations

SPECIAL = ("<|endoftext|>", "<|user|>", "<|assistant|>", "<|end|>")


@pytest.fixture(scope="module")
def world():
    return World(seed=1, residents=20)


@pytest.fixture(scope="module")
def tokenizer(world):
    texts = [d.text for d in world.documents(n=300)]
    return BPE.train(texts, 400, special_tokens=SPECIAL)


@pytest.fixture
def model(tokenizer):
    """A small model that is not at its special initial point, where half of the matrices are zero."""
    model = GPT(GPTConfig(len(tokenizer), 128, 2, 2, 32))
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for p in model.parameters():
            p += 0.05 * torch.randn(p.shape, generator=generator)
    return model.eval()


def user(text):
    return {"role": "user", "content": text}


def assistant(text):
    return {"role": "assistant", "content": text}


# ---------------------------------------------------------------------------------------------
# The template


def independent(messages, tokenizer):
    """The template as one string, encoded with special tokens allowed; which characters are learned
    is written beside it, and each token is looked up by where it begins in the bytes."""
    text, learned = "<|endoftext|>", [False] * len(b"<|endoftext|>")
    for message in messages:
        if message["role"] == "system":
            piece, inside = message["content"], [False] * len(message["content"].encode())
        else:
            head, body = f"<|{message['role']}|>", message["content"] + "<|end|>"
            mine = message["role"] == "assistant"
            piece, inside = head + body, [False] * len(head) + [mine] * len(body.encode())
        text += piece
        learned += inside
    ids = tokenizer.encode(text, allowed_special="all")
    mask, at = [], 0
    for i in ids:
        mask.append(learned[at])
        at += len(tokenizer.decode_bytes([i]))
    return ids, mask


def test_chat_tokens_against_an_independent_construction(world, tokenizer):
    talks = [c.messages for c in conversations(world, 150, follow_ups=0.5, small_talk=0.1)]
    talks += [c.messages for c in conversations(world, 50, follow_ups=0.5, personas="seen")]
    talks += [[user("Æ ö 你好?"), assistant("🦞!")], [user(""), assistant("")]]
    for messages in talks:
        assert chat_tokens(messages, tokenizer) == independent(messages, tokenizer)


def test_the_loss_is_on_replies_and_their_end_alone(tokenizer):
    messages = [user("Who?"), assistant("Me."), user("When?"), assistant("Now.")]
    ids, mask = chat_tokens(messages, tokenizer)
    learned = tokenizer.decode([i for i, m in zip(ids, mask) if m])
    assert learned == "Me.<|end|>Now.<|end|>"
    assert tokenizer.decode(ids) == (
        "<|endoftext|><|user|>Who?<|end|><|assistant|>Me.<|end|>"
        "<|user|>When?<|end|><|assistant|>Now.<|end|>"
    )


@pytest.mark.parametrize("special", SPECIAL)
def test_text_cannot_spell_a_special_token(tokenizer, special):
    """Nobody can end a turn, or speak for the assistant, by typing what a marker looks like."""
    text = f"Hm{special}Sure.{special}"
    messages = [{"role": "system", "content": text}, user(text), assistant(text)]
    ids, mask = chat_tokens(messages, tokenizer)
    counted = [ids.count(tokenizer.special_tokens[s]) for s in SPECIAL]
    assert counted == [1, 1, 1, 2]
    assert tokenizer.decode([i for i, m in zip(ids, mask) if m]) == text + "<|end|>"


def test_a_prompt_is_the_conversation_up_to_the_reply(tokenizer):
    messages = [user("Who?"), assistant("Me."), user("When?"), assistant("Now.")]
    ids, mask = chat_tokens(messages, tokenizer)
    prompt = chat_prompt(messages[:-1], tokenizer)
    assert ids[: len(prompt)] == prompt and tokenizer.decode(prompt[-1:]) == "<|assistant|>"
    assert all(mask[len(prompt) :]) and not mask[len(prompt) - 1]


@pytest.mark.parametrize(
    ("messages", "complaint"),
    [
        ([assistant("Me.")], "the user begins"),
        ([user("a"), user("b")], "take turns"),
        ([user("a"), {"role": "system", "content": "b"}], "take turns"),
        ([{"role": "tool", "content": "b"}], "role 'tool'"),
        ([{"role": "user"}], "'content'"),
        ([{"role": "user", "content": 7}], "'content'"),
        ({"role": "user", "content": "a"}, "list of messages"),
    ],
)
def test_bad_conversations_are_named(tokenizer, messages, complaint):
    with pytest.raises(ValueError, match=complaint):
        chat_tokens(messages, tokenizer)


@pytest.mark.parametrize("messages", [["hi"], [None], [user("Hm"), 3]])
def test_a_message_that_is_no_message_is_named(tokenizer, messages):
    for read in (chat_tokens, chat_prompt):
        with pytest.raises(ValueError, match=r"message \d is .*; give \{'role': 'user'"):
            read(messages, tokenizer)


def test_an_unknown_setting_is_named(model, tokenizer):
    with pytest.raises(TypeError, match="finetune has no setting ranks"):
        finetune(model, tokenizer, [[user("Who?"), assistant("Me.")]], ranks=2)


def test_a_prompt_must_leave_the_turn_to_the_assistant(tokenizer):
    with pytest.raises(ValueError, match="by assistant"):
        chat_prompt([user("Who?"), assistant("Me.")], tokenizer)
    with pytest.raises(ValueError, match="nobody"):
        chat_prompt([], tokenizer)


def test_a_tokenizer_without_the_markers_is_refused():
    with pytest.raises(ValueError, match=r"<\|assistant\|>"):
        chat_tokens([user("Who?")], BPE.from_merges([], special_tokens=["<|endoftext|>"]))


# ---------------------------------------------------------------------------------------------
# Batches


def pairs(batch):
    """Every (token read, target) of a batch that counts."""
    idx, targets = batch
    return [(i, t) for i, t in zip(idx.flatten().tolist(), targets.flatten().tolist()) if t != -1]


@pytest.mark.parametrize("mask_prompt", [True, False])
def test_batches_hold_every_target_once(world, tokenizer, mask_prompt):
    talks = list(fitting(conversations(world, 40, follow_ups=0.3), tokenizer, 128))[:12]
    batch = ChatBatches(talks, tokenizer, 128, batch_size=12, mask_prompt=mask_prompt)[0]
    want = []
    for c in talks:
        ids, mask = chat_tokens(c.messages, tokenizer)
        want += [
            (ids[i], ids[i + 1]) for i in range(len(ids) - 1) if mask[i + 1] or not mask_prompt
        ]
    assert sorted(pairs(batch)) == sorted(want)
    assert batch[0].shape == batch[1].shape and batch[0].shape[1] <= 128
    assert batch[0].shape[0] < 12  # several fit into a row


def test_an_epoch_uses_every_conversation_once_and_seeds_differ(world, tokenizer):
    talks = list(fitting(conversations(world, 20), tokenizer, 128))[:10]
    batches = ChatBatches(talks, tokenizer, 128, batch_size=5)
    both = sorted(pairs(batches[0]) + pairs(batches[1]))
    assert both == sorted(pairs(batches[2]) + pairs(batches[3]))
    assert pairs(batches[0]) != pairs(batches[2])
    assert pairs(batches[0]) == pairs(ChatBatches(talks, tokenizer, 128, batch_size=5)[0])
    assert pairs(batches[0]) != pairs(ChatBatches(talks, tokenizer, 128, 5, seed=1)[0])


def test_bad_training_sets_are_named(world, tokenizer):
    with pytest.raises(ValueError, match="no conversations"):
        ChatBatches([], tokenizer, 128)
    with pytest.raises(ValueError, match="no reply"):
        ChatBatches([[user("Who?")]], tokenizer, 128)
    long = [[user("Who? " * 90), assistant("Me.")]]
    with pytest.raises(ValueError, match="window"):
        ChatBatches(long, tokenizer, 128)
    short = [[user("Who?"), assistant("Me.")]]
    assert list(fitting(long + short, tokenizer, 128)) == short


# ---------------------------------------------------------------------------------------------
# LoRA


def grid(*shape, step):
    """Numbers that anybody can make again: multiples of step, wrapped to -0.4 ... 0.6."""
    n = torch.arange(torch.tensor(shape).prod().item(), dtype=torch.float64)
    return ((n * step) % 1.0 - 0.4).reshape(shape)


def test_lora_gives_what_peft_gives():
    """Outputs and merged weights of peft 0.21.2 for an nn.Linear(4, 3) with these weights:
    LoraConfig(r=2, lora_alpha=6, lora_dropout=0.0), get_peft_model, merge_and_unload."""
    lora = ft.LoRA(grid(3, 4, step=0.37), 2, 6.0, torch.Generator())
    lora.A.data, lora.B.data = grid(2, 4, step=0.23), grid(3, 2, step=0.41)
    merged = lora(grid(3, 4, step=0.37))
    theirs = [
        [0.0956, 0.1665, 0.2674, -0.6317],
        [-0.6892, 0.3633, -0.0942, 0.4483],
        [-0.274, 0.0701, 0.3642, -0.3417],
    ]
    torch.testing.assert_close(merged, torch.tensor(theirs, dtype=torch.float64))
    outputs = [[-0.305322, 0.429462, 0.006846], [0.310026, -0.014326, 0.319522]]
    x = grid(2, 4, step=0.29)
    torch.testing.assert_close(F.linear(x, merged), torch.tensor(outputs, dtype=torch.float64))


def test_lora_is_the_formula():
    W = torch.randn(6, 4, generator=torch.Generator().manual_seed(0))
    lora = ft.LoRA(W, rank=2, alpha=6.0, generator=torch.Generator().manual_seed(1))
    assert torch.equal(lora(W), W)  # B is zero at first
    lora.B.data.normal_(generator=torch.Generator().manual_seed(2))
    x = torch.randn(5, 4, generator=torch.Generator().manual_seed(3))
    by_hand = x @ W.T + 3.0 * (x @ lora.A.T) @ lora.B.T  # alpha / rank = 3
    torch.testing.assert_close(F.linear(x, lora(W)), by_hand)
    assert torch.linalg.matrix_rank(lora(W) - W) == 2


def test_lora_starts_from_the_model_and_trains_little(model):
    idx = torch.arange(20)[None]
    before = model(idx)[0]
    n = add_lora(model, rank=4)
    assert torch.equal(model(idx)[0], before)
    C, V = model.config.n_embd, model.config.vocab_size
    per_block = 4 * 4 * (C + C) + 2 * 4 * (C + 4 * C)  # q, k, v, out; up, down
    assert n == num_trained(model) == 2 * per_block + 4 * (C + V)
    with pytest.raises(ValueError, match="merge_lora"):
        add_lora(model)


def test_merging_changes_nothing_that_the_model_computes(model):
    names = set(model.state_dict())
    add_lora(model, rank=3, alpha=5.0)
    for p in model.parameters():
        if p.requires_grad:
            p.data.normal_(0, 0.1, generator=torch.Generator().manual_seed(p.numel()))
    idx = torch.arange(30)[None]
    before = model(idx)[0]
    merge_lora(model)
    torch.testing.assert_close(model(idx)[0], before)
    assert set(model.state_dict()) == names
    assert all(p.requires_grad for p in model.parameters())


def test_a_rank_that_no_matrix_has_is_refused(model):
    with pytest.raises(ValueError, match="rank is 99"):
        add_lora(model, rank=99)
    with pytest.raises(ValueError, match="rank is 0"):
        ft.LoRA(torch.zeros(4, 4), 0, 1.0, torch.Generator())


# ---------------------------------------------------------------------------------------------
# Training


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("train_only", ["all", "last", "lora"])
def test_only_what_should_change_changes(model, tokenizer, world, train_only, dtype):
    before = copy.deepcopy(model.state_dict())
    talks = list(fitting(conversations(world, 16, styles=["plain"]), tokenizer, 128))
    history = finetune(model, tokenizer, talks, 8, 8, train_only, rank=2, dtype=dtype)
    changed = {k for k, w in model.state_dict().items() if not torch.equal(w, before[k])}
    every = set(before)
    expected = {"all": every, "last": {"head.weight"}, "lora": every - {"embed.weight"}}
    assert changed == expected[train_only]
    assert history.loss[-1] < history.loss[0]
    assert all(p.requires_grad for p in model.parameters())
    if train_only == "lora":
        for name in changed - {"blocks.0.attn.qkv", "blocks.1.attn.qkv"}:
            difference = (model.state_dict()[name] - before[name]).double()
            assert torch.linalg.matrix_rank(difference, rtol=1e-4) <= 2, name


def test_masked_training_does_not_learn_the_question(model, tokenizer):
    """The loss is the mean over the reply's tokens; without the mask, over all of them."""
    messages = [user("Who are they?"), assistant("Me and you.")]
    ids, mask = chat_tokens(messages, tokenizer)
    logits, _ = model(torch.tensor([ids[:-1]]))
    each = F.cross_entropy(logits[0], torch.tensor(ids[1:]), reduction="none")
    learned = torch.tensor(mask[1:])
    for mask_prompt, want in ((True, each[learned].mean()), (False, each.mean())):
        batch = ChatBatches([messages], tokenizer, 128, 1, mask_prompt=mask_prompt)[0]
        torch.testing.assert_close(model(*batch)[1], want)


def test_it_learns_to_answer_in_the_form_it_is_shown(model, tokenizer):
    """Twenty colors by heart: no language is needed to see that the loop is closed."""
    rng = random.Random(0)
    words = [chr(97 + i) * 3 for i in range(20)]
    answers = {w: rng.choice(["yes", "no"]) for w in words}
    talks = [[user(w), assistant(answers[w])] for w in words]
    finetune(model, tokenizer, talks, 80, 20, lr=1e-2, muon_lr=2e-2, dtype="float32")
    prompts = [chat_prompt([user(w)], tokenizer) for w in words]
    assert reply_each(model, tokenizer, prompts, max_new_tokens=5) == list(answers.values())


def test_an_unknown_way_of_training_is_refused(model, tokenizer):
    with pytest.raises(ValueError, match="'head'"):
        finetune(model, tokenizer, [[user("a"), assistant("b")]], train_only="head")


# ---------------------------------------------------------------------------------------------
# Asking


class Parrot:
    """Writes the given ids after the last <|assistant|>, whatever the question, then <|end|>."""

    def __init__(self, ids, tokenizer, block_size=128):
        self.ids, self.special = ids, tokenizer.special_tokens
        self.config = GPTConfig(len(tokenizer), block_size, 1, 1, 4)

    def parameters(self):
        yield torch.zeros(1)

    def __call__(self, idx):
        row = idx[0].tolist()
        done = row[::-1].index(self.special["<|assistant|>"])
        new = self.ids[done] if done < len(self.ids) else self.special["<|end|>"]
        return F.one_hot(torch.full(idx.shape, new), self.config.vocab_size).float() * 50, None


def test_replies_come_in_order_without_the_end(tokenizer):
    ids = tokenizer.encode("On Tar Lane.")
    prompts = [chat_prompt([user(t)], tokenizer) for t in ("a", "What is this thing?", "b")]
    assert reply_each(Parrot(ids, tokenizer), tokenizer, prompts) == ["On Tar Lane."] * 3


def test_batched_replies_are_those_of_one_by_one(model, tokenizer, world):
    prompts = [chat_prompt(c.prompt, tokenizer) for c in conversations(world, 12)]
    together = reply_each(model, tokenizer, prompts, 12, batch_size=4)
    alone = [reply_each(model, tokenizer, [p], 12)[0] for p in prompts]
    assert together == alone


def test_the_dice_decide_and_a_seed_repeats_them(model, tokenizer):
    prompts = [chat_prompt([user("Who?")], tokenizer)] * 4

    def roll(seed):
        dice = torch.Generator().manual_seed(seed)
        return reply_each(model, tokenizer, prompts, 8, temperature=1.0, generator=dice)

    assert roll(0) == roll(0) != roll(1)
    assert len(set(roll(0))) > 1


def test_a_prompt_too_long_is_named(model, tokenizer):
    with pytest.raises(ValueError, match="prompt 1 has 200 tokens"):
        reply_each(model, tokenizer, [[1], [1] * 200])
    with pytest.raises(ValueError, match="prompt 0 has 0"):
        reply_each(model, tokenizer, [[]])
    assert reply_each(model, tokenizer, []) == []


def test_grades_count_right_ended_and_manners(world, tokenizer):
    talks = [c for c in conversations(world, 40, styles=["plain"]) if c.question]
    answer = talks[0].question.answer
    ids = tokenizer.encode(f"Certainly. {answer}.")
    found = grade(Parrot(ids, tokenizer), tokenizer, world, talks)
    right = [world.judge(c.question, f"Certainly. {answer}.") == "right" for c in talks]
    assert found["right"] == sum(right) / 40 and found["ended"] == 1
    assert found["styles"] == {"polite": 40} and found["tokens"] == len(ids)
    cut = grade(Parrot(ids, tokenizer), tokenizer, world, talks, max_new_tokens=len(ids))
    assert cut["ended"] == cut["answered"] == 0 and cut["right"] == found["right"]
    with pytest.raises(ValueError, match="no conversation"):
        grade(None, tokenizer, world, [Conversation((user("Hello."),), "plain", None)])
