"""A file of vectors in lists of 8-bit codes: made where their recall is good enough, and opened."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from index.vectors import recall
from index.vectors.clustering import Built, cluster
from index.vectors.flat import Ranks
from index.vectors.inverted import Inverted, Layout, Lists, Probes
from index.vectors.sealed import Damaged, Piece, SealedFile, pieces_of
from index.vectors.stored import Keys, Made, Source, Stamp, Stored, facts_of

_log = logging.getLogger(__name__)


def lists_of(file: SealedFile, dim: int) -> Inverted:
    """The lists of a file; each is read when it is searched. Raises `Damaged`."""
    layout = Layout(
        file.array("centres", "<f4").reshape(-1, dim),
        file.array("trained", "<f4"),
        file.array("starts", "<i8"),
    )
    facts = file.facts
    probes = Probes(int(facts["near"]), int(facts["far"]), float(facts["border"]))
    return Inverted(layout, _FileLists(file, layout), probes)


def made_lists(stamp: Stamp, source: Source, keys: Keys) -> Made | None:
    """Lists of the vectors of a source, or None where too little would be found in them."""
    built, probes, measured = cluster(source.dim, keys.tags, source.all)
    if measured.near < recall.PROMISED:
        _log.warning("approximate search would find only %.3f; staying exact", measured.near)
        return None
    layout = built.layout
    stored = Stored(stamp, keys.ids, lambda: keys.tags, Inverted(layout, built, probes))
    facts = facts_of(stamp, "lists", layout.dim, layout.count) | asdict(probes)
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
