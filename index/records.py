"""What the library tells about itself: small frozen records that compare and print well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Band = Literal["strong", "maybe", "weak"]

FACTS_VERSION = 1
"""Grows whenever facts are read in another way, so that the next run reads them again."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says of itself; width and height are those of the upright image.

    ``taken_at`` is local time as ISO 8601, with the offset where it is known, and ``taken_from``
    says who told: "exif", "xmp", "iptc", "takeout", "name" or "mtime". ``rating`` is -1 (rejected)
    to 5. ``description`` is the caption that the file carries. ``place`` is the nearest town, as
    "Rome, Italy". ``dhash`` is an unsigned 64-bit difference hash of the upright image.
    """

    format: str
    width: int
    height: int
    orientation: int = 1
    taken_at: str | None = None
    camera: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    lens: str | None = None
    rating: int | None = None
    title: str | None = None
    description: str | None = None
    alt_text: str | None = None
    extended_description: str | None = None
    keywords: tuple[str, ...] = ()
    place: str | None = None
    taken_from: str | None = None
    dhash: int | None = None


@dataclass(frozen=True, slots=True)
class FileState:
    """Which content a path had when it was read: SHA-256, size in bytes, time of change.

    ``sidecar_ns``: when the sidecar beside it, if there is one, was changed; 0 for none.
    """

    path: Path
    hash: bytes
    size: int
    mtime_ns: int
    sidecar_ns: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that could not be indexed, and why."""

    path: Path
    reason: str


@dataclass(slots=True)
class Report:
    """What one run of indexing did. ``stages``: seconds of work by stage, over all workers.

    ``left_out`` counts the folders and photo files that were passed over, by rule.
    """

    added: int = 0
    updated: int = 0
    moved: int = 0
    unchanged: int = 0
    missing: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    seconds: float = 0.0
    photos_per_second: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    interrupted: bool = False
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a long run stands; ``total`` counts the files found, ``done`` those decided.

    ``note`` is what else there is to say, such as the tokens so far.
    """

    done: int
    total: int
    skipped: int
    photos_per_second: float
    seconds_left: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One photo found. ``score`` is a cosine similarity, 0 where nothing but filters was asked.

    ``why`` is what each channel contributes to the place among the hits; see `index.search.fusion`.
    """

    path: Path
    score: float
    band: Band
    why: Mapping[str, float]
    taken_at: str | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, whether they answer the query at all, and why there is none if so."""

    query: str
    model: str
    seconds: float
    answer: Literal["matches", "nothing"]
    hits: tuple[Hit, ...]
    note: str = ""
