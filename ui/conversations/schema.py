"""The tables of the file of conversations, and how words are looked for in them."""

from __future__ import annotations

import unicodedata

from index.catalogue.word_forms import searchable

VERSION = 1

TABLES = f"""
CREATE TABLE conversation (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    named INTEGER NOT NULL DEFAULT 0,
    started TEXT NOT NULL,
    changed TEXT NOT NULL,
    keep_photos INTEGER NOT NULL
);
CREATE INDEX newest ON conversation (owner, changed);
CREATE TABLE exchange (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversation (number) ON DELETE CASCADE,
    question TEXT NOT NULL,
    reply TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    touched TEXT NOT NULL,
    details TEXT NOT NULL
);
CREATE INDEX said ON exchange (conversation, id);
CREATE TABLE photo (
    conversation INTEGER NOT NULL REFERENCES conversation (number) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    jpeg BLOB NOT NULL,
    stored TEXT NOT NULL,
    server INTEGER NOT NULL,
    PRIMARY KEY (conversation, digest)
);
CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2');
PRAGMA user_version = {VERSION};
"""
"""A row of ``words`` has the number of its conversation; ``server`` is a process id."""


def match_expression(words: str) -> str:
    """Plain words in the language of FTS5, each the beginning of a word; "" for no words.

    Nothing in them is read as an operator.

    >>> match_expression('red "barn NOT -')
    '"red"* AND "barn"* AND "NOT"*'
    """
    plain = searchable(words).replace('"', " ").replace("\0", " ").split()
    said = [word for word in plain if any(unicodedata.category(c)[0] in "LN" for c in word)]
    return " AND ".join(f'"{word}"*' for word in said)
