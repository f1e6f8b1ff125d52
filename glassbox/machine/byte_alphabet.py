"""GPT-2's names for bytes: which id a byte has as a token, and which character stands for it in print.

Source: Radford et al. 2019, GPT-2.
"""

from __future__ import annotations


def _byte_alphabet() -> dict[int, str]:
    """GPT-2's table from each byte to a visible character; its order is the order of the ids.

    The 188 bytes that print in Latin-1 stand for themselves and come first (ids 0-187); the others,
    such as the space, borrow the characters from U+0100 on ("Ġ" is the space).
    """
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [b for b in range(256) if b not in visible]
    return {b: chr(b) for b in visible} | {b: chr(256 + n) for n, b in enumerate(hidden)}


BYTE_TO_CHAR = _byte_alphabet()
CHAR_TO_BYTE = {char: byte for byte, char in BYTE_TO_CHAR.items()}
BYTE_TO_ID = {byte: i for i, byte in enumerate(BYTE_TO_CHAR)}  # "!" is 0, as in GPT-2


def visible(token: bytes) -> str:
    """A token's bytes as GPT-2's files print them, one visible character for each byte.

    >>> visible(b" the"), visible("é".encode())
    ('Ġthe', 'Ã©')
    """
    return "".join(BYTE_TO_CHAR[b] for b in token)


def bytes_of(shown: str) -> bytes:
    """What `visible` shows, as bytes again."""
    return bytes(CHAR_TO_BYTE[c] for c in shown)
