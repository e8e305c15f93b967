"""Numbers that the describer decides by, fitted on photos kept aside from training."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vlm.errors import ModelFileDamaged
from vlm.starter.weights import FOLDER, REMEDY, check_file

CALIBRATION = "calibration.json"
SECTION = "describer"


@dataclass(frozen=True, slots=True)
class Bands:
    """At ``plain`` and above something is just said, from ``probable`` on with "probably"."""

    plain: float
    probable: float

    def hedge(self, confidence: float) -> str:
        """``plain``, ``probably`` or ``unsure``.

        >>> [Bands(0.5, 0.2).hedge(confidence) for confidence in (0.5, 0.2, 0.1)]
        ['plain', 'probably', 'unsure']
        """
        if confidence >= self.plain:
            return "plain"
        return "probably" if confidence >= self.probable else "unsure"


@dataclass(frozen=True, slots=True)
class Presence:
    """Weights of three witnesses to whether something is there; the sum is in log odds.

    ``decoder`` weighs the log odds of yes against no, ``noun`` those of the noun head, and
    ``cosine`` the similarity of "a photo of a …" in standard deviations.
    """

    bias: float
    decoder: float
    noun: float
    cosine: float

    def odds(self, decoder: float, noun: float, cosine: float) -> float:
        """Log odds that it is there."""
        return self.bias + self.decoder * decoder + self.noun * noun + self.cosine * cosine


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them, with values that do where nothing was fitted.

    Captions: ``beams`` and ``samples`` (at a ``temperature``, from the likeliest tokens that have
    the probability ``top``) are drafted; the ``compared`` likeliest are ranked by log probability
    per word and ``cosine`` times the similarity to the photo, since comparing takes time. The
    confidence is that similarity and ``gate`` times the former.
    ``tag`` are the log odds at which a noun is worth a mention.
    """

    beams: int = 4
    samples: int = 0
    temperature: float = 0.8
    top: float = 0.9
    penalty: float = 0.7
    compared: int = 4
    cosine: float = 2.0
    gate: float = 0.0
    caption: Bands = Bands(0.35, 0.2)
    tag: float = 0.0
    similarity: tuple[float, float] = (0.0, 0.14)
    """Mean and deviation of the cosine of a text with photos in general."""
    known: Presence = Presence(0.0, 0.5, 0.5, 0.5)
    """For nouns that the noun head knows."""
    unknown: Presence = Presence(0.0, 1.0, 0.0, 0.5)
    colour: tuple[float, float, float] = (0.5, 0.7, 0.5)
    """What the decoder's and the colour reader's log probabilities weigh, and the log odds of a
    colour that is two ("black and white")."""
    answers: Mapping[str, Bands] = field(default_factory=dict)
    """By kind of question, on the probability of the answer."""

    def bands(self, kind: str) -> Bands:
        """The bands of a kind of question."""
        return self.answers.get(kind, Bands(0.4, 0.15))


def read_settings(folder: Path = FOLDER) -> Settings:
    """The section "describer" of calibration.json over the defaults. Raises `ModelFileDamaged`."""
    path = check_file(CALIBRATION, folder)
    try:
        section = json.loads(path.read_text(encoding="utf-8")).get(SECTION, {})
        return Settings(**{name: _value(name, value) for name, value in section.items()})
    except (ValueError, TypeError, AttributeError) as error:
        raise ModelFileDamaged(path, f"cannot be read ({error})", REMEDY) from None


def _value(name: str, value: Any) -> Any:
    match name:
        case "caption":
            return Bands(*value)
        case "known" | "unknown":
            return Presence(*value)
        case "similarity" | "colour":
            return tuple(value)
        case "answers":
            return {kind: Bands(*pair) for kind, pair in value.items()}
        case _:
            return value
