"""Text-to-image and image-to-text retrieval: embed a data set, rank, measure.

Photos are decoded and fitted as indexing does it, one batch in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from time import perf_counter
from typing import TypeVar

import numpy as np
from PIL.Image import Image

from eval.bootstrap import intervals
from eval.cases import CaptionedPhoto
from eval.metrics import MEASURES, Owners, Ranks, ranks
from vlm.errors import ImageUnreadable, VlmError
from vlm.images import fit_image, read_image
from vlm.protocols import Embedder, ImageInput, Vectors

BATCH = 32

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Direction:
    """Measures of one direction by name, and the 95 % interval of each."""

    values: dict[str, float]
    ci95: dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What one run measured. ``seconds_*`` is wall time, decoding included."""

    model: str
    fingerprint: str
    n_images: int
    n_texts: int
    text_to_image: Direction
    image_to_text: Direction
    seconds_images: float
    seconds_texts: float
    skipped: tuple[ImageUnreadable, ...]


def evaluate(photos: Iterable[CaptionedPhoto], embedder: Embedder) -> Retrieval:
    """Embed all photos and all their captions, and rank each against all of the other kind.

    A photo that cannot be opened is left out together with its captions, and is named in
    ``skipped``. Raises `VlmError` when none is left.
    """
    skipped: list[ImageUnreadable] = []
    kept: list[CaptionedPhoto] = []
    blocks: list[Vectors] = []
    start = perf_counter()
    for batch in _batches(_readable(photos, embedder.image_input, skipped), BATCH):
        kept.extend(photo for photo, _ in batch)
        blocks.append(embedder.embed_images([image for _, image in batch]))
    if not kept:
        raise VlmError("None of the photos can be opened, so there is nothing to measure.")
    middle = perf_counter()
    captions = [caption for photo in kept for caption in photo.captions]
    images = np.concatenate(blocks)
    texts = np.concatenate([embedder.embed_texts(batch) for batch in _batches(captions, BATCH)])
    end = perf_counter()
    image_owner = np.arange(len(kept))
    text_owner = np.repeat(image_owner, [len(photo.captions) for photo in kept])
    return Retrieval(
        model=embedder.name,
        fingerprint=embedder.fingerprint,
        n_images=len(kept),
        n_texts=len(captions),
        text_to_image=_direction(ranks(texts, images, text_owner, image_owner), text_owner),
        image_to_text=_direction(ranks(images, texts, image_owner, text_owner), image_owner),
        seconds_images=middle - start,
        seconds_texts=end - middle,
        skipped=tuple(skipped),
    )


def _direction(found: Ranks, photos: Owners) -> Direction:
    return Direction(
        values={name: measure(found) for name, measure in MEASURES.items()},
        ci95=intervals(found, photos, MEASURES),
    )


def _readable(
    photos: Iterable[CaptionedPhoto], wanted: ImageInput, skipped: list[ImageUnreadable]
) -> Iterator[tuple[CaptionedPhoto, Image]]:
    for photo in photos:
        try:
            yield photo, fit_image(read_image(photo.path, size=wanted.size), wanted)
        except ImageUnreadable as error:
            skipped.append(error)


def _batches(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
