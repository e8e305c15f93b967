"""Bursts: different photos of one moment, by one camera, seconds apart and alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.catalogue.records import Content
from index.duplicates.shot_times import shot_at

GAP = 5.0
"""Seconds between one shot of a burst and the next, at most."""

_SAMPLE = 2000

_SURE = 0.9
"""A cosine at which photos are alike whatever the model."""

Halves = NDArray[np.float16]


def bursts(
    photos: Sequence[Content], vectors: Halves, rows: Mapping[int, int]
) -> Iterator[list[Content]]:
    """Groups of photos, each in the order of the shots.

    ``vectors`` are unit rows, shape ``(n, dim)``, and ``rows`` says which is a photo's, by id;
    photos without one, without a camera or without a time that the camera told are in no burst.
    """
    least = alike(vectors)
    by_camera: defaultdict[str, list[tuple[datetime, Content]]] = defaultdict(list)
    for photo in photos:
        taken = shot_at(photo)
        if taken is not None and photo.camera is not None and photo.id in rows:
            by_camera[photo.camera].append((taken, photo))
    for shots in by_camera.values():
        shots.sort(key=lambda shot: (shot[0], shot[1].path))
        yield from _runs(shots, vectors, rows, least)


def _runs(
    shots: Sequence[tuple[datetime, Content]],
    vectors: Halves,
    rows: Mapping[int, int],
    least: float,
) -> Iterator[list[Content]]:
    run = [shots[0][1]]
    for (before, one), (after, other) in pairwise(shots):
        close = (after - before).total_seconds() <= GAP
        if close and _cosine(vectors[rows[one.id]], vectors[rows[other.id]]) >= least:
            run.append(other)
            continue
        if len(run) > 1:
            yield run
        run = [other]
    if len(run) > 1:
        yield run


def alike(vectors: Halves) -> float:
    """Cosine from which photos are alike: half way from that of chance pairs to 1.

    Models differ in how near they put photos that have nothing in common. A library of one scene
    has no such pairs, so the bound ends at `_SURE`.
    """
    if len(vectors) < 2:
        return _SURE
    chance = np.random.default_rng(0).integers(0, len(vectors), size=(_SAMPLE, 2))
    pairs = [_cosine(vectors[one], vectors[other]) for one, other in chance if one != other]
    return min(_SURE, (1 + float(np.median(pairs))) / 2) if pairs else _SURE


def _cosine(one: Halves, other: Halves) -> float:
    return float(np.dot(one.astype(np.float32), other.astype(np.float32)))
