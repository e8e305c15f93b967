"""Looking at the photos of a conversation, one after the other.

A photo that is gone or damaged is said to be so in the reply: it is no error of the turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PIL.Image import Image

from vlm.alt.wording import clean
from vlm.assistant.events import Citation, Doing, Said
from vlm.assistant.shown import Shown
from vlm.assistant.tools import PhotoTools
from vlm.errors import ImageUnreadable, PathMissing, PhotoOutside, ReplyEmpty
from vlm.protocols import Region
from vlm.tasks import is_unsure

READ_SIZE = 768
"""Pixels that a describer gets of a photo of the library."""

_LONG = 60
"""Characters; who declines in more says why."""

MOST = 8
"""So many photos are looked at for one turn."""

Step = Doing | Citation | Said


def opened(photo: Shown, tools: PhotoTools | None) -> Image:
    """The pixels of a photo. Raises what `PhotoTools.look` raises."""
    if photo.image is not None:
        return photo.image
    path = photo.path or Path()
    if tools is None:
        raise PhotoOutside(path)
    return tools.look(path, READ_SIZE)


def said_about(
    photo: Shown, tools: PhotoTools | None, say: Callable[[Image], str], *, named: bool = True
) -> str:
    """What is said about a photo, or why nothing can be: by the name of its file if ``named``."""
    name = clean(photo.path.name) if photo.path and named else "this photo"
    try:
        return say(opened(photo, tools))
    except PathMissing:
        return f"{name} is no longer there"
    except PhotoOutside:
        return f"{name} is no photo of this library"
    except ImageUnreadable as error:
        return f"{name} cannot be opened ({error.reason})"
    except ReplyEmpty:
        return f"the model has no words for {name}"


def each(
    photos: Sequence[Shown],
    tools: PhotoTools | None,
    say: Callable[[Image], str],
    where: Callable[[Image, str], Region | None] = lambda image, words: None,
) -> Iterator[Step]:
    """A line about each photo, numbered unless it was added alone.

    ``where`` tells from a photo and what was said about it which part is meant.
    """
    declined = ""
    for at, photo in enumerate(photos[:MOST]):
        if len(photos) > 1:
            yield Doing(f"Looking at photo {at + 1} of {min(len(photos), MOST)}")
        else:
            yield Doing("Looking at the photo")
        regions: list[Region | None] = []

        def said(image: Image, regions: list[Region | None] = regions) -> str:
            words = say(image)
            regions.append(where(image, words))
            return words

        words = said_about(photo, tools, said)
        if len(words) > _LONG and is_unsure(words):  # a long no is not said again for each photo
            words, declined = ("The same." if words == declined else words), words
        if photo.path is not None:
            yield Citation(photo.number, photo.path, regions[0] if regions else None)
        yield Said(f"{chr(10) if at else ''}{'' if photo.alone else f'[{photo.number}] '}{words}")
    if len(photos) > MOST:
        yield Said(f"\nI looked at {MOST} of {len(photos)} photos.")
