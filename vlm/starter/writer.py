"""What the decoder writes about a photo: drafts of a caption, answers, and how likely each is."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vlm.starter.decoder import Decoder, State
from vlm.starter.memory import Sight
from vlm.starter.nouns import Nouns, article
from vlm.starter.sampling import samples
from vlm.starter.settings import Settings
from vlm.starter.strategies import Floats, beam, run
from vlm.starter.weights import FOLDER, open_weights
from vlm.starter.words import Words

DECODER = "decoder.onnx"
_CAPTION, _ANSWER = 22, 6
"""Tokens of the longest caption and answer; few photos have captions of more than 20 words."""
_ANSWERS = 3
_FRAME = re.compile(r"^(?:an? )?(?:picture|photo|image|close[ -]up) of ")


@dataclass(frozen=True, slots=True)
class Draft:
    """A text in lower case, its log probability per token, and its probability."""

    text: str
    per_word: float
    probability: float


class Writer:
    """The decoder and its words, loaded at once; ``tokenizer`` is the text tower's."""

    def __init__(self, tokenizer: Any, settings: Settings, folder: Path = FOLDER) -> None:
        self.words = Words(tokenizer, folder)
        self._settings = settings
        self._decoder = Decoder(open_weights(DECODER, folder, threads=1))

    def captions(self, sight: Sight) -> list[Draft]:
        """Different captions: the beam's, best first, then samples; the same for the same photo."""
        state, first = self._start(sight, self.words.caption_prefix())
        use, end = self._settings, self.words.end
        strategies = [beam(first, width=use.beams, end=end, limit=_CAPTION, penalty=use.penalty)]
        if use.samples:
            drawn = samples(
                first,
                count=use.samples,
                end=end,
                limit=_CAPTION,
                temperature=use.temperature,
                top=use.top,
                seed=0,
            )
            strategies.append(drawn)
        return self._drafts(run(self._decoder.step, state, strategies))

    def samples(self, sight: Sight, *, count: int, seed: int) -> list[str]:
        """Captions drawn at random in one batch, in no order; the same for the same seed.

        Equal ones are repeated: how often something is said is what samples are for.
        """
        state, first = self._start(sight, self.words.caption_prefix())
        use = self._settings
        drawn = samples(
            first,
            count=count,
            end=self.words.end,
            limit=_CAPTION,
            temperature=use.temperature,
            top=use.top,
            seed=seed,
        )
        [written] = run(self._decoder.step, state, [drawn])
        texts = (plainly(self.words.text(text.tokens), self.words.nouns) for text in written)
        return [text for text in texts if text]

    def answers(self, sight: Sight, question: str) -> list[Draft]:
        """Free answers to a question, the likeliest first."""
        state, first = self._start(sight, self.words.question_prefix(question))
        search = beam(first, width=_ANSWERS, end=self.words.end, limit=_ANSWER, penalty=0.0)
        return self._drafts(run(self._decoder.step, state, [search]))

    def choose(self, sight: Sight, question: str, choices: Sequence[str]) -> dict[str, float]:
        """Log probability of each of some answers, the sum of their probabilities being 1."""
        state, first = self._start(sight, self.words.question_prefix(question))
        texts = [self.words.indices(choice) for choice in choices]
        totals = self._decoder.score(state, first, texts, self.words.end)
        totals -= np.logaddexp.reduce(totals)
        return dict(zip(choices, totals.tolist(), strict=True))

    def _start(self, sight: Sight, prefix: Sequence[int]) -> tuple[State, Floats]:
        return self._decoder.start(sight.memory.keys, sight.memory.values, prefix)

    def _drafts(self, written: list[list[Any]]) -> list[Draft]:
        drafts: dict[str, Draft] = {}
        for text in (text for texts in written for text in texts):
            said = plainly(self.words.text(text.tokens), self.words.nouns)
            draft = Draft(said, text.score(1.0), math.exp(text.log_probability))
            if said:
                drafts.setdefault(said, draft)
        return list(drafts.values())


def plainly(text: str, nouns: Nouns) -> str:
    """A caption of the thing itself, not of "a picture of" it, with the article that it needs.

    >>> nouns = Nouns(("flower", "snow"), mass=frozenset(("snow",)))
    >>> texts = "a close up of a flowers", "a photo of two dogs", "a owl"
    >>> [plainly(text, nouns) for text in texts]
    ['flowers', 'two dogs', 'an owl']
    """
    text = _FRAME.sub("", text)
    start, _, rest = text.partition(" ")
    if start not in ("a", "an"):
        return text
    return nouns.phrase(rest) if nouns.meant(rest) else f"{article(rest)} {rest}"
