"""A file of vectors: flat rows, or lists of 8-bit codes; made from a source, written and opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.vectors.flat import Chosen, Flat, Found
from index.vectors.sealed import Damaged, Facts, Piece, SealedFile, pieces_of, write
from vlm.protocols import Vectors

FLAT_UP_TO = 250_000
"""Vectors that are searched one by one; so many of 512 dimensions took 30 ms on a busy machine."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """State of a catalogue that vectors were taken from: library id (16 bytes) and generation."""

    library: bytes
    generation: int


@dataclass(frozen=True, slots=True)
class Keys:
    """Which vectors there are: photo ids, rising, and the first 8 bytes of the contents' hashes.

    A vector belongs to a content for ever, so equal keys mean equal vectors. Shapes ``(n,)``.
    """

    ids: NDArray[np.int64]
    tags: NDArray[np.int64]


class Source(Protocol):
    """Where vectors come from: one state of a catalogue, or of something that stands for it."""

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    def keys(self) -> Keys:
        """The keys of all vectors."""
        ...

    def all(self) -> Iterable[Vectors]:
        """All vectors in the order of the keys, in pieces of shape ``(n, dim)``."""
        ...

    def some(self, ids: NDArray[np.int64]) -> Vectors:
        """The vectors of some rising ids, shape ``(len(ids), dim)``."""
        ...


class Searcher(Protocol):
    """Finds ranks near to a query."""

    def search(self, query: Vectors, k: int, chosen: Chosen | None) -> Found:
        """At most ``k`` nearest to ``query``, shape ``(dim,)``, best first."""
        ...


@dataclass(frozen=True)
class Stored:
    """Vectors of one state that do not change: just made, or in a file."""

    stamp: Stamp
    ids: NDArray[np.int64]
    """Photo id by rank, rising."""
    tags: Callable[[], NDArray[np.int64]]
    """As in `Keys`; may raise `Damaged`."""
    searcher: Searcher
    seal: int = 0
    """What tells this file from every other; 0 where there is none."""

    @property
    def keys(self) -> Keys:
        """Which vectors there are; raises `Damaged`."""
        return Keys(self.ids, self.tags())

    @classmethod
    def of(cls, file: SealedFile) -> Stored:
        """The vectors of a file; rows are read when they are searched. Raises `Damaged`."""
        kind = file.facts["kind"]
        if kind not in ("flat", "lists"):
            raise Damaged("not a file of vectors")
        dim, count = int(file.facts["dim"]), int(file.facts["count"])
        searcher: Searcher
        if kind == "flat":
            searcher = Flat(dim, count, lambda: file.pieces("rows"))
        else:
            from index.vectors.stored_lists import lists_of  # flat files need nothing of it

            searcher = lists_of(file, dim)
        ids = file.array("ids", "<i8")
        return cls(stamp_of(file), ids, lambda: file.array("tags", "<i8"), searcher, file.seal)


def stamp_of(file: SealedFile) -> Stamp:
    """The state that a file says it was made from."""
    return Stamp(bytes.fromhex(str(file.facts["library"])), int(file.facts["generation"]))


@dataclass(frozen=True, slots=True)
class Made:
    """Vectors just made, and what is to be written of them."""

    stored: Stored
    facts: Facts
    sections: tuple[tuple[str, Iterable[Piece]], ...]

    def write(self, path: Path) -> None:
        """Write the file. Raises `OSError`."""
        write(path, self.facts, self.sections)


def make(stamp: Stamp, source: Source, *, flat_up_to: int) -> Made:
    """Flat rows of up to so many vectors, and lists of more, if their recall is good enough."""
    keys = source.keys()
    if len(keys.ids) > flat_up_to:
        from index.vectors.stored_lists import made_lists

        made = made_lists(stamp, source, keys)
        if made is not None:
            return made
    return _made_flat(stamp, source, keys)


def facts_of(stamp: Stamp, kind: str, dim: int, count: int) -> dict[str, int | float | str]:
    """What any file says of itself."""
    return {
        "kind": kind,
        "library": stamp.library.hex(),
        "generation": stamp.generation,
        "dim": dim,
        "count": count,
    }


def _made_flat(stamp: Stamp, source: Source, keys: Keys) -> Made:
    rows = [piece.astype("<f2").tobytes() for piece in source.all()]
    count = len(keys.ids)
    stored = Stored(stamp, keys.ids, lambda: keys.tags, Flat(source.dim, count, lambda: rows))
    return Made(
        stored,
        facts_of(stamp, "flat", source.dim, count),
        (("rows", rows), ("ids", pieces_of(keys.ids)), ("tags", pieces_of(keys.tags))),
    )
