"""Rules for alternative texts, as pure functions over strings; each names its source.

Sources: the W3C WAI alt decision tree and image tips
(https://www.w3.org/WAI/tutorials/images/), WCAG 2.2 success criterion 1.1.1 with its failure F30,
and the IPTC Photo Metadata Standard 2021.1, property "Alt Text (Accessibility)".
This module knows nothing about images or models.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

MAX_LENGTH = 125
"""Characters; some screen readers pause or cut after about this many (WAI: keep it succinct)."""

_PICTURE = r"(?:image|photo|photograph|picture|pic|snapshot|graphic)"
_OPENING = re.compile(
    rf"""(?:
        (?:alt[\s-]?text|caption|description|answer)\s*:
      | (?:(?:this|it|that|here)\s+(?:is|'s)\s+)?
        (?:(?:an?|the|this)\s+)?(?:close-?up\s+)?{_PICTURE}\s+(?:of|showing|shows|depicting|depicts)
      | in\s+(?:the|this)\s+{_PICTURE}\s*,
    )\s+(?=.*\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_KEPT_FORMAT = "\u200c\u200d"  # joiners carry meaning in Persian, Hindi and emoji
_LEADING = " ,;:.|/\\*_~-\u2013\u2014"
_TRAILING = " ,;:|/\\*_~-\u2013\u2014"
_STOPS = (".", "!", "?", "\u2026", "\u3002", "\uff01", "\uff1f", "\u061f", "\u0964")
_QUOTES = {'"': '"', "'": "'", "\u201c": "\u201d", "\u2018": "\u2019", "\u00ab": "\u00bb"}
_DANGLING = re.compile(
    r"an?|the|and|or|but|of|in|on|at|to|by|with|near|under|over|behind|beside|between|from|into"
    r"|next|for|as|while|that|which|who|is|are",
    re.IGNORECASE,
)


def tidy(text: str, *, max_length: int = MAX_LENGTH, file_name: str | None = None) -> str:
    """Turn a model's words into an alternative text of at most ``max_length`` characters.

    Applying it twice changes nothing. Empty only if nothing but the file name, punctuation and
    invisible characters came in. Raises `ValueError` for a ``max_length`` below 2.

    >>> tidy("an image of a  cat sleeping on a sofa")
    'A cat sleeping on a sofa.'
    >>> tidy("IMG_2041.JPG: two dogs", file_name="IMG_2041.jpg")
    'Two dogs.'
    >>> tidy("A boat on a calm lake with mountains behind it", max_length=30)
    'A boat on a calm lake.'
    """
    if max_length < 2:
        raise ValueError(f"an alternative text needs room for 2 characters, not {max_length}")
    before = None
    while text != before:  # a cut may lay bare what an earlier rule removes
        before = text
        text = clean(text)
        if file_name is not None:
            text = without_file_name(text, file_name)
        text = sentence_case(without_opening(text))
        text = cut(text, max_length - 1)
        text = final_stop(text)
    return text


def clean(text: str) -> str:
    """Runs of white space become one space; control and invisible characters go.

    Source: IPTC "Alt Text (Accessibility)" is a plain text property; a line break or a
    direction mark in an ``alt`` attribute is read out wrongly or not at all.

    >>> clean("a\\tred \\u202e\\n barn\\x00")
    'a red barn'
    """
    kept = (
        " " if c.isspace() else c
        for c in text
        if c.isspace() or c in _KEPT_FORMAT or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    return " ".join("".join(kept).split())


def without_opening(text: str) -> str:
    """Drop "an image of", "this is a photo of", "Alt text:" and quotes around the whole.

    Source: WAI image tips: screen readers announce the role, so "image of" only repeats it.
    Kinds that matter ("a painting of", "a screenshot of") stay.

    >>> without_opening("This is a picture of the photo of a moon")
    'a moon'
    >>> without_opening("a painting of a ship")
    'a painting of a ship'
    """
    before = None
    while text != before:
        before = text
        text = text.lstrip(_LEADING)
        if len(text) > 2 and _QUOTES.get(text[0]) == text[-1] and text.count(text[-1]) <= 2:
            text = text[1:-1].strip()
        opening = _OPENING.match(text)
        if opening:
            text = text[opening.end() :]
    return text


def without_file_name(text: str, file_name: str) -> str:
    """Drop the file's name where it is repeated in the text.

    Source: WCAG 2.2 failure F30 (a file name is no text alternative). A stem of plain words,
    such as ``red barn``, is left alone: it may well be the right description.

    >>> without_file_name("DSC_0001 shows a barn", "DSC_0001.jpg")
    'shows a barn'
    >>> without_file_name("a red barn", "red barn.jpg")
    'a red barn'
    """
    name = re.split(r"[/\\]", clean(file_name))[-1]
    stem, dot, _suffix = name.rpartition(".")
    echoes = [name] if dot else []
    if any(c.isdigit() or c == "_" for c in stem or name):
        echoes.append(stem or name)
    for echo in echoes:
        if echo:
            text = re.sub(rf"(?<!\w){re.escape(echo)}(?!\w)", " ", text, flags=re.IGNORECASE)
    return " ".join(text.split())


def sentence_case(text: str) -> str:
    """Upper-case first letter; three or more words in capitals only become lower case.

    Source: WAI image tips (write it as a sentence); some screen readers spell capitals out.
    A first word with a capital inside (iPhone) is a name and stays.

    >>> sentence_case("a cat"), sentence_case("iPad on a desk"), sentence_case("A BIG RED BARN")
    ('A cat', 'iPad on a desk', 'A big red barn')
    """
    if text.isupper() and len(text.split()) >= 3:
        text = text.lower()
    first = text.split(" ", 1)[0]
    if first[1:] == first[1:].lower():
        text = text[:1].title() + text[1:]
    return text


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, ending after a sentence (if one ends late enough) or a word.

    Words that would dangle ("with a") go too. Source: WAI image tips (succinct); the place
    for more is the extended description (IPTC "Extended Description (Accessibility)").

    >>> cut("A dog runs. It is brown and big", 15), cut("A dog runs with a ball", 18)
    ('A dog runs.', 'A dog runs')
    """
    if len(text) <= limit:
        return text
    ends = [m.end() for m in re.finditer(r"[.!?](?= )", text[: limit + 1])]
    if ends and ends[-1] > limit // 2:
        return text[: ends[-1]]
    head = text[: limit + 1].rpartition(" ")[0]
    if not head:
        return _whole_characters(text, limit)
    words = head.split(" ")
    while len(words) > 1 and _DANGLING.fullmatch(words[-1].strip(_TRAILING)):
        words.pop()
    return " ".join(words)


def final_stop(text: str) -> str:
    """End with a stop, so that a screen reader pauses. Source: WAI image tips.

    >>> final_stop("A cat,"), final_stop("Who is it?"), final_stop("")
    ('A cat.', 'Who is it?', '')
    """
    text = text.rstrip(_TRAILING)
    if not text or text.rstrip("\"'\u201d\u2019\u00bb)").endswith(_STOPS):
        return text
    return text + "."


def _whole_characters(text: str, limit: int) -> str:
    """Cut inside a word, but not between a letter and its accents or inside an emoji."""
    pairs = list(pairwise(text[: limit + 1]))
    for at in range(limit, 1, -1):
        left, right = pairs[at - 1]
        if not unicodedata.combining(right) and "\u200d" not in (left, right):
            return text[:at]
    return text[:limit]
