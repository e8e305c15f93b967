"""Captioning: let a describer caption photos, or read captions made elsewhere, and score them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from eval.bootstrap import intervals
from eval.caption_scores import Measure, score
from eval.cases import CaptionedPhoto
from vlm.errors import ImageUnreadable, ReplyEmpty, VlmError
from vlm.images import read_image
from vlm.protocols import Describer
from vlm.tasks import caption

READ_SIZE = 1024
"""Pixels that no side needs to exceed, as where the ``vlm`` command captions."""

MEANS = ("CIDEr", "ROUGE-L")
"""The measures that are means over photos. Only these have intervals: BLEU-4 and METEOR are
computed from counts of all captions together."""


@dataclass(frozen=True, slots=True)
class Captions:
    """What was said of which photos.

    ``seconds_per_photo`` is wall time with decoding and without loading the model; None where
    the captions were made elsewhere.
    """

    source: str
    photos: tuple[CaptionedPhoto, ...]
    said: tuple[str, ...]
    seconds_per_photo: float | None = None
    skipped: tuple[ImageUnreadable, ...] = ()


@dataclass(frozen=True, slots=True)
class Captioning:
    """Captions with their measures by name, and the 95 % interval of `MEANS`."""

    captions: Captions
    measures: dict[str, Measure]
    ci95: dict[str, tuple[float, float]]


def opened(
    photos: Iterable[CaptionedPhoto], skipped: list[ImageUnreadable]
) -> Iterator[tuple[CaptionedPhoto, Image]]:
    """Photos as describers look at them; one that cannot be opened goes into ``skipped``."""
    for photo in photos:
        try:
            yield photo, read_image(photo.path, size=READ_SIZE)
        except ImageUnreadable as error:
            skipped.append(error)


def caption_all(photos: Iterable[CaptionedPhoto], describer: Describer) -> Captions:
    """Caption each photo. Where the describer has no words the caption is empty, and scores 0.

    A photo that cannot be opened is left out and named in ``skipped``. Raises `VlmError` when
    none is left, and what `vlm.tasks.caption` raises.
    """
    kept: list[CaptionedPhoto] = []
    said: list[str] = []
    skipped: list[ImageUnreadable] = []
    started = perf_counter()
    for photo, image in opened(photos, skipped):
        try:
            said.append(caption(image, describer))
        except ReplyEmpty:
            said.append("")
        kept.append(photo)
    if not kept:
        raise VlmError("None of the photos can be opened, so there is nothing to measure.")
    seconds = (perf_counter() - started) / len(kept)
    return Captions(describer.name, tuple(kept), tuple(said), seconds, tuple(skipped))


def evaluate(captions: Captions) -> Captioning:
    """Score captions; raises what `eval.caption_scores.score` raises."""
    measures = score(captions.said, [photo.captions for photo in captions.photos])
    photos = np.arange(len(captions.photos))
    ci95 = {
        name: intervals(np.array(measures[name].each), photos, {name: _mean})[name]
        for name in MEANS
    }
    return Captioning(captions, measures, ci95)


def _mean(scores: NDArray[np.float64]) -> float:
    return float(np.mean(scores))
