"""Numbers that name photos: "[2]", "photo 3", "the second one", "1 and 3", "the last two"."""

from __future__ import annotations

import re

PHOTO = r"(?:photo|picture|image|pic|shot|snap|result|hit|match)"
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINAL = rf"(?:{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)|last|final)"
_END = (
    r"(?=\s*(?:$|[?.!,;:)\0])|\s+(?:and|or|but|with|to|from|too|instead|please|then|of\s+them|is|was|has"
    r"|shows?|taken|outdoors|indoors)\b)"
)
_NOT_DIGIT = r"(?<![\w\[.,:-])"
_NUMBER = re.compile(
    rf"\[(?P<bracket>\d{{1,2}})\]"
    rf"|\b(?:{PHOTO}|number|no\.?|nr\.?)\s*(?:number\s+|no\.?\s*|\#\s*)?"
    rf"(?:(?P<named>\d{{1,2}})|(?P<word>{'|'.join(_CARDINALS)}))\b(?!\s*{PHOTO})"
    r"|(?<!\w)\#(?P<hash>\d{1,2})\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    rf"\b(?:the\s+)?(?P<side>first|last|top|bottom)\s+(?P<count>{'|'.join(_CARDINALS[1:])}|[2-9])\b"
    rf"(?:\s+(?:ones|{PHOTO}s|hits|matches)\b|{_END})",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    rf"\b(?:the\s+)?(?P<which>{_ORDINAL})(?:\s+(?:one|{PHOTO})\b|{_END})"
    rf"|\b(?:the\s+)?(?P<side_of>top(?:most)?|bottom|next|previous)\s+(?:one|{PHOTO})\b"
    rf"|\bthe\s+(?P<after>next|previous){_END}",
    re.IGNORECASE,
)
_JOIN = r"(?:\s*(?:,|&|/)\s*(?:and\s+|or\s+)?|\s+(?:and|or|with|to|vs\.?|versus)\s+)"
_PLAIN_LIST = re.compile(
    rf"{_NOT_DIGIT}\d{{1,2}}(?:{_JOIN}\d{{1,2}})+(?=\s*(?:$|[?.!,;:)])|\s+(?:have|has|differ|the\s+same"
    r"|both|in\b|show|is|are|was|were|look|from|taken|only|too|again|instead|please|then|and|or)\b)",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(?:^(?:and\s+|only\s+|just\s+|not\s+|no,?\s+)*|\b(?:describe|caption|for|about|like|keep|remove|drop|hide"
    r"|except|but|compare|with|is|does|to|in)\s+)(?P<digit>[1-9]\d?)"
    r"(?=\s*[?.!,]*$|\s+(?:please|too|instead|only|then|outdoors|indoors|show|have)\b)",
    re.IGNORECASE,
)
_REFERENCES = (_NUMBER, _SEVERAL, _ORDERED)
_LIST = rf"{_JOIN}(?:the\s+)?"


def marked_numbers(
    text: str, count: int, focus: int | None = None, *, merged: bool = True
) -> tuple[str, list[list[int]]]:
    r"""The text with ``\0`` for each run of numbers, and the numbers that each run names.

    ``count`` photos are listed; "next" and "previous" count from the one in ``focus``.

    >>> marked_numbers("compare the first two with photo 4", 5)
    ('compare \x00', [[1, 2, 4]])
    >>> marked_numbers("alt texts for 1, 3 and 4", 5), marked_numbers("find 2 dogs", 5)
    (('alt texts for \x00', [[1, 3, 4]]), ('find 2 dogs', []))
    """
    found: list[tuple[int, int, list[int]]] = []
    text = _bracketed(text, count)
    for pattern in _REFERENCES:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end, _ in found):
                continue
            numbers = _named(match, count, focus)
            if numbers:
                found.append((*match.span(), numbers))
    lists: list[list[int]] = []
    marked, at = "", 0
    for start, end, numbers in sorted(found, key=lambda each: each[0]):
        between = text[at:start]
        joined = merged and lists and re.fullmatch(_LIST, between, re.IGNORECASE)
        if lists and (joined or (not merged and re.fullmatch(_LIST, between, re.IGNORECASE))):
            lists[-1] += numbers
            marked += "" if merged else f"{between}\0"
        else:
            lists.append(list(numbers))
            marked += f"{between}\0"
        at = end
    return marked + text[at:], [list(dict.fromkeys(each)) for each in lists]


def one_photo(marked: str) -> str:
    r"""Marked words with "the photo" for what names photos.

    >>> one_photo("how many dogs are in \0?")
    'how many dogs are in the photo?'
    """
    before = rf"(?:\b(?:the|this|that|my)\s+)?(?:\b{PHOTO}s?\s+)?\0"
    return re.sub(before, "the photo", marked, flags=re.IGNORECASE)


def _bracketed(text: str, count: int) -> str:
    """Plain numbers get the brackets that say what they are, where nothing is counted by them.

    >>> _bracketed("compare photos 1 and 2", 5), _bracketed("3", 5), _bracketed("2 or 3 dogs", 5)
    ('compare photos [1] and [2]', '[3]', '2 or 3 dogs')
    """

    def bracket(found: re.Match[str]) -> str:
        digits = [int(number) for number in re.findall(r"\d+", found[0])]
        if not all(1 <= number <= max(count, 1) for number in digits):
            return found[0]
        return re.sub(r"\d+", r"[\g<0>]", found[0])

    return _PLAIN.sub(bracket, _PLAIN_LIST.sub(bracket, text))


def _named(match: re.Match[str], count: int, focus: int | None) -> list[int]:
    groups = match.groupdict()
    if digits := groups.get("bracket") or groups.get("named") or groups.get("hash"):
        return [int(digits)]
    if word := groups.get("word"):
        return [_CARDINALS.index(word.lower()) + 1]
    if side := groups.get("side"):
        size = min(_size(groups["count"]), count)
        first = 1 if side.lower() in ("first", "top") else count - size + 1
        return list(range(first, first + size))
    word = groups["which"] or groups["side_of"] or groups["after"]
    place = _place(word.lower(), count, focus)
    return [place] if place else []


def _size(word: str) -> int:
    return int(word) if word.isdigit() else _CARDINALS.index(word.lower()) + 1


def _place(word: str, count: int, focus: int | None) -> int:
    if word in ("next", "previous"):
        return 0 if focus is None else focus + (1 if word == "next" else -1)
    if word in ("last", "final", "bottom"):
        return count
    if word.startswith("top"):
        return 1
    return _ORDINALS.index(word) + 1 if word in _ORDINALS else int(word[:-2])
