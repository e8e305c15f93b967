"""Photos that show one picture in several contents: resized, cropped a little, turned, …"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import numpy as np

from index.catalogue.catalogue import Catalogue
from index.catalogue.records import Content
from index.duplicates.lookalikes import Halves, Pairs, lookalikes
from index.duplicates.partition import Partition
from index.duplicates.shot_times import are_two_shots
from index.duplicates.thumbnails import Thumbnails
from index.duplicates.verdicts import verdicts
from vlm.errors import LibraryBusy, LibraryFull
from vlm.raw import is_raw

_PIECE = 256
"""Photos or pairs at a time."""

OnStep = Callable[[int, int], None]
"""Called with how many photos or pairs are done, and of how many."""


def near_copies(
    catalogue: Catalogue,
    photos: Sequence[Content],
    vectors: Halves,
    rows: dict[int, int],
    thumbnails: Thumbnails,
    on_step: OnStep,
) -> Iterator[list[Content]]:
    """Groups of photos, of which no two may have one content.

    ``vectors`` are unit rows, shape ``(n, dim)``, and ``rows`` says which is a photo's, by id.
    """
    hashes = _hashes(catalogue, photos, thumbnails, on_step)
    photos = [photo for photo in photos if photo.id in hashes]
    with_vector = np.array([n for n, p in enumerate(photos) if p.id in rows], np.int64)
    chosen = [rows[photos[number].id] for number in with_vector]
    bits = np.array([hashes[photo.id] for photo in photos], np.uint64)
    pairs = lookalikes(bits, vectors[chosen], with_vector)
    partition = Partition(len(photos), _apart(catalogue, photos, pairs))
    for start in range(0, len(pairs.first), _PIECE):
        piece = (column[start : start + _PIECE].tolist() for column in pairs)
        asked = [pair for pair in zip(*piece, strict=True) if not partition.settled(*pair[:2])]
        seen = [(photos[one], photos[other], way) for one, other, way in asked]
        for (one, other, _), same in zip(asked, verdicts(seen, catalogue, thumbnails), strict=True):
            if same:
                partition.join(one, other)
        on_step(min(start + _PIECE, len(pairs.first)), len(pairs.first))
    for group in partition.groups():
        yield [photos[number] for number in group]


def _hashes(
    catalogue: Catalogue, photos: Sequence[Content], thumbnails: Thumbnails, on_step: OnStep
) -> dict[int, int]:
    """Difference hashes by photo id; what is made here is stored, so that it is made once."""
    known = {photo.id: photo.dhash for photo in photos if photo.dhash is not None}
    lacking = [photo for photo in photos if photo.dhash is None]
    for start in range(0, len(lacking), _PIECE):
        piece = lacking[start : start + _PIECE]
        made = thumbnails.hashes(piece)
        with suppress(LibraryBusy, LibraryFull):  # they serve this time all the same
            catalogue.put_dhashes({p.hash: made[p.id] for p in piece if p.id in made})
        known |= made
        on_step(start + len(piece), len(lacking))
    return known


def _apart(
    catalogue: Catalogue, photos: Sequence[Content], pairs: Pairs
) -> Iterator[tuple[int, int]]:
    numbers = {photo.hash: number for number, photo in enumerate(photos)}
    for one, other in catalogue.kept_apart():
        if one in numbers and other in numbers:
            yield numbers[one], numbers[other]
    for first, second in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        if _differ(photos[first], photos[second]):
            yield first, second


def _differ(one: Content, other: Content) -> bool:
    """Whether two photos are no copies however alike they look.

    A RAW file holds more than the JPEG beside it, and who keeps both means to.
    """
    return is_raw(one.path) != is_raw(other.path) or are_two_shots(one, other)
