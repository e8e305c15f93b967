"""Vectors of the photos that are searched, for the files that are made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.catalogue.catalogue import Catalogue
from index.catalogue.opening import FILE
from index.catalogue.records import Model
from index.vectors.stored import Keys
from vlm.errors import LibraryDamaged
from vlm.protocols import Vectors

_IN_ONE_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class CatalogueVectors:
    """One model's vectors as a `Source`; to be used inside of one snapshot of the catalogue."""

    catalogue: Catalogue
    model: Model

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self.model.dim

    def keys(self) -> Keys:
        """The keys of all vectors, by rising photo id."""
        numbers, contents, embedded = self.catalogue.vector_keys(self.model)
        try:
            ids = np.array(numbers.split(",") if numbers else [], np.int64)
            tags, known = (np.frombuffer(bytes.fromhex(s), "<i8") for s in (contents, embedded))
            there = np.isin(tags, known)
            ids, tags = ids[there], tags[there]
        except (ValueError, IndexError) as error:
            reason = "photos without a number or a hash"
            raise LibraryDamaged(self.catalogue.folder / FILE, reason) from error
        order = np.argsort(ids, kind="stable")  # SQLite promises none to group_concat
        return Keys(ids[order], tags[order])

    def all(self) -> Iterator[Vectors]:
        """All vectors in the order of the keys. Raises `LibraryDamaged` where they differ."""
        numbers = [np.empty(0, np.int64)]
        for found, vectors in self.catalogue.vectors(self.model):
            numbers.append(found)
            yield vectors
        self._must_be(self.keys().ids, np.concatenate(numbers))

    def some(self, ids: NDArray[np.int64]) -> Vectors:
        """The vectors of some rising photo ids. Raises `LibraryDamaged` where one has none."""
        numbers, pieces = [np.empty(0, np.int64)], [np.empty((0, self.dim), np.float32)]
        for at in range(0, len(ids), _IN_ONE_STATEMENT):
            wanted = ids[at : at + _IN_ONE_STATEMENT].tolist()
            for found, vectors in self.catalogue.vectors(self.model, wanted):
                numbers.append(found)
                pieces.append(vectors)
        self._must_be(ids, np.concatenate(numbers))
        return np.concatenate(pieces)

    def _must_be(self, keys: NDArray[np.int64], found: NDArray[np.int64]) -> None:
        """Tables and their indexes say the same, unless the file is damaged."""
        if not np.array_equal(keys, found):
            reason = "its tables contradict each other"
            raise LibraryDamaged(self.catalogue.folder / FILE, reason)
