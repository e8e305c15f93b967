"""Words of photos and of queries, in the one form in which SQLite's FTS5 compares them.

FTS5 folds case and accents by itself. What it cannot do: letters that are written in two ways
(NFC, NFD) are made one, and scripts that are written without spaces are searched character by
character, so that a word is found inside a line of Chinese or Japanese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

COLUMNS = ("name", "folder", "keywords", "caption", "ocr", "drafted")
"""What words are kept of a photo; ``drafted`` are captions by models."""

_NO_SPACES = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
"""Hiragana, katakana and the ideographs of Chinese, Japanese and Korean."""

_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')


def searchable(text: str) -> str:
    """A text as it is stored and looked for.

    >>> searchable("東京 Tower"), searchable("cafe\\u0301")
    (' 東  京  Tower', 'café')
    """
    if text.isascii():
        return text
    return _NO_SPACES.sub(r" \1 ", unicodedata.normalize("NFC", storable(text)))


def name_and_folder(path: bytes) -> tuple[str, str]:
    """The searchable words of a file's name and of the folders above it.

    >>> name_and_folder(b"/home/me/Rome/a cat.jpg")
    ('a cat.jpg', '/home/me/Rome')
    """
    folder, _, name = path.decode("utf-8", "replace").rpartition("/")
    return searchable(name), searchable(folder)


def match_expression(query: str, columns: Sequence[str], *, every: bool) -> str:
    """A query in the language of FTS5: words, ``"exact phrases"``, ``begin*``; "" for no words.

    Nothing of the query is read as an operator of FTS5.

    >>> match_expression('red "big barn" hol* &', ["name", "caption"], every=True)
    '{name caption} : ("red" AND "big barn" AND "hol" *)'
    """
    unknown = set(columns) - set(COLUMNS)
    if unknown or not columns:
        raise ValueError(f"no columns of words: {sorted(unknown)}")
    terms = [_term(phrase or word, open_end=bool(word)) for phrase, word in _TERM.findall(query)]
    said = [term for term in terms if term]
    if not said:
        return ""
    return f"{{{' '.join(columns)}}} : ({(' AND ' if every else ' OR ').join(said)})"


def _term(text: str, *, open_end: bool) -> str:
    plain = searchable(text).replace("\0", " ")
    if not any(unicodedata.category(c)[0] in "LN" for c in plain):
        return ""  # FTS5 would find nothing at all for a word without a letter or digit
    if open_end and plain.endswith("*"):
        return f'"{plain.rstrip("*")}" *'
    return f'"{plain}"'


def storable(text: str) -> str:
    """A text as SQLite takes it: without lone surrogates, which stand for no character."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
