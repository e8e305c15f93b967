"""What is known of a photo of the library, as pairs of a word and what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.catalogue.records import NoteKind
from index.library import Library
from ui.plain import shown_name, shown_path
from ui.settings import Settings

_NOTES: tuple[tuple[NoteKind, str], ...] = (
    ("caption", "Caption"),
    ("alt", "Alternative text"),
    ("ocr", "Text in it"),
)


def photo_facts(chosen: Settings, path: Path) -> Iterator[tuple[str, str]]:
    """When, where and with what it was taken, what is said of it, and where the file is.

    Raises `LibraryMissing` and `LibraryError`.
    """
    with Library.open(chosen.library) as library:
        catalogue = library.catalogue
        known = catalogue.at(path)
        if known is None:
            yield "Library", "this photo is not in the library"
        else:
            taken = known.taken_at and known.taken_at[:16].replace("T", " ")
            stars = "★" * known.rating if known.rating and known.rating > 0 else None
            told = (
                ("File changed" if known.taken_from == "mtime" else "Taken", taken),
                ("Place", known.place),
                ("Camera", known.camera),
                ("Lens", known.lens),
                ("Rating", stars),
            )
            yield from ((word, shown_name(value)) for word, value in told if value)
            digest = catalogue.digests([path]).get(path)
            notes = catalogue.notes(digest) if digest is not None else []
            for kind, word in _NOTES:
                note = next((one for one in notes if one.kind == kind and one.value), None)
                if note is not None:
                    yield word, shown_name(note.value) + (f" (by {note.model})" * bool(note.model))
    yield "File", shown_path(path)
