"""The colours of a photo, measured on its pixels."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image, Resampling

_THUMB = 48
_SATURATED = 28  # of 255: below this a pixel has no hue
_COLOURLESS = 16  # a photo without a single pixel above this is in black and white

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
