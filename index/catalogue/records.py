"""What the catalogue hands out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

NoteKind = Literal["caption", "alt", "extended", "ocr", "tags"]
Author = Literal["human", "file", "model"]


@dataclass(frozen=True, slots=True)
class Model:
    """A model that has vectors here."""

    id: int
    fingerprint: str
    name: str
    dim: int
    generation: int


@dataclass(frozen=True, slots=True)
class Row:
    """What a search needs to know of a photo."""

    id: int
    path: Path
    taken_at: str | None


class Candidate(NamedTuple):
    """What filters ask of a photo; a tuple, since every photo of a library becomes one."""

    id: int
    path: str
    format: str
    taken_at: str | None
    camera: str | None
    lens: str | None
    latitude: float | None
    longitude: float | None
    rating: int | None
    place: str | None
    taken_from: str | None


class Bound(NamedTuple):
    """What SQLite can tell of photos before they are read; ``sql`` has a ``?`` for each value."""

    sql: str
    values: tuple[str | int | float | bytes, ...]


class Content(NamedTuple):
    """What tells duplicates: ``dhash``, ``taken_from`` as in `index.records.Facts`."""

    id: int
    path: Path
    hash: bytes
    size: int
    width: int
    height: int
    dhash: int | None
    taken_at: str | None
    taken_from: str | None = None
    camera: str | None = None
    mtime_ns: int = 0
    format: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Words about a content, and who wrote them when; ``made_at`` is ISO 8601 in UTC."""

    kind: NoteKind
    value: str
    author: Author
    made_at: str
    model: str | None = None
    prompt: str | None = None
