"""Whether the text beside an image already says what its alternative text says."""

from __future__ import annotations

import re
from functools import lru_cache

_STOP_WORDS = """a an the and or but of in on at to by with near from into for as is are was
were it its this that there very ein eine einen einem einer der die das dem den des und oder mit
auf im in am an vor von zu ist sind une un le la les et ou avec sur dans de du des est sont una
el los las y o con en del es son il lo gli e di su nel nella è een het van met op is zijn um uma
os com em"""
_STOPS = frozenset(_STOP_WORDS.split())
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[^.!?\u2026\u3002]+[.!?\u2026\u3002]*")


@lru_cache(maxsize=64)  # the same is asked several times for one image
def content_words(text: str) -> frozenset[str]:
    """The words that carry meaning: no articles or prepositions, no plural s.

    >>> sorted(content_words("The dogs on a beach"))
    ['beach', 'dog']
    """
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(_singular(word) for word in words if word not in _STOPS)


def said_in(text: str, neighbour: str, *, least: int = 1) -> bool:
    """Whether one sentence of ``neighbour`` holds every content word of ``text``.

    False for a text of fewer than ``least`` content words: a single word turns up by chance. One
    new word, such as a colour, is worth hearing, so nothing less than all of them counts.

    >>> said_in("A dog on a beach.", "We went out. Our dog runs along the beach.")
    True
    >>> said_in("A brown dog on a beach.", "Our dog runs along the beach.")
    False
    """
    if not neighbour:
        return False
    words = content_words(text)
    if len(words) < max(least, 1):
        return False
    return any(words <= content_words(sentence) for sentence in sentences(neighbour))


def same_words(text: str, other: str, *, share: float = 0.8) -> bool:
    """Whether two texts say the same: the words they share, among all words of both.

    >>> same_words("A red barn.", "Red barn"), same_words("A red barn.", "A barn")
    (True, False)
    """
    first, second = content_words(text), content_words(other)
    if not first or not second:
        return False
    return len(first & second) >= share * len(first | second)


def sentences(text: str) -> list[str]:
    """Split at full stops and the like; a text without any is one sentence.

    >>> sentences("Go. Now! Really")
    ['Go.', 'Now!', 'Really']
    """
    return [part for part in map(str.strip, _SENTENCE.findall(text)) if part]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
