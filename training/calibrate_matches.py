"""What the signs of `index.search.relevance` weigh, which tell what is there from what is not.

`calibrate.py` calls this and writes what it finds. Things that captions of the photos name are set
against those of eval/absent_concepts.txt, and captions of the photos against captions of other
photos that name such an absent thing, in libraries of several sizes, so that short and long
queries count the same, and each size and each of the two answers.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from cases import read_cases
from measure import embed_texts

from eval.relevance import Queries, queries
from eval.relevance_metrics import balanced, matches, nothing
from index.search.background import PHOTOS, embed_words
from index.search.relevance import HITS, Background, signs
from vlm.protocols import Embedder, SignWeights

SIZES = {5: 40, 20: 20, 100: 6, 300: 2, 1000: 1}
"""Photos in a library, and how many are drawn."""
SENTENCES = 300
HALVES = 10
RIDGE = 1e-4


@dataclass(frozen=True)
class Observed:
    """Signs of queries in libraries, one row each: (rows, 5); which query, and is it there."""

    size: int
    signs: np.ndarray
    query: np.ndarray
    there: np.ndarray


def logistic(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Bias and coefficients of a weighted logistic regression, by Newton's method."""
    x = np.concatenate([np.ones((len(x), 1)), x], 1)
    w, weights = np.zeros(x.shape[1]), weights / weights.sum()
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (weights * (p - y)) + RIDGE * np.r_[0, w[1:]]
        hessian = (x * (weights * p * (1 - p))[:, None]).T @ x + RIDGE * np.eye(len(w))
        w -= np.linalg.solve(hessian, gradient)
    return w


def sentences(data: Path, absent: Sequence[str], captions: Sequence[Sequence[str]]):
    """Some photos by number, a caption of each, and captions of others that name absent things."""
    rng = np.random.default_rng(0)
    own = rng.permutation(len(captions))[:SENTENCES]
    present = [captions[i][rng.integers(len(captions[i]))] for i in own]
    word = re.compile(rf"\b(?:{'|'.join(map(re.escape, absent))})\b", re.IGNORECASE)
    foreign = []
    for row in read_cases(data / "coco-text/captions.jsonl"):
        foreign += [caption for caption in row["captions"] if word.search(caption)][:1]
    return own, present, [foreign[i] for i in rng.permutation(len(foreign))[:SENTENCES]]


def observe(
    vectors: np.ndarray,
    surely: np.ndarray,
    absent: np.ndarray,
    texts: np.ndarray,
    words: np.ndarray,
) -> list[Observed]:
    """Signs of all queries that can be judged, in libraries of all sizes."""
    out = []
    rng = np.random.default_rng(0)
    for size, times in SIZES.items():
        found = []
        for _ in range(times if size < len(vectors) else 1):
            some = rng.permutation(len(vectors))[:size]
            library = vectors[some]
            behind = Background.of(words, library[:PHOTOS])
            there = surely[:, some].any(1)
            for query in np.flatnonzero(there | absent):
                hits = library[np.argsort(-(library @ texts[query]))[:HITS]]
                found.append((query, there[query], *signs(texts[query], hits, behind)))
        rows = np.array(found, np.float64)
        out.append(Observed(size, rows[:, 2:], rows[:, 0].astype(int), rows[:, 1] > 0))
    return out


def features(seen: Observed) -> np.ndarray:
    """The signs and the logarithm of the size."""
    return np.column_stack([seen.signs, np.full(len(seen.signs), np.log(seen.size))])


def fit(sets: Sequence[Observed]) -> SignWeights:
    """The weights that tell best what is there; each set counts the same, and both answers."""
    x, y = np.concatenate([features(s) for s in sets]), np.concatenate([s.there for s in sets])
    start, *rest = logistic(x, y, np.concatenate([balanced(s.there) for s in sets]))
    return SignWeights(*(float(w) for w in rest), start=float(start))


def half(seen: Observed, kept: np.ndarray) -> Observed:
    """Only some of the queries."""
    rows = np.isin(seen.query, kept)
    return Observed(seen.size, seen.signs[rows], seen.query[rows], seen.there[rows])


def outcomes(seen: Observed, weights: SignWeights) -> np.ndarray:
    """`eval.relevance_metrics.Outcomes` of the rows."""
    *each, start = asdict(weights).values()
    return 2 * seen.there + (features(seen) @ each + start > 0)


def held_out(kinds: dict[str, list[Observed]]) -> dict[str, dict[str, list[float]]]:
    """F1 of both answers by kind and size on queries that the weights were not fitted on."""
    told: dict[str, dict[str, list]] = {kind: {} for kind in kinds}
    for seed in range(HALVES):
        rng = np.random.default_rng(seed)
        tuned, tested = [], []
        for kind, sets in kinds.items():
            numbers = np.unique(np.concatenate([s.query for s in sets]))
            kept = rng.permutation(numbers)[: len(numbers) // 2]
            tuned += [half(s, kept) for s in sets]
            tested += [(kind, half(s, np.setdiff1d(numbers, kept))) for s in sets]
        weights = fit(tuned)
        for kind, seen in tested:
            said = outcomes(seen, weights)
            told[kind].setdefault(str(seen.size), []).append([matches(said).f1, nothing(said).f1])
    return {
        kind: {size: np.mean(pairs, 0).tolist() for size, pairs in sizes.items()}
        for kind, sizes in told.items()
    }


def calibrate_matches(
    embedder: Embedder, data: Path, captions: Sequence[Sequence[str]], photos: np.ndarray
) -> dict[str, object]:
    """Weights fitted on all queries, and how well weights from half of them do on the others."""
    asked: Queries = queries(captions, photos)
    shelf, words = asked.shelf, embed_words(embedder)
    things = embed_texts(embedder, asked.names)
    missing = [n for n, away in zip(asked.names, shelf.absent, strict=True) if away]
    own, present, foreign = sentences(data, missing, captions)
    surely = np.zeros((len(present) + len(foreign), len(photos)), bool)
    surely[np.arange(len(own)), own] = True
    away = np.arange(len(surely)) >= len(own)
    texts = embed_texts(embedder, [*present, *foreign])
    kinds = {
        "things": observe(shelf.vectors, shelf.surely, shelf.absent, things, words),
        "sentences": observe(photos, surely, away, texts, words),
    }
    weights = fit([seen for sets in kinds.values() for seen in sets])
    return {"weights": asdict(weights), "held_out": held_out(kinds)}
