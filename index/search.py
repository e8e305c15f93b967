"""Search a library by text or by photo: exact nearest neighbours within the filters."""

from __future__ import annotations

import math
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from index import store
from index.catalogue import Catalogue
from index.library import Library
from index.query import FORMATS, Query, parse, within
from index.records import Band, Hit, SearchResult
from index.scan import absolute
from vlm.errors import QueryInvalid
from vlm.images import fit_image
from vlm.protocols import Calibration, Embedder

SIMILAR = Calibration(strong=0.8, maybe=((1, 0.5),))
"""Bands for the cosine of two photos, which is far higher than that of a text and a photo.

Measured with the starter on the 124,750 pairs of 500 photos of Flickr8k dev, where two photos
count as alike when the mean vectors of their captions have a cosine above 0.7: of the pairs at
0.8 and above 82 % are alike, between 0.5 and 0.6 8 %, below 0.5 at most 3 %. Other models put
unrelated photos closer together, so for them nearly every neighbour is at least "maybe".
"""


def search_text(library: Library, embedder: Embedder, query: str, k: int = 12) -> SearchResult:
    """The ``k`` photos closest to a text, best first; filters as in `index.query`.

    Raises `QueryInvalid`, `ModelNotIndexed`, `LibraryDamaged`.
    """
    began = time.perf_counter()
    parsed = parse(query)
    if not parsed.text:
        raise QueryInvalid(query, "say what to look for, such as: a cat in:holiday")
    index = library.vectors(embedder)
    vector = embedder.embed_texts([parsed.text])[0]
    allowed = _allowed(library.catalogue, parsed)
    found = store.search(index, vector, k, allowed)
    searched = index.ntotal if allowed is None else len(allowed)
    hits = _hits(library.catalogue, found, _bounds(embedder.calibration, searched))
    return _result(query, embedder, began, hits)


def search_photo(
    library: Library,
    embedder: Embedder,
    image: Image,
    k: int = 12,
    *,
    exclude: Path | None = None,
) -> SearchResult:
    """The ``k`` photos closest to an image, best first, without the file ``exclude``.

    The bands are `SIMILAR`. Raises `ModelNotIndexed`, `LibraryDamaged`.
    """
    began = time.perf_counter()
    index = library.vectors(embedder)
    vector = embedder.embed_images([fit_image(image, embedder.image_input)])[0]
    found = store.search(index, vector, k + 1)
    hits = _hits(library.catalogue, found, _bounds(SIMILAR, index.ntotal))
    if exclude is not None:
        itself = absolute(exclude)
        hits = [hit for hit in hits if hit.path != itself]
    return _result(str(exclude or ""), embedder, began, hits[:k])


def _allowed(catalogue: Catalogue, query: Query) -> NDArray[np.int64] | None:
    if not query.folders and not query.types:
        return None
    folders = [_absolute(folder) for folder in query.folders]
    formats = frozenset[str]().union(*(FORMATS[kind] for kind in query.types))
    return np.array(
        [
            row_id
            for row_id, path, kind in catalogue.paths_and_formats()
            if (not formats or kind in formats) and all(within(path, f) for f in folders)
        ],
        np.int64,
    )


def _absolute(folder: str) -> str:
    """Folders named from here or from home are that very folder; others are names."""
    if folder.startswith("~"):
        return str(Path(folder).expanduser())
    if folder in (".", "..") or folder.startswith(("./", "../")):
        return str(absolute(Path(folder)))
    return folder


def _hits(
    catalogue: Catalogue, found: list[tuple[int, float]], bounds: tuple[float, float]
) -> list[Hit]:
    rows = catalogue.photos([photo for photo, _ in found])
    return [
        Hit(row.path, score, _band(score, *bounds), {"vector": score}, row.taken_at)
        for photo, score in found
        if (row := rows.get(photo)) is not None
    ]


def _bounds(calibration: Calibration | None, photos: int) -> tuple[float, float]:
    """Lowest scores of `strong` and `maybe`; without calibration every hit is a `maybe`."""
    if calibration is None:
        return math.inf, -math.inf
    return calibration.strong, calibration.maybe_among(photos)


def _band(score: float, strong: float, maybe: float) -> Band:
    if score >= strong:
        return "strong"
    return "maybe" if score >= maybe else "weak"


def _result(query: str, embedder: Embedder, began: float, hits: list[Hit]) -> SearchResult:
    something = any(hit.band != "weak" for hit in hits)
    return SearchResult(
        query=query,
        model=embedder.name,
        seconds=time.perf_counter() - began,
        answer="matches" if something else "nothing",
        hits=tuple(hits),
    )
