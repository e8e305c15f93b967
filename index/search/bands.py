"""Which cosines make a hit `strong` or `maybe`, for one query in one library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from index.library import Library
from index.search.background import background
from index.search.query_vector import QueryVector
from index.search.query_vector import bounds as fixed_bounds
from index.search.relevance import HITS, Bounds, text_bounds
from vlm.protocols import Embedder, Vectors

Bands: TypeAlias = Callable[[Sequence[tuple[int, float]]], Bounds | None]
"""From ids and cosines of the best hits, best first, to the bounds; None: all may be right."""


def bands_of(library: Library, embedder: Embedder, vector: QueryVector, photos: int) -> Bands:
    """How hits of a query are banded that is compared with so many photos.

    Texts are judged by `index.search.relevance`; photos, texts with photos, and texts to a model
    that does not know everyday words apart, by fixed bounds.
    """
    calibration = embedder.calibration

    def bands(best: Sequence[tuple[int, float]]) -> Bounds | None:
        fixed = fixed_bounds(calibration, photos, vector.photos)
        if vector.photos > 0 or not best:
            return fixed
        hits = _vectors(library, embedder, [number for number, _ in best[:HITS]])
        behind = background(library, embedder)
        return text_bounds(vector.wanted, hits, photos, behind, calibration) or fixed

    return bands


def _vectors(library: Library, embedder: Embedder, numbers: list[int]) -> Vectors:
    pieces = library.catalogue.vectors(library.model_of(embedder), numbers)
    return np.concatenate([np.empty((0, embedder.dim), np.float32), *(rows for _, rows in pieces)])
