"""Which photos and pages are meant by the files, folders, patterns and queries that are named."""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from index.paths import absolute
from index.records import Skipped
from ui.alt.places import Target, UnitKind
from ui.errors import NoPages, NothingFound, NothingNamed
from ui.photo_files import photos_in
from ui.settings import Settings
from vlm.documents.files import MARKDOWN, documents_under, is_document
from vlm.errors import NoPhotos, PathMissing

_MOST_HITS = 100_000


def targets_in(
    settings: Settings, named: Sequence[Path], query: str | None, writes: Collection[str]
) -> list[Target | Skipped]:
    """Every photo and page once, in the spelling that was given.

    Folders are searched for pages where ``writes`` names html or markdown, and for photos unless
    it names nothing else. Raises `NothingNamed`, `NothingFound`, `PathMissing`, `NoPhotos`,
    `NoPages`, `FolderUnreadable`, and what searching raises.
    """
    if not named and query is None:
        raise NothingNamed
    kinds = {kind for kind in ("html", "markdown") if kind in writes}
    want_photos = not kinds or bool(set(writes) - kinds)
    found: dict[str, Target | Skipped] = {}
    for path in [p for name in named for p in matching(name)]:
        for target in _in(path, kinds, want_photos):
            found.setdefault(_name(target), target)
    for path in found_by(settings, query) if query is not None else []:
        found.setdefault(_name((path, "photo")), (path, "photo"))
    if not found:
        raise NoPhotos(named[0]) if want_photos else NoPages(named[0])
    return list(found.values())


def _name(target: Target | Skipped) -> str:
    """What tells targets: of pages the file that links lead to, since that is written."""
    if isinstance(target, Skipped):
        return str(absolute(target.path))
    path, kind = target
    return os.path.abspath(path) if kind == "photo" else os.path.realpath(path)  # noqa: PTH100


def matching(name: Path) -> list[Path]:
    """The path itself, or what fits it as a pattern. Raises `PathMissing`."""
    if name.exists() or not glob.has_magic(str(name)):
        return [name]
    found = sorted(glob.glob(str(name), recursive=True))  # noqa: PTH207 - takes ** and absolute
    if not found:
        raise PathMissing(name)
    return [Path(path) for path in found]


def found_by(settings: Settings, query: str) -> list[Path]:
    """The photos of the library that match a query. Raises `NothingFound`, and as searching does.

    Photos whose band is "weak" are only the nearest of what is there, and left out.
    """
    from ui.searching import search

    result = search(settings, query, _MOST_HITS)
    found = [hit.path for hit in result.hits if hit.band != "weak"]
    if result.answer == "nothing" or not found:
        raise NothingFound(query)
    return found


def _in(path: Path, kinds: Collection[str], want_photos: bool) -> Iterator[Target | Skipped]:
    if not path.exists():
        raise PathMissing(absolute(path))
    if not path.is_dir():
        if is_document(path):
            yield path, page_kind(path)
        else:
            yield from _photos(path)
        return
    if kinds:
        found = ((page, page_kind(page)) for page in documents_under(path))
        yield from (page for page in found if page[1] in kinds)
    if want_photos:
        yield from _photos(path)


def _photos(path: Path) -> Iterator[Target | Skipped]:
    try:
        for photo in photos_in([path]):
            yield photo if isinstance(photo, Skipped) else (photo, "photo")
    except NoPhotos:
        return  # of several targets, some may hold pages only


def sites_of(named: Sequence[Path]) -> list[Path]:
    """The folders outside of which pages show no photo: those named, and where the work is done.

    A page that is named outright may show what lies beside it, or below the working folder if
    the page itself does.
    """
    sites = [path for path in named if path.is_dir()]
    for path in named:
        if not path.is_dir() and path.exists():
            sites.append(path.resolve().parent)
            if path.resolve().is_relative_to(Path.cwd()):
                sites.append(Path.cwd())
    return list(dict.fromkeys(sites))


def page_kind(path: Path) -> UnitKind:
    """What is in a page, by its name."""
    return "markdown" if path.suffix.lower() in MARKDOWN else "html"
