"""How an alternative text is worded, as pure functions over strings; each names its source.

Sources: the W3C WAI images tutorial (https://www.w3.org/WAI/tutorials/images/), WCAG 2.2 success
criterion 1.1.1 with its techniques, and the IPTC Photo Metadata Standard 2021.1, property
"Alt Text (Accessibility)". This module knows nothing about images, pages or models.
"""

from __future__ import annotations

import unicodedata

from vlm.alt.cutting import cut
from vlm.alt.file_names import without_file_name
from vlm.alt.openings import without_opening

MAX_LENGTH = 125
"""Characters. Source: `vlm.alt.sources.LENGTH`; W3C says no number, only as short as possible."""

_KEPT_FORMAT = "\u200c\u200d"  # joiners carry meaning in Persian, Hindi and emoji
_TRAILING = " ,;:|/\\*_~-\u2013\u2014"
_STOPS = (".", "!", "?", "\u2026", "\u3002", "\uff01", "\uff1f", "\u061f", "\u0964")


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
        room = max_length if text.endswith(_STOPS) else max_length - 1
        text = final_stop(_sentence(text, room, file_name))
    return text


def label(text: str, *, max_length: int = MAX_LENGTH, file_name: str | None = None) -> str:
    """Like `tidy`, but without a final stop: the name of a link or a button is no sentence.

    >>> label("a photo of the team. ")
    'The team'
    """
    before = None
    while text != before:
        before = text
        text = _sentence(text, max_length, file_name).rstrip(_TRAILING)
        if text.endswith((".", "\u3002")) and not text.endswith(".."):
            text = text[:-1]
    return text


def _sentence(text: str, limit: int, file_name: str | None) -> str:
    text = clean(text)
    if file_name is not None:
        text = without_file_name(text, clean(file_name))
    return cut(sentence_case(without_opening(text)), limit)


def clean(text: str) -> str:
    """Runs of white space become one space; control and invisible characters go.

    Source: IPTC "Alt Text (Accessibility)" is a plain text property; a line break or a
    direction mark in an ``alt`` attribute is read out wrongly or not at all.

    >>> clean("a\\tred \\u202e\\n barn\\x00")
    'a red barn'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (
        " " if c.isspace() else c
        for c in text
        if c.isspace() or c in _KEPT_FORMAT or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    return " ".join("".join(kept).split())


def sentence_case(text: str) -> str:
    """Upper-case first letter; three or more words in capitals only become lower case.

    Source: `vlm.alt.sources.CAPITALS`: some screen readers spell capitals out. A first word with a
    capital inside (iPhone) is a name and stays.

    >>> sentence_case("a cat"), sentence_case("iPad on a desk"), sentence_case("A BIG RED BARN")
    ('A cat', 'iPad on a desk', 'A big red barn')
    """
    if text.isupper() and len(text.split()) >= 3:
        text = text.lower()
    first = text.split(" ", 1)[0]
    if first[1:] == first[1:].lower():
        text = text[:1].title() + text[1:]
    return text


def final_stop(text: str) -> str:
    """End with a stop, so that a screen reader pauses.

    Source: WAI images tutorial, tips (punctuation makes an alternative text easier to follow).

    >>> final_stop("A cat,"), final_stop("Who is it?"), final_stop("")
    ('A cat.', 'Who is it?', '')
    """
    text = text.rstrip(_TRAILING)
    if not text or text.rstrip("\"'\u201d\u2019\u00bb)").endswith(_STOPS):
        return text
    return text + "."
