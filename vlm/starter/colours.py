"""The colours of a photo, measured on its pixels."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image, Resampling

from vlm.starter.strategies import Floats

_THUMB = 48
_SATURATED = 28  # of 255: below this a pixel has no hue
_COLOURLESS = 16  # a photo without a single pixel above this is in black and white

_FOCUS = 10.0
"""Inverse temperature that makes weights of cosines; with the next, chosen on Flickr8k dev."""
_LITTLE = 0.03  # of the area: what may be noise

_HUES = ((10, "red"), (22, "orange"), (38, "yellow"), (90, "green"), (172, "blue"), (200, "purple"),
         (240, "pink"), (256, "red"))  # fmt: skip
"""Upper ends on Pillow's circle of 256 hues."""


def colour_shares(image: Image) -> dict[str, float]:
    """Share of an image's area by colour name, largest first; brown is dark orange.

    >>> from PIL import Image
    >>> colour_shares(Image.new("RGB", (9, 9), "red"))
    {'red': 1.0}
    """
    names = _names(image)
    kinds, counts = np.unique(names, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return {str(kinds[i]): float(counts[i] / names.size) for i in order}


def colours_where(image: Image, heat: Floats) -> dict[str, float]:
    """How much more of each colour there is where ``heat`` ``(8, 8)`` is high than on the whole.

    The logarithm of the ratio of the shares: 0 where a colour is as frequent as elsewhere.

    >>> from PIL import Image
    >>> image = Image.new("RGB", (16, 16), "white")
    >>> image.paste("red", (0, 0, 4, 4))
    >>> heat = np.zeros((8, 8), np.float32)
    >>> heat[0, 0] = 1
    >>> odds = colours_where(image, heat)
    >>> max(odds, key=odds.get), min(odds, key=odds.get)
    ('red', 'white')
    """
    names, side = _names(image), len(heat)
    weights = np.exp(_FOCUS * (heat - heat.max()))
    weights /= weights.sum()
    part = len(names) // side
    odds = {}
    for name in np.unique(names):
        cells = (names == name).reshape(side, part, side, part).mean((1, 3))
        there, anywhere = float((cells * weights).sum()), float(cells.mean())
        odds[str(name)] = math.log((there + _LITTLE) / (anywhere + _LITTLE))
    return odds


def is_colourless(image: Image) -> bool:
    """Whether an image is in black and white.

    >>> from PIL import Image
    >>> is_colourless(Image.new("RGB", (9, 9), "grey")), is_colourless(Image.new("L", (1, 1)))
    (True, True)
    """
    return bool(_chroma(_hsv(image)).max() < _COLOURLESS)


def _names(image: Image) -> NDArray[np.str_]:
    """The colour name of each pixel of a thumbnail, shape ``(side, side)``."""
    hue, _, value = hsv = _hsv(image)
    chroma = _chroma(hsv)
    names = np.select(
        [value < 50, chroma < _SATURATED],
        ["black", np.where(value > 195, "white", "grey")],
        np.select([hue < top for top, _ in _HUES], [name for _, name in _HUES], "red"),
    )
    names = np.where(np.isin(names, ("orange", "yellow", "red")) & (value < 140), "brown", names)
    if chroma.max() < _COLOURLESS:
        names = np.where(value < 85, "black", np.where(value > 170, "white", "grey"))
    return names


def _hsv(image: Image) -> NDArray[np.int32]:
    """Hue, saturation and value of a thumbnail, 0 to 255: shape ``(3, side, side)``."""
    small = image.convert("RGB").resize((_THUMB, _THUMB), Resampling.BOX)
    return np.moveaxis(np.asarray(small.convert("HSV"), np.int32), 2, 0)


def _chroma(hsv: NDArray[np.int32]) -> NDArray[np.int32]:
    chroma: NDArray[np.int32] = hsv[1] * hsv[2] // 255
    return chroma
