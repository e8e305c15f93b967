"""Search a library: vectors and words within the filters, fused into one order, in bands.

Vectors, captions and words are searched separately and fused by reciprocal rank
(`index.search.fusion`). A band says how far to trust a hit and comes first in the order: a
coincidence of words does not rise above what certainly matches. A query of filters only lists what
passes, newest first.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.catalogue.catalogue import Catalogue
from index.library import Library
from index.paths import absolute
from index.query.parse import parse
from index.query.parts import Like
from index.records import Hit, SearchResult
from index.search.bands import bands_of
from index.search.caption_vectors import near_captions
from index.search.empty import why_empty
from index.search.filters import conditions, passing
from index.search.like import photo_file, read_like
from index.search.listed import listed
from index.search.query_vector import photo_vector, query_vector
from index.search.ranked import Ranked, ranked
from index.search.words import NO_EVIDENCE, evidence
from vlm.errors import QueryInvalid
from vlm.protocols import Embedder

if TYPE_CHECKING:
    from PIL.Image import Image


def search_text(
    library: Library,
    embedder: Embedder,
    query: str,
    k: int = 12,
    *,
    today: date | None = None,
    anywhere: bool = True,
) -> SearchResult:
    """The ``k`` photos that fit a query best, best first; `index.query.parse` tells its language.

    ``today`` is what ``taken:yesterday`` counts from. Without ``anywhere``, ``like:`` takes photos
    of the library only, for people who may see nothing else. Raises `QueryInvalid`,
    `ModelNotIndexed`, `LibraryDamaged`, and for ``like:`` what `vlm.images.read_image` raises.
    """
    began = time.perf_counter()
    parsed = parse(query)
    if not parsed.parts:
        raise QueryInvalid(query, "say what to look for, such as: a cat in:holiday")
    if not parsed.text and parsed.terms and all(term.weight < 0 for term in parsed.terms):
        raise QueryInvalid(query, "say what to look for too, not only what to leave out")
    index = library.vectors(embedder)
    catalogue = library.catalogue
    asked = conditions(catalogue, parsed, today or date.today())
    left = passing(catalogue, asked) if asked else []
    if asked and not left:
        return _result(query, embedder, began, [], why_empty(catalogue, asked))
    ids = np.array([photo.id for photo in left], np.int64) if asked else None
    likes = {
        term: photo_file(catalogue, term, query, anywhere=anywhere)
        for term in parsed.terms
        if isinstance(term, Like)
    }
    vector = query_vector(
        parsed, embedder, lambda term: read_like(likes[term], embedder.image_input.size)
    )
    words = evidence(catalogue, parsed, None if ids is None else set(ids.tolist()))
    if vector is not None:
        searched = index.ntotal if ids is None else len(ids)
        bands = bands_of(library, embedder, vector, searched)
        captions = near_captions(library, embedder, vector)
        found = ranked(index, vector, ids, words, bands, k + len(likes), captions)
    else:
        found = listed(left, words, k)
    hits = _hits(catalogue, found, likes.values(), k)
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

    The bands are `index.search.query_vector.SIMILAR`. Raises `ModelNotIndexed`, `LibraryDamaged`.
    """
    began = time.perf_counter()
    index = library.vectors(embedder)
    vector = photo_vector(image, embedder)
    bands = bands_of(library, embedder, vector, index.ntotal)
    found = ranked(index, vector, None, NO_EVIDENCE, bands, k + 1)
    itself = [] if exclude is None else [absolute(exclude)]
    hits = _hits(library.catalogue, found, itself, k)
    return _result(str(exclude or ""), embedder, began, hits)


def _hits(
    catalogue: Catalogue, found: Sequence[Ranked], without: Collection[Path], k: int
) -> list[Hit]:
    rows = catalogue.photos([photo.id for photo in found])
    hits = [
        Hit(row.path, photo.score, photo.band, photo.why, row.taken_at)
        for photo in found
        if (row := rows.get(photo.id)) is not None and row.path not in without
    ]
    return hits[:k]


def _result(
    query: str, embedder: Embedder, began: float, hits: list[Hit], note: str = ""
) -> SearchResult:
    something = any(hit.band != "weak" for hit in hits)
    return SearchResult(
        query=query,
        model=embedder.name,
        seconds=time.perf_counter() - began,
        answer="matches" if something else "nothing",
        hits=tuple(hits),
        note=note,
    )
