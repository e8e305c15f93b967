"""Captioned photos with their vectors, decoded and fitted as indexing does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np
from PIL.Image import Image

from eval.cases import CaptionedPhoto
from vlm.errors import ImageUnreadable, VlmError
from vlm.images import fit_image, read_image
from vlm.protocols import Embedder, ImageInput, Vectors

BATCH = 32

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Embedded:
    """Photos and their vectors, shape ``(len(photos), dim)``; and those that cannot be opened."""

    photos: tuple[CaptionedPhoto, ...]
    vectors: Vectors
    skipped: tuple[ImageUnreadable, ...]


def embedded(photos: Iterable[CaptionedPhoto], embedder: Embedder) -> Embedded:
    """Embed all photos, a batch at a time. Raises `VlmError` when none can be opened."""
    skipped: list[ImageUnreadable] = []
    kept: list[CaptionedPhoto] = []
    blocks: list[Vectors] = []
    for batch in batches(_readable(photos, embedder.image_input, skipped), BATCH):
        kept.extend(photo for photo, _ in batch)
        blocks.append(embedder.embed_images([image for _, image in batch]))
    if not kept:
        raise VlmError("None of the photos can be opened, so there is nothing to measure.")
    return Embedded(tuple(kept), np.concatenate(blocks), tuple(skipped))


def batches(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    """The items in lists of ``size``; the last may be shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _readable(
    photos: Iterable[CaptionedPhoto], wanted: ImageInput, skipped: list[ImageUnreadable]
) -> Iterator[tuple[CaptionedPhoto, Image]]:
    for photo in photos:
        try:
            yield photo, fit_image(read_image(photo.path, size=wanted.size), wanted)
        except ImageUnreadable as error:
            skipped.append(error)
