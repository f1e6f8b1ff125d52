"""How a text is cut before it is tokenized: special tokens stand alone, and no token crosses a cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import regex  # `re` has no \p{L}; its nearest, [^\W\d_], also takes numerals such as ² and ½

# Contractions, words with the space in front of them, runs of digits, of other signs, white space.
GPT2_PATTERN = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


def word_counts(
    text: str | Iterable[str],
    pattern: str | None = GPT2_PATTERN,
    special_tokens: Iterable[str] = (),
) -> Counter[bytes]:
    """How often each piece that `pattern` cuts occurs, which is all that BPE training needs to know.

    >>> word_counts("to be or not to be")
    Counter({b' be': 2, b'to': 1, b' or': 1, b' not': 1, b' to': 1})
    """
    splitter, special = compiled(pattern), names_of(special_tokens)
    counts: Counter[str] = Counter()
    for part in [text] if isinstance(text, str | bytes) else text:
        if not isinstance(part, str):
            raise TypeError(f"training takes str, not {type(part).__name__}; for bytes: b.decode()")
        for piece in split_special(part, special):
            if piece not in special:
                counts.update(chunks(piece, splitter))
    return Counter({utf8(chunk): n for chunk, n in counts.items()})


def names_of(special_tokens: str | Iterable[str]) -> list[str]:
    """Special tokens as a list, even if a single one is given."""
    return [special_tokens] if isinstance(special_tokens, str) else list(special_tokens)


def compiled(pattern: str | None):
    """The pattern as `chunks` takes it. Raises ValueError if it is not a regular expression."""
    if pattern is None:
        return None
    try:
        return regex.compile(pattern)
    except regex.error as e:
        raise ValueError(f"the pattern {pattern!r} is no regular expression: {e}") from None


def chunks(text: str, splitter) -> Iterator[str]:
    """The pieces that `splitter` cuts. What the pattern does not match is kept as pieces too."""
    if splitter is None:
        if text:
            yield text
        return
    end = 0
    for match in splitter.finditer(text):
        if match.start() > end:
            yield text[end : match.start()]
        if match.end() > match.start():
            yield match.group()
        end = match.end()
    if end < len(text):
        yield text[end:]


def split_special(text: str, special: Iterable[str]) -> list[str]:
    """Cut a text so that special tokens stand alone; where two fit, the longer one counts."""
    if not special:
        return [text]
    names = sorted(special, key=len, reverse=True)
    return regex.split("(" + "|".join(map(regex.escape, names)) + ")", text)


def utf8(text: str) -> bytes:
    """The bytes of a text. Raises ValueError for half a character."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as e:
        raise ValueError(
            f"the text has a lone surrogate U+{ord(text[e.start]):04X} at position {e.start}, which "
            "is half a character and has no UTF-8 form; read the text again with the right encoding "
            "or replace it: text.encode('utf-8', 'replace').decode()"
        ) from None
