"""Text-to-image and image-to-text retrieval: embed a data set, rank, measure.

Photos are decoded and fitted as indexing does it, one batch in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from eval.bootstrap import intervals
from eval.cases import CaptionedPhoto
from eval.embedded import BATCH, batches, embedded
from eval.metrics import MEASURES, Owners, Ranks, ranks
from vlm.errors import ImageUnreadable
from vlm.protocols import Embedder


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
    start = perf_counter()
    found = embedded(photos, embedder)
    kept, images = found.photos, found.vectors
    middle = perf_counter()
    captions = [caption for photo in kept for caption in photo.captions]
    texts = np.concatenate([embedder.embed_texts(batch) for batch in batches(captions, BATCH)])
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
        skipped=found.skipped,
    )


def _direction(found: Ranks, photos: Owners) -> Direction:
    return Direction(
        values={name: measure(found) for name, measure in MEASURES.items()},
        ci95=intervals(found, photos, MEASURES),
    )
