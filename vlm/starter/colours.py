"""The colours of a photo, measured on its pixels."""

from __future__ import annotations

import math
from functools import cached_property

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


class Colours:
    """The colours of one photo, measured when they are first asked for.

    >>> from PIL import Image
    >>> image = Image.new("RGB", (16, 16), "white")
    >>> image.paste("red", (0, 0, 4, 4))
    >>> Colours(image).shares
    {'white': 0.9375, 'red': 0.0625}
    """

    def __init__(self, image: Image) -> None:
        self._image = image

    @cached_property
    def shares(self) -> dict[str, float]:
        """Share of the area by colour name, largest first; brown is dark orange."""
        kinds, counts = np.unique(self._names, return_counts=True)
        order = np.argsort(-counts, kind="stable")
        return {str(kinds[i]): float(counts[i] / self._names.size) for i in order}

    @cached_property
    def colourless(self) -> bool:
        """Whether the photo is in black and white.

        >>> from PIL import Image
        >>> Colours(Image.new("RGB", (9, 9), "grey")).colourless
        True
        """
        return bool(_chroma(self._hsv).max() < _COLOURLESS)

    def where(self, heat: Floats) -> dict[str, float]:
        """How much more of each colour there is where ``heat`` ``(8, 8)`` is high than elsewhere.

        The logarithm of the ratio of its shares there and of the whole: 0 where it is as frequent.

        >>> from PIL import Image
        >>> image = Image.new("RGB", (16, 16), "white")
        >>> image.paste("red", (0, 0, 4, 4))
        >>> heat = np.zeros((8, 8), np.float32)
        >>> heat[0, 0] = 1
        >>> odds = Colours(image).where(heat)
        >>> max(odds, key=odds.get), min(odds, key=odds.get)
        ('red', 'white')
        """
        side = len(heat)
        weights = np.exp(_FOCUS * (heat - heat.max()))
        weights /= weights.sum()
        part = len(self._names) // side
        odds = {}
        for name in np.unique(self._names):
            cells = (self._names == name).reshape(side, part, side, part).mean((1, 3))
            there, anywhere = float((cells * weights).sum()), float(cells.mean())
            odds[str(name)] = math.log((there + _LITTLE) / (anywhere + _LITTLE))
        return odds

    @cached_property
    def _hsv(self) -> NDArray[np.int32]:
        """Hue, saturation and value of a thumbnail, 0 to 255: shape ``(3, side, side)``."""
        small = self._image.convert("RGB").resize((_THUMB, _THUMB), Resampling.BOX)
        return np.moveaxis(np.asarray(small.convert("HSV"), np.int32), 2, 0)

    @cached_property
    def _names(self) -> NDArray[np.str_]:
        """The colour name of each pixel of a thumbnail, shape ``(side, side)``."""
        hue, _, value = hsv = self._hsv
        chroma = _chroma(hsv)
        names = np.select(
            [value < 50, chroma < _SATURATED],
            ["black", np.where(value > 195, "white", "grey")],
            np.select([hue < top for top, _ in _HUES], [name for _, name in _HUES], "red"),
        )
        names = np.where(
            np.isin(names, ("orange", "yellow", "red")) & (value < 140), "brown", names
        )
        if chroma.max() < _COLOURLESS:
            names = np.where(value < 85, "black", np.where(value > 170, "white", "grey"))
        return names


def _chroma(hsv: NDArray[np.int32]) -> NDArray[np.int32]:
    chroma: NDArray[np.int32] = hsv[1] * hsv[2] // 255
    return chroma
