"""Photos that pass filters when nothing else was asked: there is nothing to compare them with."""

from __future__ import annotations

from collections.abc import Sequence

from index.catalogue import Catalogue
from index.filters import Condition
from index.fusion import fuse
from index.search_ranked import Ranked
from index.search_words import Evidence


def listed(
    catalogue: Catalogue, conditions: Sequence[Condition], words: Evidence, k: int
) -> list[Ranked]:
    """At most ``k`` photos that fulfil all conditions, and so are all `strong`, with a score of 0.

    Those that say most with the words asked for come first, then the newest, then those without
    a date, each by path.
    """
    parts = fuse(words.rankings)
    tests = [condition.test for condition in conditions]
    passing = [photo for photo in catalogue.filterable() if all(test(photo) for test in tests)]
    passing.sort(key=lambda photo: photo.path)
    passing.sort(key=lambda photo: photo.taken_at or "", reverse=True)
    passing.sort(key=lambda photo: -sum(parts.get(photo.id, {}).values()))
    return [Ranked(p.id, 0.0, "strong", parts.get(p.id) or {"filters": 1.0}) for p in passing[:k]]
