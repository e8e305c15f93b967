"""What a person types without what only pads it: politeness, greetings before it, slips of keys."""

from __future__ import annotations

import re

_BEFORE = re.compile(
    r"""(?:
      (?:please|pls|plz|kindly|hey|hi|hiya|hello|ok(?:ay)?|well|um+|oh|right|alright|maybe|perhaps
        |good\s+(?:morning|afternoon|evening|day))(?:\s+there)?\b
      |(?:(?:can|could|would|will)\s+you|are\s+you\s+able\s+to|do\s+you\s+think\s+you\s+(?:can|could)
        |i(?:\s+was)?\s+wonder(?:ing)?\s+if\s+you\s+(?:can|could|would)
        |i(?:'d|\s+would)\s+like\s+you\s+to|i\s+want\s+you\s+to|i\s+need\s+you\s+to)
        (?:\s+(?:please|kindly|maybe|perhaps|be\s+so\s+kind\s+(?:as\s+)?to|be\s+able\s+to))*\b
        (?!\s+(?:see|read|spot|recogni[sz]e|like|sure|do\b))
      |(?:tell|let)\s+me(?:\s+know)?(?=\s+(?:how|what|which|when|where|whether|who|if|is|are|does)\b)
      |(?:do\s+me\s+a\s+favou?r|help\s+me(?:\s+to)?(?=\s+(?:find|search|look)))
    )[\s,.!:]+""",
    re.IGNORECASE | re.VERBOSE,
)
_AFTER = re.compile(
    r"""[\s,.!]+(?:please|pls|plz|thx|thanks|thank\s+you|ty|cheers|for\s+me|if\s+(?:you\s+can|possible)
    |if\s+you\s+don'?t\s+mind|will\s+you|would\s+you|can\s+you)
    (?:\s+(?:so|very)\s+much|\s+a\s+lot|\s+in\s+advance)?(?P<end>[\s,.!]*\?*[\s.!]*)$""",
    re.IGNORECASE | re.VERBOSE,
)
_MIND = re.compile(
    r"(?:would|do)\s+you\s+mind\s+(?P<verb>[a-z]+)ing\b|would\s+you\s+mind\b", re.IGNORECASE
)
_STEMS = {"writ": "write", "describ": "describe", "compar": "compare", "giv": "give",
          "mak": "make"}  # fmt: skip

_AFTER_IT = re.compile(
    r"\bthe\s+(?:one|photo|picture)\s+(after|before)\s+(?:that|this|it)(?:\s+one)?\b", re.IGNORECASE
)
_BESIDE = {"after": "the next one", "before": "the previous one"}
_SHORT = {
    "fnd": "find", "serch": "search", "txt": "text", "pls": "please", "plz": "please", "teh": "the",
    "thx": "thanks", "whats": "what is", "what's": "what is", "wheres": "where is", "pic": "photo",
    "where's": "where is", "who's": "who is", "whos": "who is", "pics": "photos", "wich": "which",
    "wat": "what", "wht": "what", "im": "i am", "i'm": "i am",
    "ive": "i have", "foto": "photo", "fotos": "photos",
}  # fmt: skip
_WELL_KNOWN = (
    "alternative", "between", "caption", "captions", "colour", "compare", "describe",
    "description", "difference", "fifth", "find", "first", "fourth", "image", "images", "last",
    "photo", "photos", "picture", "pictures", "search", "second", "show", "similar", "text",
    "third", "what", "where", "which", "without", "write",
)  # fmt: skip
_ARE_WORDS = frozenset((
    "starch", "photon", "photons", "seconds", "secondly", "pictured", "compared", "compares",
    "described", "describes", "imaged", "similarly", "captioned", "searched", "colours", "bolour",
    "captain", "color", "fist", "salt", "hows", "this", "thirds", "mage",
))  # fmt: skip
_LONG = 6
"""Letters from which on any slip is mended; in shorter words two letters that changed places."""
_WORD = re.compile(r"(?<![\w:'-])[A-Za-z']+(?![\w:-])")


def unpadded(text: str) -> str:
    """The text without politeness around it, and with slips in the words that rules read mended.

    >>> unpadded("Could you please find photso of a dog for me, thanks?")
    'find photos of a dog?'
    >>> unpadded("would you mind describing the secnod one?")
    'describe the second one?'
    >>> unpadded("can you see a dog?")
    'can you see a dog?'
    """
    text = _AFTER_IT.sub(lambda found: _BESIDE[found[1].lower()], _mended(text))
    before = None
    while text != before:
        before = text
        text = _MIND.sub(_plain_verb, text, count=1) if _MIND.match(text) else text
        rest = _BEFORE.sub("", text, count=1) if _BEFORE.match(text) else text
        rest = _AFTER.sub(lambda found: "?" if "?" in found["end"] else "", rest)
        text = rest.strip() or text
    return text


def _plain_verb(found: re.Match[str]) -> str:
    verb = found["verb"] or ""
    return _STEMS.get(verb.lower(), verb)


def _mended(text: str) -> str:
    if '"' in text:
        return text  # what is quoted is meant as it stands
    return _WORD.sub(lambda found: _mend(found[0]), text)


def _mend(word: str) -> str:
    """The well-known word that a word is but for one slip, or the word itself.

    >>> _mend("secnod"), _mend("discribe"), _mend("form"), _mend("starch")
    ('second', 'describe', 'form', 'starch')
    """
    low = word.lower()
    if low in _SHORT:
        return _SHORT[low]
    if low in _WELL_KNOWN or low in _ARE_WORDS or len(low) < 4:
        return word
    for known in _WELL_KNOWN:
        if low[0] == known[0] and (_swapped(low, known) or _one_off(low, known)):
            return known
    return word


def _swapped(word: str, known: str) -> bool:
    apart = [at for at, (a, b) in enumerate(zip(word, known, strict=False)) if a != b]
    return (
        len(word) == len(known)
        and len(apart) == 2
        and apart[1] == apart[0] + 1
        and sorted(word) == sorted(known)
    )


def _one_off(word: str, known: str) -> bool:
    if min(len(word), len(known)) < _LONG - 1 or len(known) < _LONG:
        return False
    if word in (f"{known}s", f"{known}d"):
        return False
    short, long = sorted((word, known), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) == 1
    return len(long) == len(short) + 1 and any(
        long[:at] + long[at + 1 :] == short for at in range(len(long))
    )
