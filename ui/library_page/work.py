"""What can be done to a library from its page: each a piece of work for `ui.library_page.jobs`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from index.duplicates.groups import Duplicates, find_duplicates
from index.library import Library
from index.paths import absolute
from index.records import Report
from index.scanning.scan import scan
from ui.filling_notes import Noted, fill_library, note_makers
from ui.library_page.jobs import Show, Work
from ui.searching import build_index
from ui.settings import Settings


def indexing(settings: Settings, folders: Sequence[Path], gone: Sequence[Path] = ()) -> Work:
    """Bring the library up to date with folders; makes it where there is none.

    Photos below ``gone``, folders that are not there any more, are marked missing.
    Raises `PathMissing` and `FolderUnreadable` right here, where somebody reads it.
    """
    scan(folders)

    def work(show: Show) -> Report:
        return build_index(settings, folders, show, gone=gone)

    return work


def noting(settings: Settings, kind: Literal["ocr", "caption"]) -> Work:
    """Read the text in all photos, or say a line about each. Raises `ExtraMissing`."""
    makers = note_makers(settings, text=kind == "ocr", captions=False)

    def work(show: Show) -> Noted:
        # The model that captions is loaded by the job, not before the page goes on.
        own = makers or note_makers(settings, text=False, captions=True)
        return fill_library(settings.library, own, show)

    return work


def comparing(settings: Settings) -> Work:
    """Look for photos that are there more than once."""
    return partial(_duplicates, settings)


def _duplicates(settings: Settings, show: Show) -> Duplicates:
    with Library.open(settings.library) as library:
        return find_duplicates(library, on_progress=show)


def named_folder(typed: str) -> Path:
    """The folder that somebody typed, with ~ for the home folder and without quotes around it.

    >>> named_folder(' "/data/my photos" ')
    PosixPath('/data/my photos')
    """
    name = typed.strip()
    if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1]
    path = Path(name)
    return absolute(_expanded(path))


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:  # a user that there is not: the path is told to be missing
        return path
