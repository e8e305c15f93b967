"""Which photos of a conversation some words mean: "the second one", "[2]", "photo 3", "it"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from vlm.assistant.shown import Shown

_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight")
_PHOTO = r"(?:photo|picture|image|pic|shot|snap|result|hit|match)"
_ORDINAL = rf"(?:{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)|last|final)"
_END = r"(?=\s*(?:$|[?.!,;:)]|(?:and|or|with|to|from|of\s+them)\b))"

_NUMBER = re.compile(
    rf"\[(?P<bracket>\d{{1,2}})\]"
    rf"|\b(?:{_PHOTO}|number|no\.?)\s*(?:number\s+|no\.?\s*|\#\s*)?(?P<named>\d{{1,2}})\b(?!\s*{_PHOTO})"
    r"|(?<!\w)\#(?P<hash>\d{1,2})\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    rf"\b(?:the\s+)?(?P<side>first|last)\s+(?P<count>{'|'.join(_CARDINALS[1:])}|[2-8])\b"
    rf"(?:\s+(?:ones|{_PHOTO}s|hits|matches)\b|{_END})",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    rf"\b(?:the\s+)?(?P<which>{_ORDINAL})(?:\s+(?:one|{_PHOTO})\b|{_END})", re.IGNORECASE
)
_ALL = re.compile(
    rf"\b(?:(?:all|both|each|every\s+one|any|most)\s+(?:of\s+)?(?:them|these|those|the\s+{_PHOTO}s)"
    rf"|both|(?:these|those|all\s+the|the)\s+{_PHOTO}s|(?:each|every)\s+{_PHOTO}|of\s+(?:them|these|those)"
    r"|them|these|those|they)\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"\b(?:(?:this|that|the|my|same)\s+{_PHOTO}|(?:this|that)\s+one|it|its|it's)\b"
    r"|\b(?:is|was|does|of|about|for|in|like|describe|caption|summari[sz]e|compare|'s)\s+(?:this|that)\b"
    r"|^(?:and\s+)?(?:this|that)\b|\b(?:this|that)\s*[?.!]*$",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"\b(?:{_PHOTO}s|numbers|compare|between)\s+"
    r"(?P<list>\d{1,2}(?:(?:\s*(?:,|and|&|or|with))+\s*\d{1,2})+)\b",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*(?:,|and|&|or|with|to|vs\.?|versus|,\s*and)\s*(?:the\s+)?", re.IGNORECASE)


class Meant(NamedTuple):
    """Photos that a text names, and how: ``out_of`` are numbers that no photo has.

    ``how`` is "number" for numbers and places in the list, "all", "focus", or "" for no word.
    """

    photos: tuple[Shown, ...]
    how: Literal["number", "all", "focus", ""]
    out_of: tuple[int, ...] = ()


def meant(text: str, listed: Sequence[Shown], focus: Sequence[Shown]) -> Meant:
    """The photos that a text names, of those ``listed`` last and of those in ``focus``.

    >>> three = [Shown(1), Shown(2), Shown(3)]
    >>> [photo.number for photo in meant("how many dogs are in the second one?", three, ()).photos]
    [2]
    >>> [photo.number for photo in meant("compare [1] and the last one", three, ()).photos]
    [1, 3]
    >>> meant("what is photo 7?", three, ()).out_of
    (7,)
    >>> meant("is the second dog black?", three, three[:1]).how
    ''
    """
    text = _bracketed(text)
    numbers = _numbers(text, len(listed))
    if numbers:
        by_number = {photo.number: photo for photo in listed}
        photos = tuple(by_number[number] for number in numbers if number in by_number)
        return Meant(photos, "number", tuple(n for n in numbers if n not in by_number))
    if _ALL.search(text):
        return Meant(tuple(listed), "all")
    if _ONE.search(text):
        return Meant(tuple(focus), "focus")
    return Meant((), "")


def _bracketed(text: str) -> str:
    """Plain numbers in a list get the brackets that single ones have.

    >>> _bracketed("compare photos 1 and 2")
    'compare photos [1] and [2]'
    """

    def bracket(found: re.Match[str]) -> str:
        before = found[0][: -len(found["list"])]
        return before + re.sub(r"\d+", r"[\g<0>]", found["list"])

    return _PLAIN.sub(bracket, text)


def _numbers(text: str, count: int) -> list[int]:
    """Numbers of photos in the order of the text, each once."""
    found: list[tuple[int, int]] = []
    for match in _NUMBER.finditer(text):
        digits = match["bracket"] or match["named"] or match["hash"]
        found.append((match.start(), int(digits)))
    for match in _SEVERAL.finditer(text):
        size = min(_count(match["count"]), count)
        first = 1 if match["side"].lower() == "first" else count - size + 1
        found += [(match.start(), number) for number in range(first, first + size)]
    taken = [match.span() for match in _SEVERAL.finditer(text)]
    for match in _ORDERED.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            found.append((match.start(), _place(match["which"].lower(), count)))
    return list(dict.fromkeys(number for _, number in sorted(found, key=lambda pair: pair[0])))


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _CARDINALS.index(word.lower()) + 1


def _place(word: str, count: int) -> int:
    if word in ("last", "final"):
        return count
    return _ORDINALS.index(word) + 1 if word in _ORDINALS else int(word[:-2])


def without_numbers(text: str) -> str:
    """The same words about one photo at hand: what numbers it becomes "the photo".

    Small models know what is in a photo, not which of several it was.

    >>> without_numbers("how many dogs are in the second one?")
    'how many dogs are in the photo?'
    >>> without_numbers("is there a cat in [2] and [3]?")
    'is there a cat in the photo?'
    """
    text = _bracketed(text)
    for pattern in (_NUMBER, _SEVERAL, _ORDERED):
        text = pattern.sub("\0", text)
    text = re.sub(rf"\0(?:{_LIST.pattern}\0)*", "\0", text, flags=re.IGNORECASE)
    before = rf"(?:\b(?:the|this|that|my)\s+)?(?:\b{_PHOTO}s?\s+)?\0"
    text = re.sub(before, "the photo", text, flags=re.IGNORECASE)
    text = _ALL.sub("the photo", text)
    for many, one in (("are", "is"), ("were", "was"), ("do", "does"), ("have", "has")):
        text = re.sub(rf"\b{many} the photo\b", f"{one} the photo", text, flags=re.IGNORECASE)
    return text
