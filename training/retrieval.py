"""Retrieval numbers: true recall both ways, with bootstrap intervals over photos."""

from dataclasses import dataclass

import numpy as np

KS = (1, 5, 10)


@dataclass(frozen=True)
class Ranks:
    """Rank, from 0, of the right photo for each text and of the best own text for each photo.

    Photos without a text are distractors: they have no rank of their own.
    """

    text_to_image: np.ndarray
    image_to_text: np.ndarray
    owner: np.ndarray  # the photo of each text, counted among photos that have one


def ranks(images: np.ndarray, texts: np.ndarray, owner: np.ndarray) -> Ranks:
    """`images` (n, d), `texts` (m, d), `owner` (m,) the photo of each text."""
    scores = texts @ images.T
    right = scores[np.arange(len(texts)), owner]
    best = np.full(len(images), -np.inf)
    np.maximum.at(best, owner, right)
    captioned = np.unique(owner)
    own = np.searchsorted(captioned, owner)
    better = (scores > best).sum(0)[captioned]
    return Ranks((scores > right[:, None]).sum(1), better, own)


def recalls(r: Ranks) -> dict[str, float]:
    """R@1, R@5 and R@10 both ways, in percent."""
    out = {f"t2i R@{k}": float((r.text_to_image < k).mean() * 100) for k in KS}
    return out | {f"i2t R@{k}": float((r.image_to_text < k).mean() * 100) for k in KS}


def intervals(r: Ranks, samples: int = 1000, seed: int = 0) -> dict[str, tuple[float, float]]:
    """95 % bootstrap intervals; whole photos are drawn, with all their texts."""
    rng = np.random.default_rng(seed)
    n = len(r.image_to_text)
    texts = np.bincount(r.owner, minlength=n)
    found = {f"t2i R@{k}": np.bincount(r.owner, r.text_to_image < k, n) for k in KS}
    draws = rng.integers(0, n, (samples, n))
    total = texts[draws].sum(1)
    out = {}
    for k in KS:
        values = found[f"t2i R@{k}"][draws].sum(1) / total * 100
        out[f"t2i R@{k}"] = tuple(np.percentile(values, [2.5, 97.5]).round(1).tolist())
    for k in KS:
        values = (r.image_to_text < k)[draws].mean(1) * 100
        out[f"i2t R@{k}"] = tuple(np.percentile(values, [2.5, 97.5]).round(1).tolist())
    return out


def line(name: str, r: Ranks) -> str:
    """One row of a table: R@1/5/10 both ways."""
    values = list(recalls(r).values())
    t2i = "/".join(f"{v:.1f}" for v in values[:3])
    i2t = "/".join(f"{v:.1f}" for v in values[3:])
    return f"{name:34s} t->i {t2i:16s} i->t {i2t:16s}"
