"""Shortening a text at the end of a sentence, a clause or a word."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_EDGE = " ,;:|/\\*_~-\u2013\u2014"
_SENTENCE_END = re.compile(r"[.!?\u2026\u3002](?= )")
_CLAUSE_END = re.compile(r"[,;:](?= )| (?=[\u2013\u2014] )")
_LATE = 0.6
"""A clause that ends before this share of the room says too little to stand alone."""
_DANGLING = re.compile(
    r"an?|the|and|or|but|of|in|on|at|to|by|with|near|under|over|behind|beside|between|from|into"
    r"|next|for|as|while|that|which|who|is|are"
    r"|ein|eine[mnrs]?|der|die|das|dem|den|und|oder|mit|auf|im|am|vor|hinter|neben|unter|über|von"
    r"|une?|les?|la|et|ou|avec|sur|dans|de|du|des|devant|sous|qui|est"
    r"|una|el|los|las|y|o|con|en|del|que|il|lo|gli|e|di|su|nel|nella|che|è"
    r"|een|het|van|met|op|naast|voor|achter|um|uma|com|em|no|na|os",
    re.IGNORECASE,
)


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, ending after a sentence or a clause if one ends late enough.

    Otherwise after a word; words that would dangle ("with a") go too. Source: WAI images tutorial,
    tips (the most concise text possible); the place for more is the extended description (IPTC).

    >>> cut("A dog runs. It is brown and big", 15), cut("A dog runs with a ball", 18)
    ('A dog runs.', 'A dog runs')
    >>> cut("A dog runs along a beach, with hills far behind", 34)
    'A dog runs along a beach'
    """
    if len(text) <= limit:
        return text
    room = text[: limit + 1]
    sentences = [m.end() for m in _SENTENCE_END.finditer(room)]
    if sentences and sentences[-1] > limit // 2:
        return text[: sentences[-1]]
    clauses = [m.start() for m in _CLAUSE_END.finditer(room)]
    if clauses and clauses[-1] > limit * _LATE:
        return text[: clauses[-1]]
    head = room.rpartition(" ")[0]
    if not head:
        return _whole_characters(text, limit)
    words = head.split(" ")
    while len(words) > 1 and _DANGLING.fullmatch(words[-1].strip(_EDGE)):
        words.pop()
    return " ".join(words)


def _whole_characters(text: str, limit: int) -> str:
    """Cut inside a word, but not between a letter and its accents or inside an emoji."""
    pairs = list(pairwise(text[: limit + 1]))
    for at in range(limit, 1, -1):
        left, right = pairs[at - 1]
        if not unicodedata.combining(right) and "\u200d" not in (left, right):
            return text[:at]
    return text[:limit]
