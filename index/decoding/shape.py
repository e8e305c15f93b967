"""What shape a decoded image is to have: the square of an embedder, or as it is."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

from PIL import Image

from vlm.images import fit_image
from vlm.protocols import ImageInput


@dataclass(frozen=True, slots=True)
class Whole:
    """All of the image in its own shape, no side longer than ``size`` pixels."""

    size: int


@dataclass(frozen=True, slots=True)
class Short:
    """All of the image in its own shape: the short side has at most ``size`` pixels, and the whole
    no more than four squares of that side."""

    size: int


Shape: TypeAlias = ImageInput | Whole | Short


def side_needed(shape: Shape) -> int:
    """Pixels a side that are enough to decode: half as many where all of the image is wanted."""
    return shape.size // 2 if isinstance(shape, Whole) else shape.size


def shape_named(size: int, fit: str) -> Shape:
    """The shape that `name_of` named.

    >>> shape_named(1024, "whole")
    Whole(size=1024)
    """
    match fit:
        case "whole":
            return Whole(size)
        case "short":
            return Short(size)
        case _:
            return ImageInput(size, "crop" if fit == "crop" else "squash")


def name_of(shape: Shape) -> str:
    """The word for a shape, for another process."""
    return shape.fit if isinstance(shape, ImageInput) else type(shape).__name__.lower()


def shaped(image: Image.Image, shape: Shape) -> Image.Image:
    """The image in a shape; never enlarged to be `Whole` or `Short`."""
    if isinstance(shape, ImageInput):
        return fit_image(image, shape)
    longest = shape.size
    if isinstance(shape, Short):
        short, long = sorted(image.size)
        longest = int(long * min(shape.size / short, 2 * shape.size / sqrt(short * long)))
    longest = max(1, longest)
    image.thumbnail((longest, longest), Image.Resampling.BICUBIC)
    return image
