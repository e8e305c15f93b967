"""What shape a decoded image is to have: the square of an embedder, or as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from PIL import Image

from vlm.images import fit_image
from vlm.protocols import ImageInput


@dataclass(frozen=True, slots=True)
class Whole:
    """All of the image in its own shape, no side longer than ``size`` pixels."""

    size: int


Shape: TypeAlias = ImageInput | Whole


def side_needed(shape: Shape) -> int:
    """Pixels a side that are enough to decode: half as many where all of the image is wanted."""
    return shape.size // 2 if isinstance(shape, Whole) else shape.size


def shape_named(size: int, fit: str) -> Shape:
    """The shape that `name_of` named.

    >>> shape_named(1024, "whole")
    Whole(size=1024)
    """
    return (
        Whole(size) if fit == "whole" else ImageInput(size, "crop" if fit == "crop" else "squash")
    )


def name_of(shape: Shape) -> str:
    """The word for a shape, for another process."""
    return "whole" if isinstance(shape, Whole) else shape.fit


def shaped(image: Image.Image, shape: Shape) -> Image.Image:
    """The image in a shape; never enlarged to be `Whole`."""
    if isinstance(shape, ImageInput):
        return fit_image(image, shape)
    image.thumbnail((shape.size, shape.size), Image.Resampling.BICUBIC)
    return image
