"""A text in the pieces that a browser is given to say, one after the other."""

from __future__ import annotations

import re
from itertools import pairwise

LONGEST = 200
"""Characters of one piece: browsers cut what takes longer than about a quarter of a minute."""

_ENDS = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]|\n")  # noqa: RUF001
_PAUSES = re.compile(r"[,;:，、；：–—]|\s")  # noqa: RUF001


def sentences(text: str) -> list[str]:
    """The sentences of a text, in parts at most `LONGEST` characters long; no word is lost.

    >>> sentences("A dog. It runs!  Where?")
    ['A dog.', 'It runs!', 'Where?']
    """
    ends = [0, *(end.end() for end in _ENDS.finditer(text)), len(text)]
    parts = (text[start:end].strip() for start, end in pairwise(ends))
    return [piece for part in parts if part for piece in _short(part)]


def _short(sentence: str) -> list[str]:
    """A sentence cut after the last comma or space that leaves at most `LONGEST` characters."""
    pieces = []
    while len(sentence) > LONGEST:
        cut = max(
            (pause.end() for pause in _PAUSES.finditer(sentence, 0, LONGEST)), default=LONGEST
        )
        pieces.append(sentence[:cut].strip())
        sentence = sentence[cut:].strip()
    return [*pieces, sentence] if sentence else pieces
