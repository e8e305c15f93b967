"""What the starter sees in one photo: odds of each phrase, fit of any text, and its colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image, Resampling

from vlm.protocols import Embedder, Vectors
from vlm.starter.phrases import IN_OR_OUT, Floats, Phrase, PhraseScores

_THUMB = 48
_SATURATED = 28  # of 255: below this a pixel has no hue
_COLOURLESS = 16  # a photo without a single pixel above this is in black and white

_HUES = ((10, "red"), (22, "orange"), (38, "yellow"), (90, "green"), (172, "blue"), (200, "purple"),
         (240, "pink"), (256, "red"))  # fmt: skip
"""Upper ends on Pillow's circle of 256 hues."""


_REMEMBERED = 4096  # texts, about 12 MB


class TextMemory:
    """Vectors of texts that were asked for before: captions of different photos share most."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Floats] = {}

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, shape ``(len(texts), dim)``."""
        known = self._known if len(self._known) < _REMEMBERED else {}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            # A new dictionary, not an update: other threads may be reading the old one.
            known = {**known, **dict(zip(new, self._embedder.embed_texts(new), strict=True))}
            self._known = known
        return np.stack([known[text] for text in texts])


@dataclass(frozen=True)
class Sight:
    """One photo, embedded once however many questions are asked about it."""

    image: Image
    scores: PhraseScores
    embedder: Embedder
    texts: TextMemory

    @cached_property
    def vector(self) -> Floats:
        """The photo's unit vector, shape ``(dim,)``."""
        row: Floats = self.embedder.embed_images([self.image])[0]
        return row

    @cached_property
    def odds(self) -> Floats:
        """Log odds of each phrase of the vocabulary, shape ``(phrases,)``."""
        return self.scores.logits(self.vector)

    def fit(self, texts: Sequence[str]) -> Floats:
        """How unusually well each text fits, in standard deviations over photos in general."""
        return self.scores.surprise(self.vector, self.texts.vectors(texts))

    def ranked(self, suits: Callable[[Phrase], bool]) -> list[tuple[float, Phrase]]:
        """Log odds and phrase of those that suit, best first."""
        rows = [
            (float(self.odds[row]), phrase)
            for row, phrase in enumerate(self.scores.vocabulary)
            if suits(phrase)
        ]
        return sorted(rows, key=lambda pair: -pair[0])

    @property
    def outdoors(self) -> float:
        """By how much the log odds of "outdoors" lead those of "indoors"."""
        odds = {phrase.say: odds for odds, phrase in self.ranked(lambda p: p.say in IN_OR_OUT)}
        return odds["outdoors"] - odds["indoors"]

    @cached_property
    def colours(self) -> dict[str, float]:
        """Share of the photo's area by colour name, largest first; they add up to 1."""
        return colour_shares(self.image)

    @cached_property
    def colourless(self) -> bool:
        """Whether the photo is in black and white."""
        return bool(_chroma(_hsv(self.image)).max() < _COLOURLESS)


def colour_shares(image: Image) -> dict[str, float]:
    """Share of an image's area by colour name, largest first; brown is dark orange.

    >>> from PIL import Image
    >>> colour_shares(Image.new("RGB", (9, 9), "red"))
    {'red': 1.0}
    """
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
    kinds, counts = np.unique(names, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return {str(kinds[i]): float(counts[i] / names.size) for i in order}


def _hsv(image: Image) -> NDArray[np.int32]:
    """Hue, saturation and value of a thumbnail, 0 to 255: shape ``(3, side, side)``."""
    small = image.convert("RGB").resize((_THUMB, _THUMB), Resampling.BOX)
    return np.moveaxis(np.asarray(small.convert("HSV"), np.int32), 2, 0)


def _chroma(hsv: NDArray[np.int32]) -> NDArray[np.int32]:
    chroma: NDArray[np.int32] = hsv[1] * hsv[2] // 255
    return chroma
