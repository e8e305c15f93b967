"""What changed since a file of vectors was made, kept beside it, so that it need not be made again.

A few photos more or less cost a small file with their rows and the ranks that are gone; the large
file stays as it is. Which they are is found by comparing keys with the catalogue's, so there is no
second record of changes that could be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.vectors.flat import Flat, Ranks
from index.vectors.sealed import Damaged, SealedFile, pieces_of, write
from index.vectors.stored import Keys, Source, Stamp, Stored, stamp_of

_AT_LEAST = 1000
_SHARE = 0.1
"""Changes that are kept beside a file before it is made again: so many, or a tenth of it."""


@dataclass(frozen=True)
class VectorChanges:
    """Ranks of a file that are gone, and rows that came, as half-precision ``(n, dim)``."""

    seal: int
    """That of the file that they belong to."""
    stamp: Stamp
    gone: Ranks
    keys: Keys
    rows: NDArray[np.float16]

    @cached_property
    def searcher(self) -> Flat:
        """Searches the rows that came."""
        return Flat(self.rows.shape[1], len(self.rows), lambda: [self.rows.tobytes()])


def file_of(path: Path) -> Path:
    """Where the changes to a file of vectors are kept."""
    return path.with_suffix(".changes")


def since(
    stored: Stored, before: VectorChanges | None, stamp: Stamp, source: Source
) -> VectorChanges | None:
    """The changes that lead from a file to what a source has now; None where they are too many.

    Rows that ``before`` has are taken from there. Raises `Damaged`.
    """
    now = source.keys()
    places, same = _matching(now, stored.keys)
    kept = np.zeros(len(stored.ids), np.bool_)
    kept[places[same]] = True
    gone = np.flatnonzero(~kept)
    came = Keys(now.ids[~same], now.tags[~same])
    if len(gone) + len(came.ids) > max(_AT_LEAST, _SHARE * len(stored.ids)):
        return None
    rows = np.empty((len(came.ids), source.dim), np.float16)
    fresh = np.ones(len(rows), np.bool_)
    if before is not None:
        places, same = _matching(came, before.keys)
        rows[same] = before.rows[places[same]]
        fresh = ~same
    if fresh.any():
        rows[fresh] = source.some(came.ids[fresh])
    return VectorChanges(stored.seal, stamp, gone, came, rows)


def _matching(some: Keys, among: Keys) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where each key would stand among others, and whether the very same stands there."""
    places = np.searchsorted(among.ids, some.ids)
    same = places < len(among.ids)
    at = places[same]
    same[same] = (among.ids[at] == some.ids[same]) & (among.tags[at] == some.tags[same])
    return places, same


def save(changes: VectorChanges, path: Path) -> None:
    """Write the changes to the file of vectors at ``path``. Raises `OSError`."""
    facts = {
        "kind": "changes",
        "library": changes.stamp.library.hex(),
        "generation": changes.stamp.generation,
        "seal": changes.seal,
        "dim": changes.rows.shape[1],
    }
    sections = (
        ("gone", pieces_of(changes.gone)),
        ("ids", pieces_of(changes.keys.ids)),
        ("tags", pieces_of(changes.keys.tags)),
        ("rows", pieces_of(changes.rows)),
    )
    write(file_of(path), facts, sections)


def saved(stored: Stored, path: Path) -> VectorChanges | None:
    """The changes to a file of vectors, if there are some for it. Raises `Damaged`, `OSError`."""
    try:
        file = SealedFile.open(file_of(path))
    except FileNotFoundError:
        return None
    if file.facts["kind"] != "changes":
        raise Damaged("not a file of changes")
    stamp, seal = stamp_of(file), int(file.facts["seal"])
    if (stamp.library, seal) != (stored.stamp.library, stored.seal):
        return None
    keys = Keys(file.array("ids", "<i8"), file.array("tags", "<i8"))
    rows = file.array("rows", "<f2").reshape(len(keys.ids), int(file.facts["dim"]))
    return VectorChanges(seal, stamp, file.array("gone", "<i8"), keys, rows)
