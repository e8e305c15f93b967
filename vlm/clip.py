"""An embedder made of two towers, whatever runs them.

Images are made square by `vlm.images.fit_image` (bicubic, antialiased) and normalised here, the
same for every engine, so that vectors of a library stay comparable when the engine changes.
open_clip scales first and crops then, and some checkpoints ask for bilinear scaling: its pixels
differ by a rounding of the crop's position.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vlm.protocols import Calibration, ImageInput, Vectors

if TYPE_CHECKING:
    from PIL.Image import Image

Triple: TypeAlias = tuple[float, float, float]
"""One number a colour channel, red first."""

Pixels: TypeAlias = NDArray[np.float32]
"""Normalised images, shape ``(n, 3, size, size)``."""

BATCH = 16
"""Images or texts at a time: enough to keep a CPU busy, little enough for its cache."""


class Towers(Protocol):
    """Two networks into one space; rows need no unit length."""

    def image_rows(self, pixels: Pixels) -> Vectors:
        """One row an image, shape ``(n, dim)``."""

    def text_rows(self, texts: Sequence[str]) -> Vectors:
        """One row a text, shape ``(n, dim)``."""


@dataclass(frozen=True)
class ClipEmbedder:
    """An `Embedder` on two towers."""

    name: str
    fingerprint: str
    dim: int
    image_input: ImageInput
    mean: Triple
    std: Triple
    towers: Towers
    calibration: Calibration | None = None

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """Embed images of any size: shape ``(n, dim)``."""
        rows = [
            self.towers.image_rows(
                to_pixels(images[i : i + BATCH], self.image_input, self.mean, self.std)
            )
            for i in range(0, len(images), BATCH)
        ]
        return unit(rows, self.dim)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: shape ``(n, dim)``; what exceeds the model's context is cut."""
        rows = [self.towers.text_rows(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)]
        return unit(rows, self.dim)


def to_pixels(images: Sequence[Image], wanted: ImageInput, mean: Triple, std: Triple) -> Pixels:
    """Square, normalised pixels of images of any size."""
    from vlm.images import fit_image  # a query of words needs no Pillow

    stack = np.stack([np.asarray(fit_image(i.convert("RGB"), wanted)) for i in images])
    # (x / 255 - mean) / std in two steps, and in the order that comes out: four times as fast.
    one, all_light = np.float32(1), np.float32(255)
    factor: Pixels = one / (all_light * np.array(std, np.float32)[:, None, None])
    offset: Pixels = factor * (all_light * np.array(mean, np.float32)[:, None, None])
    pixels: Pixels = np.multiply(stack.transpose(0, 3, 1, 2), factor, dtype=np.float32, order="C")
    pixels -= offset
    return pixels


def unit(batches: Sequence[Vectors], dim: int) -> Vectors:
    """Join batches of rows and give each row unit length; no batch gives shape ``(0, dim)``.

    >>> unit([np.array([[3, 4]], np.float32)], 2).tolist()
    [[0.6000000238418579, 0.800000011920929]]
    """
    if not batches:
        return np.zeros((0, dim), np.float32)
    rows = np.concatenate(batches).astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit_rows: Vectors = rows / np.maximum(lengths, np.float32(1e-12))
    return unit_rows
