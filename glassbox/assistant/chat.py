"""The chat template: a conversation as one row of tokens, and which of them are to be learned.

    <|endoftext|><|user|>Is the tide in?<|end|><|assistant|>Not before noon.<|end|>

A system message, if there is one, stands between <|endoftext|> and the first <|user|>.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from glassbox.machine.data import END
from glassbox.machine.tokens import BPE

USER, ASSISTANT, END_OF_TURN = "<|user|>", "<|assistant|>", "<|end|>"
ROLES = {"user": USER, "assistant": ASSISTANT}


def chat_tokens(messages: Sequence[dict], tokenizer: BPE) -> tuple[list[int], list[bool]]:
    """A conversation as ids, and for each id whether it is to be learned.

    True stands at the tokens of the assistant's replies and at the `<|end|>` after each of them;
    everything else (the user's words, the markers, a system message) is only read. `mask[i]` is about
    predicting `ids[i]` from what stands before it. Text that spells a special token is encoded as the
    letters it consists of, so nobody can write a turn in another's name.

    Raises ValueError for a message without role or content, or an order of roles that is no talk.

    >>> bpe = BPE.from_merges([], special_tokens=[END, USER, ASSISTANT, END_OF_TURN])
    >>> talk = [{"role": "user", "content": "Hm"}, {"role": "assistant", "content": "No"}]
    >>> ids, mask = chat_tokens(talk, bpe)
    >>> [bpe.decode([i]) for i in ids]
    ['<|endoftext|>', '<|user|>', 'H', 'm', '<|end|>', '<|assistant|>', 'N', 'o', '<|end|>']
    >>> [bpe.decode([i]) for i, learned in zip(ids, mask) if learned]
    ['N', 'o', '<|end|>']
    """
    special = special_ids(tokenizer)
    _check_roles(messages)
    ids, mask = [special[END]], [False]
    for message in messages:
        content = tokenizer.encode(message["content"], allowed_special="none")
        if message["role"] == "system":  # what comes before the first turn needs no marker
            ids += content
            mask += [False] * len(content)
            continue
        learned = message["role"] == "assistant"
        ids += [special[ROLES[message["role"]]], *content, special[END_OF_TURN]]
        mask += [False] + [learned] * (len(content) + 1)
    return ids, mask


def chat_prompt(messages: Sequence[dict], tokenizer: BPE) -> list[int]:
    """The ids of a conversation in which it is the assistant's turn: they end with `<|assistant|>`.

    >>> bpe = BPE.from_merges([], special_tokens=[END, USER, ASSISTANT, END_OF_TURN])
    >>> bpe.decode(chat_prompt([{"role": "user", "content": "Hm"}], bpe))
    '<|endoftext|><|user|>Hm<|end|><|assistant|>'
    """
    _check_roles(messages)
    if not messages or messages[-1]["role"] != "user":
        last = messages[-1]["role"] if messages else "nobody"
        raise ValueError(f"the last message is by {last}; a prompt ends with one by the user")
    return chat_tokens(messages, tokenizer)[0] + [tokenizer.special_tokens[ASSISTANT]]


def question_prompt(question, tokenizer: BPE) -> list[int]:
    """The ids that put a world's question to an assistant, after what was said before it."""
    return chat_prompt(question_messages(question), tokenizer)


def question_messages(question) -> list[dict]:
    """The conversation that ends with a world's question."""
    return messages_of((*getattr(question, "before", ()), question.text))


def messages_of(lines: Sequence[str]) -> list[dict]:
    """Lines of a conversation, the user's and the assistant's in turn, as messages.

    >>> messages_of(["Who?", "Me."])
    [{'role': 'user', 'content': 'Who?'}, {'role': 'assistant', 'content': 'Me.'}]
    """
    return [{"role": tuple(ROLES)[n % 2], "content": line} for n, line in enumerate(lines)]


def latest(messages: Sequence[dict], tokenizer: BPE, limit: int) -> list[dict]:
    """The end of a conversation whose prompt has at most `limit` tokens: the oldest exchanges leave.

    An exchange is a question and its reply. The last message stays, even if it is too long by itself;
    so does a system message.
    """
    first = messages[0]["role"] == "system"
    system, talk = list(messages[:first]), list(messages[first:])
    while len(talk) > 2 and len(chat_prompt(system + talk, tokenizer)) > limit:
        talk = talk[2:]
    return system + talk


def with_room(question, tokenizer: BPE, limit: int):
    """The question with as much of what was said before it as leaves its prompt within `limit` tokens."""
    kept = latest(question_messages(question), tokenizer, limit)
    return replace(question, before=tuple(message["content"] for message in kept[:-1]))


def special_ids(tokenizer: BPE) -> dict[str, int]:
    """The ids of all special tokens. Raises ValueError if one of the template's is missing."""
    missing = {END, USER, ASSISTANT, END_OF_TURN} - set(tokenizer.special_tokens)
    if missing:
        raise ValueError(
            f"the tokenizer has no {', '.join(sorted(missing))}; train it with these special tokens"
        )
    return tokenizer.special_tokens


def _check_roles(messages: Sequence[dict]) -> None:
    if isinstance(messages, dict | str):
        raise ValueError(f"messages is {messages!r}; give a list of messages")
    for n, message in enumerate(messages):
        if not isinstance(message, dict) or not isinstance(message.get("content"), str):
            raise ValueError(
                f"message {n} is {message!r}; give {{'role': 'user', 'content': 'text'}}"
            )
        if message.get("role") not in ("system", *ROLES):
            raise ValueError(
                f"message {n} has the role {message.get('role')!r}; use user, assistant or, first, system"
            )
    turns = [m["role"] for m in messages]
    turns = turns[1:] if turns[:1] == ["system"] else turns
    if any(role != ("user", "assistant")[n % 2] for n, role in enumerate(turns)):
        raise ValueError(
            f"the roles are {', '.join(turns)}; after an optional system message, user and "
            "assistant take turns and the user begins"
        )


def fitting(conversations: Iterable, tokenizer: BPE, block_size: int) -> Iterator:
    """Those of the conversations that a context window can hold."""
    for c in conversations:
        if len(chat_tokens(getattr(c, "messages", c), tokenizer)[0]) <= block_size + 1:
            yield c


def cropped(conversations: Iterable, tokenizer: BPE, block_size: int) -> Iterator[list[dict]]:
    """The messages of each conversation, without the last exchanges if a window cannot hold them all.

    One whose first exchange is too long already is left out.
    """
    for c in conversations:
        messages = list(getattr(c, "messages", c))
        while messages and len(chat_tokens(messages, tokenizer)[0]) > block_size + 1:
            messages = messages[:-2]
        if messages and messages[-1]["role"] == "assistant":
            yield messages
