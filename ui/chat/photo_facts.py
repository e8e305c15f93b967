"""What is known of a photo of the library, for the dialogue that shows it large."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from index.library import Library
from ui.plain import shown_name, shown_path
from ui.settings import Settings

_HALO, _LINE = "#ffffff", "#0b6b66"


def photo_facts(chosen: Settings, path: Path) -> Iterator[tuple[str, str]]:
    """Pairs of a word and what is known: where the file is, when and with what it was taken, and
    what was said about it. Raises `LibraryError`."""
    yield "File", shown_path(path)
    with Library.open(chosen.library) as library:
        catalogue = library.catalogue
        known = catalogue.at(path)
        if known is None:
            yield "Library", "this photo is not in the library"
            return
        told = {"Taken": _moment(known.taken_at), "Place": known.place, "Camera": known.camera}
        yield from ((word, shown_name(value)) for word, value in told.items() if value)
        digest = catalogue.digests([path]).get(path)
        notes = catalogue.notes(digest, "caption") if digest is not None else []
        for note in notes[:2]:
            author = f" (by {note.model})" if note.model else ""
            yield "Caption", f"{shown_name(note.value)}{author}"


def _moment(taken_at: str | None) -> str | None:
    """ISO 8601 as people write it.

    >>> _moment("2024-05-06T07:08:09.5+02:00")
    '2024-05-06 07:08'
    """
    return taken_at and taken_at[:16].replace("T", " ")


def with_region(
    image: Image.Image, region: tuple[float, float, float, float] | None
) -> Image.Image:
    """A copy of a photo with a frame around a part of it: left, top, right, bottom in shares."""
    if region is None:
        return image
    width, height = image.size
    left, right = sorted(min(max(share, 0), 1) * (width - 1) for share in region[::2])
    top, bottom = sorted(min(max(share, 0), 1) * (height - 1) for share in region[1::2])
    framed = image.convert("RGB")
    thick = max(3, max(image.size) // 200)
    draw = ImageDraw.Draw(framed)
    draw.rectangle((left, top, right, bottom), outline=_HALO, width=thick + 2)
    draw.rectangle((left + 1, top + 1, right - 1, bottom - 1), outline=_LINE, width=thick)
    return framed
