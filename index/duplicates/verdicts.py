"""Whether pairs of photos are copies: as the catalogue remembers, or compared now and remembered.

A verdict belongs to two contents, so it holds wherever their files go. A photo that is new is
compared with its candidates only, and a library that did not change needs no photo decoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain

import numpy as np

from index.catalogue.catalogue import Catalogue
from index.catalogue.records import Content
from index.duplicates.copies import METHOD, are_copies
from index.duplicates.present import look_at
from index.duplicates.thumbnails import Thumbnails
from index.records import Skipped
from vlm.errors import LibraryBusy, LibraryFull

Pair = tuple[Content, Content, int]
"""Two photos, and how the first is most likely to lie to look like the second (`turn`)."""


def verdicts(pairs: Sequence[Pair], catalogue: Catalogue, thumbnails: Thumbnails) -> Iterator[bool]:
    """Whether each pair are copies; of what cannot be read, or is not there any more, nothing is.

    Such photos are put into ``thumbnails.skipped``.
    """
    keys = [(one.hash, other.hash) for one, other, _ in pairs]
    known = catalogue.compared(keys, METHOD)
    fresh = _compare(
        [p for p, key in zip(pairs, keys, strict=True) if key not in known], thumbnails
    )
    if fresh:
        with suppress(LibraryBusy, LibraryFull):  # they serve this time all the same
            catalogue.put_compared(fresh, METHOD)
    for (one, other, _), key in zip(pairs, keys, strict=True):
        # What was compared just now is there.
        yield fresh.get(key) or (known.get(key, False) and _there(one, other, thumbnails))


def _compare(pairs: Sequence[Pair], thumbnails: Thumbnails) -> dict[tuple[bytes, bytes], bool]:
    seen = thumbnails.of(chain.from_iterable(pair[:2] for pair in pairs))
    places = {number: place for place, number in enumerate(seen)}
    tries = [
        (one, other, way)
        for one, other, likely in pairs
        if one.id in seen and other.id in seen
        for way in {0, likely}  # a crop's hash may be nearest to that of another way up
    ]
    if not tries:
        return {}
    ones, others, ways = (
        np.array(column, np.int64)
        for column in zip(*((places[a.id], places[b.id], way) for a, b, way in tries), strict=True)
    )
    same = are_copies(np.stack(list(seen.values())), ones, others, ways)
    found: dict[tuple[bytes, bytes], bool] = {}
    for (one, other, _), alike in zip(tries, same.tolist(), strict=True):
        key = one.hash, other.hash
        found[key] = found.get(key, False) or alike
    return found


def _there(one: Content, other: Content, thumbnails: Thumbnails) -> bool:
    for photo in (one, other):
        found = look_at(photo)
        if isinstance(found, Skipped):
            thumbnails.skipped[photo.id] = found
    return not thumbnails.skipped.keys() & {one.id, other.id}
