"""Photos whose files hold the very same content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from index.catalogue.records import Content
from index.duplicates.best import best_first
from index.duplicates.present import look_at
from index.records import Skipped


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
        state = look_at(photo)
        if isinstance(state, Skipped):
            skipped.append(state)
            continue
        known = found.setdefault((state.st_dev, state.st_ino), photo)
        if known.path.is_symlink():
            found[state.st_dev, state.st_ino] = photo
    return list(found.values())
