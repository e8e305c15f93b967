"""Which photos of a conversation some words mean: "the second one", "all but the last", "it"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from vlm.assistant.numbering import PHOTO, marked_numbers, one_photo
from vlm.assistant.shown import InView, Shown

_OF_THEM = rf"(?:\s+of\s+(?:them|these|those|the\s+{PHOTO}s|my\s+{PHOTO}s))?"
ALL = re.compile(
    rf"\b(?:(?:all|both|each|every\s+one|any|most|either)\s+(?:of\s+)?(?:them|these|those|the\s+(?:two|"
    rf"{PHOTO}s))|both(?=\W*$|\s*[:,]|\s+(?:of|please|too|in|on|from|taken|show|have|and)\b"
    rf"|\s+(?:in|out)doors)|each\s+one|(?:these|those|all\s+the|the)\s+{PHOTO}s|(?:each|every)\s+{PHOTO}"
    rf"|of\s+(?:them|these|those|the\s+two)|for\s+(?:each|all)|them|these|those|they)\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"\b(?:(?:this|that|the|my|same)\s+{PHOTO}|(?:this|that)\s+one|it|its|it's)\b"
    r"|\b(?:is|was|does|of|about|for|in|like|describe|caption|summari[sz]e|compare|'s)\s+(?:this|that)\b"
    r"|^(?:and\s+)?(?:this|that)\b|\b(?:this|that)\s*[?.!]*$",
    re.IGNORECASE,
)
_BUT = re.compile(
    rf"(?:\b(?:all|every(?:thing|\s*one)?|any|(?:these|those|the)\s+{PHOTO}s|them){_OF_THEM}\s+)?"
    r"\b(?:but|except(?:\s+for)?|besides|apart\s+from|excluding|without|not)\s+(?:the\s+)?\0",
    re.IGNORECASE,
)
_CORRECTED = re.compile(r"(?:no[\s,.]+)?not\s+(?:the\s+)?\0[\s,]*(?:but|,)\s*(?:the\s+)?\0", re.I)
_OTHERS = re.compile(
    rf"\b(?:the\s+)?(?:others(?!\s+like)|other\s+(?:ones|{PHOTO}s|two|three)|rest|remaining\s+(?:ones|{PHOTO}s))\b"
    r"(?:\s+of\s+them)?",
    re.IGNORECASE,
)
_OTHER = re.compile(rf"\bthe\s+other(?:\s+(?:one|{PHOTO}))?(?=\W*$|\s+(?:one|{PHOTO})\b)", re.I)
_SIDE = re.compile(
    rf"\b(?:the\s+)?(?:one|{PHOTO})\s+(?:on|to|in)\s+the\s+(?P<at>left|right|middle|centre)\b"
    rf"|\b(?:the\s+)?(?P<side>left|right|middle|centre)(?:most)?(?:[\s-]hand)?\s+(?:one|{PHOTO})\b"
    r"|^(?:the\s+)?(?P<alone>left|right|middle)(?=\s*[?.!]*$)",
    re.IGNORECASE,
)
_BESIDE = 3
"""So many photos stand in one row on every screen but a phone's, so that one is the left one."""


class Meant(NamedTuple):
    """Photos that a text names, and how: ``out_of`` are numbers that no photo has.

    ``how`` is "number" for numbers and places in the list, "left out" for all but those, "all",
    "focus", "unclear" for words that could mean several, or "" for no word. ``marked`` is the
    text with ``\\0`` for what names photos by number.
    """

    photos: tuple[Shown, ...]
    how: Literal["number", "left out", "all", "focus", "unclear", ""]
    out_of: tuple[int, ...] = ()
    marked: str = ""


def meant(text: str, view: InView) -> Meant:
    """The photos that a text names.

    >>> view = InView((Shown(1), Shown(2), Shown(3)))
    >>> [photo.number for photo in meant("how many dogs are in the second one?", view).photos]
    [2]
    >>> [photo.number for photo in meant("compare [1] and the last one", view).photos]
    [1, 3]
    >>> [photo.number for photo in meant("describe all except 2", view).photos]
    [1, 3]
    >>> meant("what is photo 7?", view).out_of
    (7,)
    >>> meant("is the second dog black?", InView(view.listed, view.listed[:1])).how
    ''
    """
    listed = view.listed
    marked, lists = marked_numbers(text, len(listed), _number_of(view))
    numbers = list(dict.fromkeys(number for each in lists for number in each))
    if len(lists) == 1 and len(lists[0]) == 2 and _CORRECTED.search(_split(text, view)):
        numbers = numbers[1:]
        marked = "no, \0"
    elif numbers and _BUT.search(marked):
        left = tuple(photo for photo in listed if photo.number not in numbers)
        return Meant(left, "left out", (), _BUT.sub("\0", marked))
    if numbers:
        by_number = {photo.number: photo for photo in listed}
        photos = tuple(by_number[number] for number in numbers if number in by_number)
        out_of = tuple(number for number in numbers if number not in by_number)
        return Meant(photos, "number", out_of, marked)
    return _by_words(text, view)


def _by_words(text: str, view: InView) -> Meant:
    if (side := _SIDE.search(text)) and len(view.listed) > 1:
        photo = _beside((side["at"] or side["side"] or side["alone"]).lower(), view.listed)
        marked = f"{text[: side.start()]}\0{text[side.end() :]}"
        return Meant((photo,), "number", (), marked) if photo else Meant((), "unclear")
    apart = view.group or view.focus[:1]
    if (others := _OTHERS.search(text)) and len(view.listed) > 1 and apart:
        left = tuple(photo for photo in view.listed if photo not in apart)
        marked = f"{text[: others.start()]}\0{text[others.end() :]}"
        return Meant(left, "left out", (), marked)
    if (other := _OTHER.search(text)) and view.focus:
        two = view.group if len(view.group) == 2 else view.listed
        left = tuple(photo for photo in two if photo != view.focus[0])
        marked = f"{text[: other.start()]}\0{text[other.end() :]}"
        return Meant(left, "number", (), marked) if len(left) == 1 else Meant((), "unclear")
    if found := ALL.search(text):
        return _all(found[0].lower(), view)
    if _ONE.search(text):
        return Meant(view.focus, "focus")
    return Meant((), "")


def _all(word: str, view: InView) -> Meant:
    if word == "they" and view.one and not view.group:
        return Meant(view.focus, "focus")
    if word.startswith(("both", "either")) or "two" in word:
        for two in (view.group, view.listed, view.sure):
            if len(two) == 2:
                return Meant(two, "all")
        return Meant((), "unclear" if view.listed else "all")
    if view.group and not word.startswith(("all", "every", "each", "the ")):
        return Meant(view.group, "all")
    return Meant(view.listed, "all")


def _beside(side: str, listed: Sequence[Shown]) -> Shown | None:
    if len(listed) > _BESIDE or (side in ("middle", "centre") and len(listed) != _BESIDE):
        return None
    return {"left": listed[0], "right": listed[-1]}.get(side, listed[1])


def _number_of(view: InView) -> int | None:
    focus = view.focus[:1]
    return focus[0].number if focus and focus[0] in view.listed else None


def _split(text: str, view: InView) -> str:
    return marked_numbers(text, len(view.listed), _number_of(view), merged=False)[0]


def without_numbers(text: str) -> str:
    """The same words about one photo at hand: what numbers it becomes "the photo".

    Small models know what is in a photo, not which of several it was.

    >>> without_numbers("how many dogs are in the second one?")
    'how many dogs are in the photo?'
    >>> without_numbers("is there a cat in [2] and [3]?"), without_numbers("2nd one: is it black?")
    ('is there a cat in the photo?', 'is it black?')
    """
    text = marked_numbers(text, 99, 2)[0]
    for pattern in (_BUT, _SIDE):
        text = pattern.sub("\0", text)
    text = one_photo(text)
    for pattern in (_OTHERS, _OTHER, ALL):
        text = pattern.sub("the photo", text)
    for many, one in (("are", "is"), ("were", "was"), ("do", "does"), ("have", "has")):
        text = re.sub(rf"\b{many} the photo\b", f"{one} the photo", text, flags=re.IGNORECASE)
    return re.sub(r"^the photo\s*[:,]\s*(?=\w)", "", text)
