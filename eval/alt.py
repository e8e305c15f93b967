"""Alternative texts of photos as a model drafts them and as the checks leave them, scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from eval.alt_metrics import Told, Truth, named_by_people, told, truth
from eval.bootstrap import intervals
from eval.caption import opened
from eval.cases import CaptionedPhoto
from vlm.alt.context import ImageContext
from vlm.alt.lint import lint
from vlm.alt.wording import tidy
from vlm.checked import CheckedDescription, checked
from vlm.checked.vocabulary import known_nouns
from vlm.errors import ImageUnreadable, ReplyEmpty, VlmError
from vlm.protocols import Describer, Embedder


@dataclass(frozen=True, slots=True)
class Described:
    """A photo, the draft and the checked text as alternative texts, and what was judged."""

    photo: CaptionedPhoto
    draft: str
    text: str
    description: CheckedDescription


@dataclass(frozen=True, slots=True)
class Scores:
    """``truth`` with the 95 % interval of its ``chair_i``, characters, texts that break a rule."""

    truth: Truth
    ci95: tuple[float, float]
    length: float
    lint_errors: int


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What was described, and the scores of drafts and of checked texts."""

    source: str
    samples: int
    described: tuple[Described, ...]
    drafts: Scores
    checked: Scores
    verdicts: dict[str, int]
    seconds_per_photo: float
    skipped: tuple[ImageUnreadable, ...] = ()


def evaluate(
    photos: Iterable[CaptionedPhoto],
    describer: Describer,
    embedder: Embedder | None,
    *,
    samples: int,
    seed: int = 0,
) -> Alternatives:
    """Describe and check each photo; one about which the model has no words has empty texts.

    A photo that cannot be opened is left out and named in ``skipped``. Raises `VlmError` when
    none is left, and what `vlm.checked.checked` raises.
    """
    described: list[Described] = []
    skipped: list[ImageUnreadable] = []
    started = perf_counter()
    for photo, image in opened(photos, skipped):
        try:
            found = checked(image, describer, embedder, samples=samples, seed=seed)
        except ReplyEmpty:
            found = CheckedDescription("", (), (), "review")
        described.append(Described(photo, tidy(found.draft), tidy(found.text), found))
    if not described:
        raise VlmError("None of the photos can be opened, so there is nothing to measure.")
    return Alternatives(
        source=describer.name,
        samples=samples,
        described=tuple(described),
        drafts=_scores(described, lambda one: one.draft),
        checked=_scores(described, lambda one: one.text),
        verdicts=dict(Counter(one.description.verdict for one in described)),
        seconds_per_photo=(perf_counter() - started) / len(described),
        skipped=tuple(skipped),
    )


def _scores(described: Sequence[Described], text: Callable[[Described], str]) -> Scores:
    nouns = known_nouns()
    each = [told(text(one), named_by_people(one.photo.captions, nouns), nouns) for one in described]
    return Scores(
        truth=truth(each),
        ci95=_interval(each),
        length=sum(len(text(one)) for one in described) / len(described),
        lint_errors=sum(bool(lint(text(one), ImageContext())) for one in described),
    )


def _interval(each: Sequence[Told]) -> tuple[float, float]:
    counts = np.array([(one.wrong, one.said) for one in each], np.float64)
    photos = np.arange(len(each))

    def share(rows: NDArray[np.int64]) -> float:
        wrong, said = counts[rows].sum(0)
        return float(wrong / said) if said else 0.0

    return intervals(photos, photos, {"chair_i": share})["chair_i"]
