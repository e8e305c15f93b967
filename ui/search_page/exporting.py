"""Photos that are selected, to take along: the files in a ZIP, a list of them as CSV."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ui.alt.out_file import csv_line, harmless_path, harmless_text
from ui.plain import shown_name
from vlm.errors import ImageUnreadable

MOST_BYTES = 300_000_000
"""So much goes into one ZIP at most: the server holds it in memory while it is fetched."""


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A file of the library where uploaded ones are taken too; read when it is its turn."""

    path: Path

    @property
    def name(self) -> str:
        """File name as it is shown."""
        return shown_name(self.path.name)

    def getvalue(self) -> bytes:
        """The whole content. Raises `ImageUnreadable` where it cannot be read now."""
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise ImageUnreadable(self.path, error.strerror or "it cannot be read") from error


def size_of(paths: Sequence[Path]) -> int:
    """Bytes of the files that are there."""
    return sum(path.stat().st_size for path in paths if path.is_file())


def as_zip(paths: Sequence[Path]) -> bytes:
    """The files in a ZIP, as they are; one that is gone or closed to us is left out.

    Equal names get numbers.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, path in zip(names_in_zip(paths), paths, strict=True):
            with suppress(OSError):
                about = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
                archive.writestr(about, path.read_bytes())
    return held.getvalue()


def as_csv(paths: Sequence[Path], words: Mapping[Path, str]) -> bytes:
    r"""The paths with what is said about each photo; nothing in it is a formula.

    >>> as_csv([Path("/cat.jpg")], {Path("/cat.jpg"): "A cat"}).decode("utf-8-sig")
    'path,description\n/cat.jpg,A cat\n'
    """
    cells = ((harmless_path(str(path)), harmless_text(words.get(path, ""))) for path in paths)
    table = "".join(map(csv_line, [("path", "description"), *cells]))
    return table.encode("utf-8-sig", "backslashreplace")


def names_in_zip(paths: Sequence[Path]) -> list[str]:
    """A name for each file that no other one has, wherever it is unpacked.

    >>> names_in_zip([Path("/a/x.jpg"), Path("/b/x.jpg"), Path("/c/X.jpg")])
    ['x.jpg', 'x (2).jpg', 'X (3).jpg']
    """
    names: dict[str, None] = {}
    taken: set[str] = set()
    for path in paths:
        name, number = shown_name(path.name), 1
        while name.casefold() in taken:
            number += 1
            name = shown_name(f"{path.stem} ({number}){path.suffix}")
        taken.add(name.casefold())
        names[name] = None
    return list(names)
