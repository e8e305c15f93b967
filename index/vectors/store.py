"""Vectors in files that are derived: the one door to them.

A file of vectors is brought to the state of the catalogue when somebody searches or has indexed:
it is used as it is, with a few changes beside it, or made again. It is flat or in lists, by size
and by measured recall (docs/decisions/0009). A file that is damaged is never given to FAISS.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.vectors import changes as vector_changes
from index.vectors import stored
from index.vectors.changes import VectorChanges
from index.vectors.flat import Chosen
from index.vectors.sealed import TEMPORARY, Damaged, SealedFile
from index.vectors.stored import Keys, Source, Stamp, Stored
from vlm.protocols import Vectors

__all__ = ["TEMPORARY", "FileFacts", "Keys", "Source", "Stamp", "VectorIndex"]

_log = logging.getLogger(__name__)


def file_name(fingerprint: str) -> str:
    """Name of the file for a model; different fingerprints never share one.

    >>> file_name("starter-1")
    'vectors-starter-1.faiss'
    >>> file_name("/models/My CLIP")
    'vectors-models-my-clip-d957df1f.faiss'
    """
    slug = re.sub(r"[^a-z0-9._-]+", "-", fingerprint.lower()).strip("-.")[:60]
    if slug != fingerprint:
        slug += "-" + hashlib.sha256(fingerprint.encode()).hexdigest()[:8]
    return f"vectors-{slug}.faiss"


Again: TypeAlias = "Callable[[VectorIndex], VectorIndex]"
"""Makes the vectors again from the catalogue, without the file of the ones that are given."""


@dataclass(frozen=True)
class VectorIndex:
    """All vectors of a model in one state: a file, and what changed since it was made."""

    stored: Stored
    changes: VectorChanges | None
    again: Again
    """For when the file proves to be damaged."""

    @property
    def stamp(self) -> Stamp:
        """The state of the catalogue."""
        return self.changes.stamp if self.changes else self.stored.stamp

    @property
    def ntotal(self) -> int:
        """How many vectors are searched."""
        more = len(self.changes.keys.ids) - len(self.changes.gone) if self.changes else 0
        return len(self.stored.ids) + more

    @cached_property
    def _alive(self) -> Chosen | None:
        """The ranks of the file that are still there; None where all are."""
        if self.changes is None or not len(self.changes.gone):
            return None
        flags = np.ones(len(self.stored.ids), np.bool_)
        flags[self.changes.gone] = False
        return Chosen.of(flags)

    def find(
        self, query: Vectors, k: int, allowed: NDArray[np.int64] | None
    ) -> list[tuple[int, float]]:
        """As `search`; raises `Damaged`."""
        row = np.ascontiguousarray(query, np.float32)
        chosen = self._alive if allowed is None else self._chosen(allowed)
        ranks, scores = self.stored.searcher.search(row, k, chosen)
        found = list(zip(self.stored.ids[ranks].tolist(), scores.tolist(), strict=True))
        if self.changes is not None:
            ids = self.changes.keys.ids
            some = None if allowed is None else Chosen.of(_flags(ids, allowed))
            ranks, scores = self.changes.searcher.search(row, k, some)
            found += zip(ids[ranks].tolist(), scores.tolist(), strict=True)
        found.sort(key=lambda hit: (-hit[1], hit[0]))
        return [(photo, min(1.0, score)) for photo, score in found[: max(k, 0)]]

    def _chosen(self, allowed: NDArray[np.int64]) -> Chosen:
        flags = _flags(self.stored.ids, allowed)
        if self.changes is not None:
            flags[self.changes.gone] = False
        return Chosen.of(flags)


def _flags(ids: NDArray[np.int64], allowed: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of some rising ids are allowed, shape ``(len(ids),)``."""
    flags = np.zeros(len(ids) + 1, np.bool_)  # the last is for ids beyond
    places = np.searchsorted(ids, allowed)
    flags[places] = np.append(ids, -1)[places] == allowed
    return flags[:-1]


def search(
    index: VectorIndex, query: Vectors, k: int, allowed: NDArray[np.int64] | None = None
) -> list[tuple[int, float]]:
    """Best ids and cosines, best first, at most ``k``; only of ``allowed`` ids if given.

    ``query`` has shape ``(dim,)``. Ties are ordered by id.
    """
    try:
        return index.find(query, k, allowed)
    except Damaged as damage:
        _log.warning("the vectors are %s; making them again from the catalogue", damage)
    return index.again(index).find(query, k, allowed)


def bring(
    path: Path,
    stamp: Stamp,
    source: Source,
    again: Again,
    held: VectorIndex | None = None,
    *,
    flat_up_to: int = stored.FLAT_UP_TO,
) -> VectorIndex:
    """The vectors of a source, whose state is ``stamp``, from the file at ``path`` if possible.

    The file is made or changed as needed; where that fails, the search at hand still works.
    ``held`` is what an earlier call returned, which may be in memory already.
    """
    index = _known(path, stamp, again, held)
    if index is not None:
        if index.stamp == stamp:
            return index
        changed = _changed(index, path, stamp, source)
        if changed is not None:
            return changed
    made = stored.make(stamp, source, flat_up_to=flat_up_to)
    fresh = made.stored
    try:
        made.write(path)
        vector_changes.file_of(path).unlink(missing_ok=True)
        fresh = Stored.of(SealedFile.open(path))
    except (Damaged, OSError) as error:
        _log.warning("%s: not written: %s", path, error)
    return VectorIndex(fresh, None, again)


def _known(path: Path, stamp: Stamp, again: Again, held: VectorIndex | None) -> VectorIndex | None:
    """What is in memory or in files, of whatever state; None where there is nothing of use."""
    if held is not None and held.stamp.library != stamp.library:
        held = None
    try:
        file = SealedFile.open(path)
        if held is not None and held.stored.seal == file.seal:
            return held
        there = Stored.of(file)
    except FileNotFoundError:
        return held
    except (Damaged, OSError) as error:
        _say_damaged(path, error)
        return None
    if there.stamp.library != stamp.library:
        return None
    try:
        return VectorIndex(there, vector_changes.saved(there, path), again)
    except (Damaged, OSError) as error:
        _say_damaged(vector_changes.file_of(path), error)
    return VectorIndex(there, None, again)


def _changed(index: VectorIndex, path: Path, stamp: Stamp, source: Source) -> VectorIndex | None:
    try:
        found = vector_changes.since(index.stored, index.changes, stamp, source)
    except Damaged as error:
        _say_damaged(path, error)
        return None
    if found is None:
        return None
    try:
        vector_changes.save(found, path)
    except OSError as error:
        _log.warning("%s: not written: %s", vector_changes.file_of(path), error.strerror or error)
    return VectorIndex(index.stored, found, index.again)


def _say_damaged(path: Path, error: Damaged | OSError) -> None:
    reason = str(error) if isinstance(error, Damaged) else error.strerror or str(error)
    _log.warning("%s: %s; making it again from the catalogue", path, reason)


def forget(path: Path) -> None:
    """Take away the files of vectors at a path, as far as possible; they can be made again."""
    for file in (path, vector_changes.file_of(path)):
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("%s: not removed: %s", file, error.strerror or error)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """How a model's photos are searched; ``recall`` at 10 was measured when the file was made.

    ``recall`` is that of photos as queries, ``recall_far`` that of queries as far as texts are.
    Where every photo is compared both are 1, by construction.
    """

    exact: bool
    recall: float = 1.0
    recall_far: float = 1.0


def facts(path: Path) -> FileFacts | None:
    """What the file at a path says of itself; None where there is none that can be believed."""
    try:
        said = SealedFile.open(path).facts
    except (Damaged, OSError):
        return None
    if "recall" not in said:
        return FileFacts(exact=True)
    return FileFacts(False, float(said["recall"]), float(said["recall_far"]))
