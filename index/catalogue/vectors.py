"""Vectors of the photos that are searched, for the files that are made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.catalogue.catalogue import Catalogue
from index.catalogue.opening import FILE
from index.catalogue.records import Model
from index.vectors.stored import Keys
from vlm.errors import LibraryDamaged
from vlm.protocols import Vectors

_CHUNK = 8192

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
        pairs = self.catalogue.vector_keys(self.model)
        ids, tags = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        while some := list(islice(pairs, _CHUNK)):
            photos, contents = zip(*some, strict=True)
            try:
                ids.append(np.array(photos, np.int64))
                tags.append(np.frombuffer(b"".join(contents), "<i8"))
            except (TypeError, ValueError) as error:
                reason = "photos without a number or a hash"
                raise LibraryDamaged(self.catalogue.folder / FILE, reason) from error
        return Keys(np.concatenate(ids), np.concatenate(tags))

    def all(self) -> Iterator[Vectors]:
        """All vectors in the order of the keys."""
        for _, vectors in self.catalogue.vectors(self.model):
            yield vectors

    def some(self, ids: NDArray[np.int64]) -> Vectors:
        """The vectors of some rising photo ids."""
        pieces = [np.empty((0, self.dim), np.float32)]
        for at in range(0, len(ids), _IN_ONE_STATEMENT):
            wanted = ids[at : at + _IN_ONE_STATEMENT].tolist()
            pieces += [rows for _, rows in self.catalogue.vectors(self.model, wanted)]
        return np.concatenate(pieces)
