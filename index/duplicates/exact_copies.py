"""Photos whose files hold the very same content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from index.catalogue.records import Content
from index.duplicates.best import best_first
from index.records import Skipped
from vlm.errors import system_reason


def contents_of(photos: Iterable[Content], skipped: list[Skipped]) -> Iterator[list[Content]]:
    """The files of each content, by what the catalogue knows; the best to keep first.

    Where a content has several files, they are looked at: those that are gone, or changed since,
    are put into ``skipped``, and several names of one file (links) count once.
    """
    by_hash: defaultdict[bytes, list[Content]] = defaultdict(list)
    for photo in photos:
        by_hash[photo.hash].append(photo)
    for copies in by_hash.values():
        files = copies if len(copies) == 1 else _files(copies, skipped)
        if len(files) > 1:
            files = list(best_first(files)[0])
        if files:
            yield files


def _files(copies: Sequence[Content], skipped: list[Skipped]) -> list[Content]:
    found: dict[tuple[int, int], Content] = {}
    for photo in copies:
        try:
            state = photo.path.stat()
        except OSError as error:
            skipped.append(Skipped(photo.path, system_reason(error)))
            continue
        if (state.st_size, state.st_mtime_ns) != (photo.size, photo.mtime_ns):
            skipped.append(Skipped(photo.path, "changed since it was indexed"))
            continue
        known = found.setdefault((state.st_dev, state.st_ino), photo)
        if known.path.is_symlink():
            found[state.st_dev, state.st_ino] = photo
    return list(found.values())
