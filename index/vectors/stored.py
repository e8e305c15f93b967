"""A file of vectors: flat rows, or lists of 8-bit codes; made from a source, written and opened."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.vectors import recall
from index.vectors.clustering import Built, cluster
from index.vectors.flat import Chosen, Flat, Found, Ranks
from index.vectors.inverted import Inverted, Layout, Lists, Probes
from index.vectors.recall import Measured
from index.vectors.sealed import Damaged, Facts, Piece, SealedFile, pieces_of, write
from vlm.protocols import Vectors

_log = logging.getLogger(__name__)

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
            searcher = _lists_of(file, dim)
        ids = file.array("ids", "<i8")
        return cls(stamp_of(file), ids, lambda: file.array("tags", "<i8"), searcher, file.seal)


def stamp_of(file: SealedFile) -> Stamp:
    """The state that a file says it was made from."""
    return Stamp(bytes.fromhex(str(file.facts["library"])), int(file.facts["generation"]))


def _lists_of(file: SealedFile, dim: int) -> Inverted:
    layout = Layout(
        file.array("centres", "<f4").reshape(-1, dim),
        file.array("trained", "<f4"),
        file.array("starts", "<i8"),
    )
    facts = file.facts
    probes = Probes(int(facts["near"]), int(facts["far"]), float(facts["border"]))
    return Inverted(layout, _FileLists(file, layout), probes)


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
        built, probes, measured = cluster(source.dim, keys.tags, source.all)
        if measured.near >= recall.PROMISED:
            return _made_lists(stamp, keys, built, probes, measured)
        _log.warning("approximate search would find only %.3f; staying exact", measured.near)
    return _made_flat(stamp, source, keys)


def _facts(stamp: Stamp, kind: str, dim: int, count: int) -> dict[str, int | float | str]:
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
        _facts(stamp, "flat", source.dim, count),
        (("rows", rows), ("ids", pieces_of(keys.ids)), ("tags", pieces_of(keys.tags))),
    )


def _made_lists(stamp: Stamp, keys: Keys, built: Built, probes: Probes, measured: Measured) -> Made:
    layout = built.layout
    stored = Stored(stamp, keys.ids, lambda: keys.tags, Inverted(layout, built, probes))
    facts = _facts(stamp, "lists", layout.dim, layout.count) | asdict(probes)
    facts |= {"recall": measured.near, "recall_far": measured.far}
    checks = np.empty(len(layout.centres), "<u4")
    sections: tuple[tuple[str, Iterable[Piece]], ...] = (
        ("lists", _blocks(built, checks)),
        ("checks", _late(checks)),
        ("centres", pieces_of(layout.centres)),
        ("trained", pieces_of(layout.trained)),
        ("starts", pieces_of(layout.starts)),
        ("places", pieces_of(built.places().astype("<u4"))),
        ("ids", pieces_of(keys.ids)),
        ("tags", pieces_of(keys.tags)),
    )
    return Made(stored, facts, sections)


def _blocks(built: Built, checks: NDArray[np.uint32]) -> Iterator[Piece]:
    """Each list as its ranks and then its codes; what its check is, is noted on the way."""
    for number in range(len(checks)):
        ranks, codes = built.of(number)
        block = ranks.astype("<u4").tobytes() + codes.tobytes()
        checks[number] = zlib.crc32(block)
        yield block


def _late(array: NDArray[np.uint32]) -> Iterator[Piece]:
    yield array.tobytes()


class _FileLists(Lists):
    """Lists in a file; one that is not as it was written raises `Damaged` when it is read."""

    def __init__(self, file: SealedFile, layout: Layout) -> None:
        self._file = file
        self._layout = layout
        self._checks = file.array("checks", "<u4")

    def of(self, number: int) -> tuple[Ranks, NDArray[np.uint8]]:
        """Ranks and codes of one list."""
        start, end = (int(at) for at in self._layout.starts[number : number + 2])
        width = 4 + self._layout.dim
        block = self._file.parts("lists", [start * width], (end - start) * width)
        if zlib.crc32(block) != self._checks[number]:
            raise Damaged("damaged (checksum)")
        cut = 4 * (end - start)
        codes = np.frombuffer(block, np.uint8, offset=cut)
        return np.frombuffer(block[:cut], "<u4").astype(np.int64), codes

    def places(self) -> NDArray[np.int64]:
        """For each rank its row among all lists."""
        return self._file.array("places", "<u4").astype(np.int64)

    def rows(self, places: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Codes of some rows. They are not checked: a wrong one costs one wrong score."""
        starts, dim = self._layout.starts, self._layout.dim
        ends = starts[np.searchsorted(starts, places, side="right")]
        # Behind the ranks of its own list and of all lists before, and the codes before it.
        data = self._file.parts("lists", (4 * ends + dim * places).tolist(), dim)
        return np.frombuffer(data, np.uint8).reshape(-1, dim)
