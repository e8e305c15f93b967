"""Does a search find more with vectors of captions beside those of photos? docs/decisions/0011.

    python benchmarks/caption_vectors.py --data DIR [--vectors FILE.npz]

Photos of the split "dev" are searched with their captions from the second on. What stands for the
photo's own caption is the starter's, or the first human one, of all photos or of a share of them
drawn at random. Photos without a caption have only their vector. ``--vectors`` keeps what was
embedded, which takes most of the time, for the next run.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vlm.images import read_image
from vlm.protocols import Embedder, Vectors
from vlm.registry import load_describer, load_embedder
from vlm.tasks import caption

RANK = 60
"""The constant of reciprocal rank fusion."""

GATE = 0.5
"""Captions that are less near to the query do not count."""

Scores = NDArray[np.float32]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--vectors", type=Path)
    asked = parser.parse_args()
    if asked.vectors and asked.vectors.exists():
        held = dict(np.load(asked.vectors))
    else:
        held = embedded(asked.data)
        if asked.vectors:
            np.savez(asked.vectors, **held)
    counts = held["n"]
    owners = np.repeat(np.arange(len(counts)), counts)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    later = np.setdiff1d(np.arange(len(owners)), first)
    queries, owners = held["caps"][later], owners[later]
    print(f"{len(counts)} photos, {len(queries)} queries; R@1 / R@10 / MRR")
    for whose, captions in (("starter's", held["said"]), ("human's", held["caps"][first])):
        for share in (1.0, 0.5, 0.1):
            table(whose, share, queries, owners, held["images"], captions)


def embedded(data: Path) -> dict[str, NDArray[np.float32]]:
    """Vectors of photos, of the starter's captions, and of the human ones with their number."""
    lines = (data / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case for case in map(json.loads, lines) if case.get("split") == "dev"]
    embedder, describer = load_embedder("starter"), load_describer("starter")
    photos = [read_image(data / "photos" / case["image"]) for case in cases]
    images = np.concatenate([embedder.embed_images([photo]) for photo in photos])
    said = texts(embedder, [caption(photo, describer) for photo in photos])
    caps = texts(embedder, [text for case in cases for text in case["captions"]])
    numbers = np.array([len(case["captions"]) for case in cases])
    return {"images": images, "said": said, "caps": caps, "n": numbers}


def texts(embedder: Embedder, said: list[str]) -> Vectors:
    return np.concatenate([embedder.embed_texts(said[n : n + 32]) for n in range(0, len(said), 32)])


def table(
    whose: str, share: float, queries: Vectors, owners: Scores, images: Vectors, captions: Vectors
) -> None:
    """Print what each way of fusing finds."""
    has = np.random.default_rng(1).random(len(images)) < share
    near = queries @ images.T
    said = np.where(has, queries @ captions.T, -2)
    for name, scores in fusions(near, said, has):
        places = place(scores, owners)
        parts = [places, places[has[owners]], places[~has[owners]]]
        figures = [
            f"{np.mean(p < 1):.3f} / {np.mean(p < 10):.3f} / {np.mean(1 / (p + 1)):.3f}"
            for p in parts
            if len(p)
        ]
        print(f"| {whose} captions of {share:.0%} | {name} | {' | '.join(figures)} |")


def fusions(
    near: Scores, said: Scores, has: NDArray[np.bool_]
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    yield "photos alone", near
    by_photo, by_caption = share_of(near), np.where(has, share_of(said), 0)
    yield "ranks fused", by_photo + 0.8 * by_caption
    yield "ranks fused, near captions only", by_photo + np.where(said > GATE, 0.8 * by_caption, 0)
    added = near + np.maximum(0, said - GATE)
    yield "ranks of photos and of sums fused", by_photo + share_of(added)
    yield "sums", added


def share_of(scores: Scores) -> NDArray[np.float32]:
    """What each photo's rank among all counts for."""
    order = np.argsort(-scores, 1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(scores.shape[1])[None], 1)
    return (RANK + 1) / (RANK + 1 + ranks)


def place(scores: NDArray[np.float32], owners: Scores) -> NDArray[np.float64]:
    """How many photos come before the right one; equal ones by half."""
    right = scores[np.arange(len(owners)), owners][:, None]
    return (scores > right).sum(1) + ((scores == right).sum(1) - 1) / 2


if __name__ == "__main__":
    main()
