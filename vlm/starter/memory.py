"""What the image side saw in one photo, and what the describer remembers of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from vlm.kept import Kept, digest_of
from vlm.protocols import Vectors
from vlm.starter.strategies import Floats

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 8
"""The grid has so many cells each way."""
LEARNED = 384
"""The first so many entries of a joint vector are its learned half, the rest is ConSE's."""


@dataclass(frozen=True, slots=True)
class Memory:
    """``keys`` and ``values`` ``(1, layers, heads, slots, width)`` for the decoder, the log odds
    ``nouns`` ``(N,)`` that each known noun would be named, and unit ``patches`` ``(64, 384)`` of
    the cells, row by row, in the learned half of the joint space."""

    keys: Floats
    values: Floats
    nouns: Floats
    patches: Vectors


@dataclass(frozen=True)
class Sight:
    """One photo as the image graph saw it: ``vector`` ``(768,)`` of the joint space, ``grid``
    ``(1, 64, 403)`` and ImageNet ``logits`` ``(1, 1000)``. Its memory is made when first needed."""

    vector: Floats
    grid: Floats
    logits: Floats
    remember: Callable[[Floats, Floats, Floats], Memory]

    @cached_property
    def memory(self) -> Memory:
        """What memory.onnx makes of it."""
        return self.remember(self.grid, self.logits, self.vector[None])

    def labels(self) -> Floats:
        """Probability of each ImageNet label, ``(1000,)``."""
        weights = np.exp(self.logits[0] - self.logits[0].max())
        shares: Floats = weights / weights.sum()
        return shares

    def heat(self, text: Floats) -> Floats:
        """Cosine of each cell with a text's joint vector ``(768,)``: shape ``(8, 8)``."""
        words = text[:LEARNED] / max(float(np.linalg.norm(text[:LEARNED])), 1e-9)
        heat: Floats = (self.memory.patches @ words).reshape(SIDE, SIDE)
        return heat


def read_memory(session: Any, grid: Floats, logits: Floats, vectors: Vectors) -> Memory:
    """Run memory.onnx on one photo."""
    outputs = ["keys", "values", "nouns", "patches"]
    feed = {"grid": grid, "logits": logits, "vectors": vectors}
    keys, values, nouns, patches = session.run(outputs, feed)
    return Memory(keys, values, nouns[0], patches[0])


class LastSights:
    """The last few photos that were looked at, so that further questions need no second look.

    A photo is known by its pixels: again where it was opened anew, and not where it was painted
    on. May be used by several threads.
    """

    def __init__(self, look: Callable[[Image], Sight], kept: int = 8) -> None:
        self._look = look
        self._seen: Kept[Sight] = Kept(kept, lambda _: 1)

    def of(self, image: Image) -> Sight:
        """What was seen in a photo, looked at only if it was not among the last."""
        key = digest_of(image)
        sight = self._seen.get(key)
        if sight is None:
            sight = self._look(image)
            self._seen.put(key, sight)
        return sight

    def known(self, image: Image) -> Sight | None:
        """What was seen in a photo, if it is among the last."""
        return self._seen.get(digest_of(image)) if self._seen else None
