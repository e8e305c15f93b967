"""Photos that pass filters when nothing else was asked: there is nothing to compare them with."""

from __future__ import annotations

from collections.abc import Iterable

from index.catalogue.records import Candidate
from index.search.fusion import fuse
from index.search.ranked import Ranked
from index.search.words import Evidence


def listed(passing: Iterable[Candidate], words: Evidence, k: int) -> list[Ranked]:
    """At most ``k`` of the photos that pass, which are all `strong` with a score of 0.

    Those that say most with the words asked for come first, then the newest, then those without
    a date, each by path.
    """
    parts = fuse(words.rankings)
    photos = sorted(passing, key=lambda photo: photo.path)
    photos.sort(key=lambda photo: photo.taken_at or "", reverse=True)
    photos.sort(key=lambda photo: -sum(parts.get(photo.id, {}).values()))
    return [Ranked(p.id, 0.0, "strong", parts.get(p.id) or {"filters": 1.0}) for p in photos[:k]]
