"""Questions about what is in photos, half of them about what is not, in the manner of POPE.

Li et al., "Evaluating Object Hallucination in Large Vision-Language Models", 2023: a model that
says yes to everything, or to what usually goes together, is found out by asking for objects that
are not there. They are drawn at random, or are those most frequent in the photos (popular), or
those that most often go with what is in the photo (adversarial).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal, TypeAlias, get_args

Negatives: TypeAlias = Literal["random", "popular", "adversarial"]
NEGATIVES: tuple[Negatives, ...] = get_args(Negatives)

PAIRS = 3
"""At most so many objects that are there, and as many that are not, are asked for in a photo."""

SEED = 0

_PLURAL = frozenset(("skis", "scissors"))
_UNCOUNTED = frozenset(("broccoli",))


@dataclass(frozen=True, slots=True)
class Contents:
    """A photo, what is in it and what is not, in a fixed order; of the rest nobody knows."""

    path: Path
    there: tuple[str, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PresenceQuestion:
    """A question for an object, and whether it is there."""

    name: str
    there: bool

    @property
    def text(self) -> str:
        """The question as it is put.

        >>> PresenceQuestion("apple", True).text, PresenceQuestion("skis", True).text
        ('Is there an apple in the picture?', 'Are there any skis in the picture?')
        """
        if self.name in _PLURAL:
            return f"Are there any {self.name} in the picture?"
        article = "any" if self.name in _UNCOUNTED else "an" if self.name[0] in "aeiou" else "a"
        return f"Is there {article} {self.name} in the picture?"


def ask(
    photos: Sequence[Contents], negatives: Negatives, *, limit: int | None = None, seed: int = SEED
) -> Iterator[tuple[Path, list[PresenceQuestion]]]:
    """The questions of each photo, as many about what is there as about what is not.

    How frequent objects are is counted over all ``photos``, questions are asked about the first
    ``limit`` that have anything in them. The same arguments give the same questions.
    """
    frequent = Counter(name for photo in photos for name in photo.there)
    together = Counter(
        (one, other) for photo in photos for one in photo.there for other in photo.there
    )
    left = limit
    for photo in photos:
        pairs = min(PAIRS, len(photo.there), len(photo.absent))
        if not pairs or left == 0:
            continue
        left = None if left is None else left - 1
        draw = Random(f"{seed}/{photo.path.name}")  # what is asked of one photo hangs on no other
        there = draw.sample(photo.there, pairs)
        absent = draw.sample(photo.absent, len(photo.absent))
        if negatives == "popular":
            absent.sort(key=lambda name: -frequent[name])
        elif negatives == "adversarial":
            absent.sort(
                key=lambda name: (
                    -sum(together[one, name] for one in photo.there),
                    -frequent[name],
                )
            )
        yield (
            photo.path,
            [PresenceQuestion(name, True) for name in there]
            + [PresenceQuestion(name, False) for name in absent[:pairs]],
        )
