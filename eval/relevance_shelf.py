"""Asking a library of known photos for things, and what a search answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.relevance_metrics import Outcomes
from index.search.background import PHOTOS
from index.search.query_vector import bounds as fixed_bounds
from index.search.relevance import HITS, Background, text_bounds
from vlm.protocols import Calibration, Vectors

SHOWN = 12
"""Hits of a search that are looked at, as many as `vlm search` shows."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Vectors of photos, shape ``(photos, dim)``, and what their captions say of each query.

    ``named`` and ``surely`` have shape ``(queries, photos)``: whether a caption names the thing,
    and whether enough of them do. ``absent``, shape ``(queries,)``: it is from the list of things
    that nothing shows.
    """

    vectors: Vectors
    named: Flags
    surely: Flags
    absent: Flags

    def drawn(self, size: int, times: int, seed: int) -> Iterator[Shelf]:
        """Smaller libraries of ``size`` photos each, drawn without replacement."""
        draw = np.random.default_rng(seed)
        for _ in range(times):
            some = draw.permutation(len(self.vectors))[:size]
            yield Shelf(self.vectors[some], self.named[:, some], self.surely[:, some], self.absent)


@dataclass(frozen=True, slots=True)
class Answers:
    """For each query that was asked its number, outcome and best cosine, and its hits by band.

    ``strong``, ``maybe`` and ``right`` have shape ``(asked, hits)``, best hit first.
    """

    asked: NDArray[np.int64]
    outcomes: Outcomes
    best: NDArray[np.float32]
    strong: Flags
    maybe: Flags
    right: Flags


def answers(
    shelf: Shelf, texts: Vectors, words: Vectors, calibration: Calibration | None
) -> Answers:
    """What a search answers to each text, shape ``(queries, dim)``, that can be judged here.

    A thing that captions name elsewhere, and no photo here surely shows, is not asked for.
    """
    photos = len(shelf.vectors)
    there: Flags = np.any(shelf.surely, axis=1)
    asked = np.flatnonzero(there | shelf.absent)
    behind = Background.of(words, shelf.vectors[:PHOTOS])
    scores = texts[asked] @ shelf.vectors.T
    shown = np.argsort(-scores, axis=1, kind="stable")[:, :SHOWN]
    best = np.take_along_axis(scores, shown, 1)
    lowest = np.array(
        [
            text_bounds(texts[query], shelf.vectors[hits[:HITS]], photos, behind, calibration)
            or fixed_bounds(calibration, photos, 0)
            or (np.inf, -np.inf)
            for query, hits in zip(asked, shown, strict=True)
        ]
    )
    strong = best >= lowest[:, :1]
    maybe = (best >= lowest[:, 1:]) & ~strong
    return Answers(
        asked=asked,
        outcomes=2 * there[asked] + (strong | maybe).any(1),
        best=best[:, 0],
        strong=strong,
        maybe=maybe,
        right=np.take_along_axis(shelf.named[asked], shown, 1),
    )
