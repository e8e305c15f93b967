"""Which cosines make a hit `strong` or `maybe`, for one query in one library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from index.background import background
from index.library import Library
from index.query_vector import QueryVector
from index.query_vector import bounds as fixed_bounds
from index.relevance import HITS, Bounds, bounds, signs
from vlm.protocols import Embedder, Vectors

Bands: TypeAlias = Callable[[Sequence[tuple[int, float]]], Bounds | None]
"""From ids and cosines of the best hits, best first, to the bounds; None: all may be right."""


def bands_of(library: Library, embedder: Embedder, vector: QueryVector, photos: int) -> Bands:
    """How hits of a query are banded that is compared with so many photos.

    Texts are judged by `index.relevance`; photos, texts with photos, and texts to a model that
    does not know everyday words apart, by fixed bounds.
    """
    calibration = embedder.calibration

    def bands(best: Sequence[tuple[int, float]]) -> Bounds | None:
        if vector.photos == 0 and best:
            behind = background(library, embedder)
            hits = _vectors(library, embedder, [number for number, _ in best[:HITS]])
            if behind.tells and hits:
                found = signs(vector.wanted, np.stack(hits), behind)
                return bounds(found, photos, behind, calibration)
        return fixed_bounds(calibration, photos, vector.photos)

    return bands


def _vectors(library: Library, embedder: Embedder, numbers: list[int]) -> list[Vectors]:
    pieces = library.catalogue.vectors(library.model_of(embedder), numbers)
    return [row for _, rows in pieces for row in rows]
