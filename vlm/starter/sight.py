"""What the starter sees in one photo: odds of each phrase, fit of any text, and its colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL.Image import Image

from vlm.protocols import Embedder, Vectors
from vlm.starter.colours import colour_shares, is_colourless
from vlm.starter.phrases import IN_OR_OUT, Floats, Phrase, PhraseScores

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
        return is_colourless(self.image)
