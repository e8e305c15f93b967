"""Whether a search knows when it has found nothing, among photos whose captions say what is there.

Each query is a thing: one that captions name, or one from a list that none of them names. Hits
are banded as a search bands them (`index.search.relevance`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.bootstrap import intervals
from eval.cases import CaptionedPhoto
from eval.embedded import BATCH, batches, embedded
from eval.relevance_absent import things, without_named
from eval.relevance_metrics import MEASURES, Told, balanced, matches, nothing, share_right
from eval.relevance_named import concepts
from eval.relevance_shelf import Answers, Shelf, answers
from index.search.background import embed_words
from vlm.errors import ImageUnreadable, VlmError
from vlm.protocols import Embedder, Vectors

PHOTOS_EACH = 3
"""A thing is asked for that at least so many photos surely show."""

SURE = 2
"""A photo surely shows a thing if so many of its captions name it, or its only one."""

SMALLER = {20: 50, 100: 10}
"""Sizes of smaller libraries, and how many of each are drawn from the photos."""

SEED = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured in libraries of one size, pooled over those drawn.

    ``strong`` and ``maybe``: share of the hits in a band that are right, None without any.
    ``shown``: share of the queries for what is there that get a right hit in one of them.
    """

    n_images: int
    libraries: int
    matches: Told
    nothing: Told
    strong: float | None
    maybe: float | None
    shown: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One query among all photos: whether it is there, what was answered, and the best cosine."""

    query: str
    there: bool
    matched: bool
    best: float


@dataclass(frozen=True, slots=True)
class Relevance:
    """What one run measured. ``left_out``: things of the list that captions name."""

    model: str
    fingerprint: str
    whole: Measured
    ci95: dict[str, tuple[float, float]]
    smaller: tuple[Measured, ...]
    asked: tuple[Asked, ...]
    left_out: tuple[str, ...]
    skipped: tuple[ImageUnreadable, ...]


@dataclass(frozen=True, slots=True)
class Queries:
    """What to ask for, things that are there first, and a library that holds the photos."""

    names: tuple[str, ...]
    left_out: tuple[str, ...]
    shelf: Shelf


def evaluate(photos: Iterable[CaptionedPhoto], embedder: Embedder) -> Relevance:
    """Ask for all things among all photos, and again in smaller libraries drawn from them.

    Raises `VlmError` when no photo can be opened, and when the captions name no thing often enough
    or every thing of the list.
    """
    found = embedded(photos, embedder)
    asked = queries([photo.captions for photo in found.photos], found.vectors)
    texts = np.concatenate([embedder.embed_texts(batch) for batch in batches(asked.names, BATCH)])
    words = embed_words(embedder)

    def of(shelf: Shelf) -> Answers:
        return answers(shelf, texts, words, embedder.calibration)

    whole = of(asked.shelf)
    return Relevance(
        model=embedder.name,
        fingerprint=embedder.fingerprint,
        whole=_measured([whole], len(found.photos)),
        ci95=intervals(whole.outcomes, np.arange(len(whole.outcomes)), MEASURES),
        smaller=tuple(
            _measured([of(shelf) for shelf in asked.shelf.drawn(size, times, SEED)], size)
            for size, times in SMALLER.items()
            if size < len(found.photos)
        ),
        asked=tuple(
            Asked(asked.names[number], bool(code >= 2), bool(code % 2), float(best))
            for number, code, best in zip(whole.asked, whole.outcomes, whole.best, strict=True)
        ),
        left_out=asked.left_out,
        skipped=found.skipped,
    )


def queries(captions: Sequence[Sequence[str]], vectors: Vectors) -> Queries:
    """What to ask for among photos with these captions and vectors; raises as `evaluate`."""
    enough = np.array([min(SURE, len(texts)) for texts in captions])
    there = [c for c in concepts(captions) if (c.says >= enough).sum() >= PHOTOS_EACH]
    absent, left_out = without_named(things(), (text for texts in captions for text in texts))
    if not there or not absent:
        raise VlmError(
            f"The captions of these photos name {len(there)} things often enough to ask for, and "
            f"leave {len(absent)} of the list of absent ones; both are needed."
        )
    says = np.array([*(c.says for c in there), *(np.zeros_like(enough) for _ in absent)])
    # As a library keeps them: half precision, and in no order, so that the first are a sample.
    mixed = np.random.default_rng(SEED).permutation(len(captions))
    shelf = Shelf(
        vectors[mixed].astype(np.float16).astype(np.float32),
        (says > 0)[:, mixed],
        (says >= enough)[:, mixed],
        np.arange(len(says)) >= len(there),
    )
    return Queries((*(c.name for c in there), *absent), tuple(left_out), shelf)


def _measured(told: Sequence[Answers], photos: int) -> Measured:
    outcomes = np.concatenate([one.outcomes for one in told])
    strong, maybe, right = (
        np.concatenate([getattr(one, name) for one in told])
        for name in ("strong", "maybe", "right")
    )
    there = outcomes >= 2
    weights = balanced(there)
    return Measured(
        n_images=photos,
        libraries=len(told),
        matches=matches(outcomes),
        nothing=nothing(outcomes),
        strong=share_right(strong, right, weights),
        maybe=share_right(maybe, right, weights),
        shown=float(((strong | maybe) & right).any(1)[there].mean()) if there.any() else 0.0,
    )
