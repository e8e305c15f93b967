"""Whether a thing is in a photo: three witnesses and what they weigh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vlm.starter.colours import Colours
from vlm.starter.memory import Sight
from vlm.starter.settings import Settings
from vlm.starter.writer import Writer


@dataclass(frozen=True, slots=True)
class Witnesses:
    """All that may be asked about one photo.

    ``fit`` is the cosine of a text with the photo in the joint space; ``near`` says how likely
    each colour is for a thing by what is seen there, as logarithms.
    """

    sight: Sight
    writer: Writer
    fit: Callable[[str], float]
    near: Callable[[str], dict[str, float]]
    colours: Colours
    settings: Settings


def presence(thing: str, photo: Witnesses) -> float:
    """Log odds that a thing is in the photo, from decoder, noun head and similarity.

    Where only the last of several words is a known noun (a red car), both must be there.
    """
    nouns = photo.writer.words.nouns
    decoder, noun, cosine = testimony(thing, photo)
    if noun is not None:
        return photo.settings.known.odds(decoder, noun, cosine)
    odds = photo.settings.unknown.odds(decoder, 0.0, cosine)
    head = thing.rpartition(" ")[2]
    if head != thing and nouns.meant(head) is not None:
        return min(odds, presence(head, photo))
    return odds


def testimony(thing: str, photo: Witnesses) -> tuple[float, float | None, float]:
    """What speaks for a thing: the decoder's log odds, the noun head's, and the similarity.

    The noun head has none for a noun that it does not know; the similarity is in deviations.
    """
    nouns = photo.writer.words.nouns
    said = photo.writer.choose(photo.sight, nouns.is_there(thing), ("yes", "no"))
    mean, deviation = photo.settings.similarity
    cosine = (photo.fit(f"a photo of {nouns.phrase(thing)}") - mean) / deviation
    noun = nouns.meant(thing)
    known = None if noun is None else float(photo.sight.memory.nouns[nouns.row(noun)])
    return said["yes"] - said["no"], known, cosine
