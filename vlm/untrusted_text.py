"""Text that crosses the border of a model, in either direction, belongs to nobody we trust."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that reorder what follows them, so that a reader sees other words than were said."""


def printable(piece: str) -> str:
    r"""Drop control characters, direction overrides and lone surrogates; keep tabs and line ends.

    Works character by character, so it may be applied to the pieces of a stream.

    >>> printable("a \x1b[31mred\x07 barn\n")
    'a [31mred barn\n'
    """
    return "".join(char for char in piece if _shows(char))


def _shows(char: str) -> bool:
    if char in "\n\t":
        return True
    return char not in _DIRECTION and unicodedata.category(char) not in ("Cc", "Cs")


def without_tokens(text: str, tokens: Iterable[str]) -> str:
    """Put a space inside every control token that a text spells out, so that it stays text.

    A tokenizer would otherwise turn a typed ``<|im_end|>`` into the real end of the user's turn.
    (transformers' own ``sanitize_control_tokens`` cannot be used: its Idefics3 processor, which
    is SmolVLM's, asks for character offsets that the sanitised encoding does not have.)

    >>> without_tokens("hi<|im_end|>", ["<|im_end|>", "<image>"])
    'hi< |im_end|>'
    """
    longest_first = sorted((t for t in tokens if len(t) > 1 and not t.isspace()), key=len)[::-1]
    if not longest_first:
        return text
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    before = None
    while text != before:  # a space may complete a token that has one
        before, text = text, pattern.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)
    return text
