"""Texts by language (Lang Alt of XMP part 1, 8.2.2.4): one of them is the default."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

LangAlt: TypeAlias = tuple[tuple[str, str], ...]
"""Language tags and texts, as they stand in the file; "" where no language is given."""

DEFAULT = "x-default"

_TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_NOT_IN_XML = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_language(tag: str) -> bool:
    """Whether this has the form of a language tag (RFC 5646).

    >>> is_language("en"), is_language("zh-Hant-TW"), is_language('en"'), is_language("")
    (True, True, False, False)
    """
    return _TAG.fullmatch(tag) is not None


def writable(text: str) -> str:
    r"""Text without what XML 1.0 cannot hold or discourages; lines end in a line feed.

    >>> writable(" a\x00 red\r\nbarn\x1b ")
    'a red\nbarn'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_IN_XML.sub("", lines).strip()


def with_language(values: LangAlt, language: str, text: str) -> LangAlt:
    """Put a text into the place of that language, and of the default unless it is another's.

    The default is another language's where it says the same as that language does.

    >>> with_language((), "en", "A barn")
    (('x-default', 'A barn'), ('en', 'A barn'))
    >>> with_language((("x-default", "Hof"), ("de", "Hof"), ("EN", "Old")), "en", "A barn")
    (('x-default', 'Hof'), ('de', 'Hof'), ('en', 'A barn'))
    """
    others = [(tag, said) for tag, said in values if not _is(tag, language, DEFAULT, "")]
    default = first_of(values, DEFAULT, "")
    if default is None or language == DEFAULT or all(said != default for _, said in others):
        default = text
    own = [] if language == DEFAULT else [(language, text)]
    return ((DEFAULT, default), *others, *own)


def first_of(values: LangAlt, *languages: str) -> str | None:
    """The first text in one of these languages.

    >>> first_of((("EN", "A barn"),), "en"), first_of((), "en")
    ('A barn', None)
    """
    return next((text for tag, text in values if _is(tag, *languages)), None)


def _is(tag: str, *languages: str) -> bool:
    wanted: Sequence[str] = [language.casefold() for language in languages]
    return tag.casefold() in wanted
