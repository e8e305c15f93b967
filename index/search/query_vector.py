"""The vector that a query is searched with: the weighted sum of the unit vectors of its terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.query.parts import Like, Query, Weighted
from index.search.sought import sought
from vlm.protocols import Calibration, Embedder, Vectors

if TYPE_CHECKING:
    from PIL.Image import Image

SIMILAR = Calibration(strong=0.8, maybe=((1, 0.5),))
"""Bands for the cosine of two photos, which is far higher than that of a text and a photo.

Measured with the starter on the 124,750 pairs of 500 photos of Flickr8k dev, where two photos
count as alike when the mean vectors of their captions have a cosine above 0.7: of the pairs at
0.8 and above 82 % are alike, between 0.5 and 0.6 8 %, below 0.5 at most 3 %. Other models put
unrelated photos closer together, so for them nearly every neighbour is at least "maybe".
"""


@dataclass(frozen=True, slots=True)
class QueryVector:
    """What photos are compared with; both vectors have shape ``(dim,)`` and length 1.

    ``whole`` is the weighted sum of all terms and gives order and score. ``wanted`` gives the
    bands: what is looked for, without what is subtracted (what a photo must not show says nothing
    about what it shows), and with all texts read as one. ``photos`` is the share of photos in
    ``wanted``, 0 to 1.

    Measured with the starter on the 1,000 photos of Flickr8k dev: 87 pairs of things that at least
    three photos show together, and 87 with one thing that is in none. Bands from the sum of both
    vectors called 99 % and 90 % of them a match (F1 0.69), bands from one text of both 94 % and
    26 % (F1 0.85).
    """

    whole: Vectors
    wanted: Vectors
    photos: float


def query_vector(
    query: Query, embedder: Embedder, open_photo: Callable[[Like], Image]
) -> QueryVector | None:
    """Embed the terms of a query; None where nothing is looked for, only left out or filtered."""
    texts = [Weighted(query.text, 1.0)] if query.text else []
    texts += [term for term in query.terms if isinstance(term, Weighted)]
    likes = [term for term in query.terms if isinstance(term, Like)]
    terms: tuple[Weighted | Like, ...] = (*texts, *likes)
    weights = np.array([term.weight for term in terms], np.float32)
    if not (weights > 0).any():
        return None
    together = " ".join(term.text for term in texts if term.weight > 0)
    said = _embedded(embedder, [*(term.text for term in texts), together])
    seen = [_of_photo(open_photo(term), embedder) for term in likes]
    whole = _sum([*(said[term.text] for term in texts), *seen], weights)
    positive = np.maximum(weights, 0)
    of_texts, of_photos = positive[: len(texts)].sum(), positive[len(texts) :]
    share = float(of_photos.sum() / positive.sum())
    if len(texts) < 2 and (weights > 0).all():
        return QueryVector(whole, whole, share)
    if together:
        wanted = _sum([said[together], *seen], [of_texts, *of_photos])
    else:
        wanted = _sum(seen, of_photos)
    return QueryVector(whole, wanted, share)


def _embedded(embedder: Embedder, texts: Iterable[str]) -> dict[str, Vectors]:
    """Texts that say anything with the vectors of what they look for, each embedded once."""
    plain = {text: sought(text) for text in texts if text}
    distinct = list(dict.fromkeys(plain.values()))
    vectors = dict(zip(distinct, embedder.embed_texts(distinct), strict=True)) if distinct else {}
    return {text: vectors[told] for text, told in plain.items()}


def photo_vector(image: Image, embedder: Embedder) -> QueryVector:
    """The vector of a photo alone."""
    vector = _of_photo(image, embedder)
    return QueryVector(vector, vector, 1.0)


def _of_photo(image: Image, embedder: Embedder) -> Vectors:
    from vlm.images import fit_image  # a query of words needs no Pillow

    vector: Vectors = embedder.embed_images([fit_image(image, embedder.image_input)])[0]
    return vector


def bounds(
    calibration: Calibration | None, photos: int, share: float
) -> tuple[float, float] | None:
    """Lowest cosines of `strong` and `maybe` among so many photos; None without calibration.

    A query of photos only has the bounds of `SIMILAR`, one of texts those of the model, and a
    mixed one the mean, weighted by ``share``, the photos' part of the query.
    """
    if calibration is None and share < 1:
        return None
    text = calibration or SIMILAR
    return (
        share * SIMILAR.strong + (1 - share) * text.strong,
        share * SIMILAR.maybe_among(photos) + (1 - share) * text.maybe_among(photos),
    )


def _sum(vectors: Sequence[Vectors], weights: Sequence[float] | Vectors) -> Vectors:
    total: Vectors = np.asarray(weights, np.float32) @ np.stack(vectors)
    length = float(np.linalg.norm(total))
    # Terms that cancel each other out, such as "cat -1:cat", leave nothing to point to.
    return total / np.float32(length) if length > 1e-6 else total
