"""Small squares of photos, decoded when they are asked for; the last ones asked for are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.catalogue.records import Content
from index.decoding.decode import Decoded, Decoder
from index.duplicates.overlay import SIDE
from index.duplicates.present import CHANGED
from index.records import Skipped
from vlm.errors import ImageUnreadable
from vlm.protocols import ImageInput

_KEPT = 16_384
"""Thumbnails in memory: 200 MB."""

_DECODED = ImageInput(2 * SIDE, "squash")
"""Twice the side, since decoders of JPEG round scaled sides up, which looks like a small crop."""

Thumbnail = NDArray[np.uint8]


class Thumbnails:
    """Thumbnails of photos, by their id: shape ``(SIDE, SIDE, 3)``."""

    def __init__(self, workers: int) -> None:
        self.skipped: dict[int, Skipped] = {}
        """Photos that cannot be read any more, or hold something else than when indexed."""
        self._decoder = Decoder(_DECODED, workers)
        self._kept: OrderedDict[int, Thumbnail] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._decoder.close()

    def hashes(self, photos: Iterable[Content]) -> dict[int, int]:
        """Difference hashes; photos that cannot be read are left out."""
        read = self._read(photos)
        return {number: decoded.facts.dhash or 0 for number, decoded in read.items()}

    def of(self, photos: Iterable[Content]) -> Mapping[int, Thumbnail]:
        """Thumbnails; photos that cannot be read are left out."""
        asked = {photo.id: photo for photo in photos}
        found = {number: self._kept[number] for number in asked if number in self._kept}
        fresh = self._read(photo for number, photo in asked.items() if number not in found)
        found |= {number: _thumbnail(decoded) for number, decoded in fresh.items()}
        for number, thumbnail in found.items():
            self._kept[number] = thumbnail
            self._kept.move_to_end(number)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found

    def _read(self, photos: Iterable[Content]) -> dict[int, Decoded]:
        jobs = [
            (photo, self._decoder.submit(photo.path))
            for photo in photos
            if photo.id not in self.skipped
        ]
        found: dict[int, Decoded] = {}
        for photo, job in jobs:
            try:
                decoded = job.result()
            except ImageUnreadable as error:
                self.skipped[photo.id] = Skipped(photo.path, error.reason)
                continue
            if decoded.state.hash == photo.hash:
                found[photo.id] = decoded
            else:
                self.skipped[photo.id] = Skipped(photo.path, CHANGED)
        return found


def _thumbnail(decoded: Decoded) -> Thumbnail:
    assert decoded.image is not None
    return np.asarray(decoded.image.reduce(2), np.uint8)
