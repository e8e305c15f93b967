"""Find the duplicates of a library: exact, near and bursts, each with the photo to keep.

Exact copies have one content. Near copies show one picture in several contents. A burst is
several pictures of one moment. The groups do not overlap: of exact copies the best stands for
all among near copies, and of near copies the best stands for all among the shots of a burst.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from index.catalogue.catalogue import Catalogue
from index.catalogue.records import Content
from index.duplicates.best import best_first
from index.duplicates.bursts import bursts
from index.duplicates.exact_copies import contents_of
from index.duplicates.lookalikes import Halves
from index.duplicates.near_copies import near_copies
from index.duplicates.sharpness import sharpest
from index.duplicates.thumbnails import Thumbnails
from index.library import Library
from index.records import Progress, Skipped
from vlm.errors import ImageUnreadable, PathMissing, SameContent, system_reason
from vlm.raw import is_raw
from vlm.video import is_video

Kind = Literal["exact", "near", "burst"]
KINDS: tuple[Kind, ...] = ("exact", "near", "burst")


@dataclass(frozen=True, slots=True)
class Group:
    """Photos that belong together, the one to keep and why.

    Copies are ordered by worth, shots of a burst by time.
    """

    kind: Kind
    photos: tuple[Content, ...]
    best: Content
    reason: str

    @property
    def redundant(self) -> tuple[Content, ...]:
        """The other copies; no shot of a burst is one."""
        return () if self.kind == "burst" else tuple(p for p in self.photos if p != self.best)


@dataclass(slots=True)
class Duplicates:
    """What was found; ``skipped`` are photos that could not be looked at."""

    groups: list[Group] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def find_duplicates(
    library: Library,
    kinds: Collection[Kind] = KINDS,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
) -> Duplicates:
    """The groups of these kinds, those of exact copies first.

    Nothing but difference hashes that were not there yet is written. Raises `LibraryDamaged`.
    """
    catalogue = library.catalogue
    found = Duplicates()
    files = list(contents_of(catalogue.contents(), found.skipped))
    if "exact" in kinds:
        found.groups += [_copies("exact", same) for same in files if len(same) > 1]
    if set(kinds) <= {"exact"}:
        return found

    def on_step(done: int, total: int) -> None:
        if on_progress is not None:
            on_progress(Progress(done, total, len(thumbnails.skipped), 0.0, None))

    # One frame does not make two films copies, nor a film and a photo.
    photos = [same[0] for same in files if not is_video(same[0].path)]
    vectors, rows = vectors_of(catalogue)
    workers = workers or max(2, os.cpu_count() or 1)
    with Thumbnails(workers) as thumbnails:
        near = list(near_copies(catalogue, photos, vectors, rows, thumbnails, on_step))
    groups = [_copies("near", copies) for copies in near]
    if "near" in kinds:
        found.groups += groups
    if "burst" in kinds:
        redundant = {photo.id for group in groups for photo in group.redundant}
        left = [photo for photo in photos if photo.id not in redundant]
        runs = list(bursts(_once_a_shot(left), vectors, rows))
        for shots, best in zip(runs, sharpest(runs, workers), strict=True):
            found.groups.append(Group("burst", tuple(shots), best, "sharpest"))
    found.skipped += thumbnails.skipped.values()
    return found


def _once_a_shot(photos: list[Content]) -> list[Content]:
    """Without the RAW files that have a photo of their name beside them."""
    beside = {photo.path.with_suffix("") for photo in photos if not is_raw(photo.path)}
    return [p for p in photos if not is_raw(p.path) or p.path.with_suffix("") not in beside]


def _copies(kind: Kind, photos: list[Content]) -> Group:
    ordered, reason = best_first(photos)
    return Group(kind, ordered, ordered[0], reason)


def vectors_of(catalogue: Catalogue) -> tuple[Halves, dict[int, int]]:
    """Vectors of the model that most photos have, shape ``(n, dim)``, and each photo's row."""
    models = sorted(catalogue.models(), key=catalogue.count)
    pieces = [
        (ids, values.astype(np.float16))
        for model in models[-1:]
        for ids, values in catalogue.vectors(model)
    ]
    if not pieces:
        return np.zeros((0, 1), np.float16), {}
    ids = np.concatenate([piece for piece, _ in pieces])
    rows = {number: row for row, number in enumerate(ids.tolist())}
    return np.concatenate([piece for _, piece in pieces]), rows


def keep_apart(library: Library, one: Path, other: Path) -> None:
    """Remember that the contents of two files are no duplicates, now and when they are moved.

    Raises `PathMissing`, `ImageUnreadable`, and `SameContent` for exact copies.
    """
    first, second = _digest(one), _digest(other)
    if first == second:
        raise SameContent(one, other)
    library.catalogue.keep_apart([(first, second)])


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except FileNotFoundError:
        raise PathMissing(path) from None
    except OSError as error:
        raise ImageUnreadable(path, system_reason(error)) from None
