"""CIDEr, BLEU-4, METEOR and ROUGE-L of captions, as pycocoevalcap 1.2 computes them.

Texts go through its Penn Treebank tokeniser first, as in the COCO caption evaluation (Chen et
al., Microsoft COCO Captions: Data Collection and Evaluation Server, 2015).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from eval.caption_java import find_java, meteor, tokenise
from vlm.errors import VlmError
from vlm.extras import needs_extra


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: of all captions together and of each. CIDEr is in [0, 10], others in [0, 1]."""

    overall: float
    each: tuple[float, ...]


def require_scorers() -> None:
    """Raise `ExtraMissing` or `JavaMissing` where captions cannot be scored."""
    with needs_extra("python -m eval caption", "eval"):
        import pycocoevalcap.cider.cider  # noqa: F401
    find_java()


def score(candidates: Sequence[str], references: Sequence[Sequence[str]]) -> dict[str, Measure]:
    """Score one caption a photo, which may be empty, against at least one reference each.

    Raises `VlmError` for fewer than two photos and for references without a single word, what
    `require_scorers` raises, and `JavaFailed`.
    """
    require_scorers()
    if len(candidates) < 2:
        raise VlmError(
            "CIDEr counts a word by how few of the photos it is said of, so it takes two photos "
            f"or more, and there is {len(candidates)} to score."
        )
    tokenised = iter(tokenise([*candidates, *(text for texts in references for text in texts)]))
    said = list(islice(tokenised, len(candidates)))
    wanted = [list(islice(tokenised, len(texts))) for texts in references]
    if not any(text for texts in wanted for text in texts):
        raise VlmError("The captions to compare with hold not a single word.")
    overlap = overlaps(said, wanted)
    return {
        "CIDEr": overlap["CIDEr"],
        "BLEU-4": overlap["BLEU-4"],
        "METEOR": _measure(*meteor(said, wanted)),
        "ROUGE-L": overlap["ROUGE-L"],
    }


def overlaps(said: Sequence[str], wanted: Sequence[Sequence[str]]) -> dict[str, Measure]:
    """CIDEr, BLEU-4 and ROUGE-L of tokenised texts: what needs no Java."""
    from pycocoevalcap.bleu.bleu import Bleu
    from pycocoevalcap.cider.cider import Cider
    from pycocoevalcap.rouge.rouge import Rouge

    candidates = {photo: [text] for photo, text in enumerate(said)}
    references = {photo: list(texts) for photo, texts in enumerate(wanted)}
    bleu, bleu_each = Bleu(4).compute_score(references, candidates, verbose=0)
    return {
        "CIDEr": _measure(*Cider().compute_score(references, candidates)),
        "BLEU-4": _measure(bleu[-1], bleu_each[-1]),
        "ROUGE-L": _measure(*Rouge().compute_score(references, candidates)),
    }


def _measure(overall: float, each: Iterable[float]) -> Measure:
    return Measure(float(overall), tuple(map(float, each)))
