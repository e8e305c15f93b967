"""How long `vlm search` takes as a cold process on a library of 10,000 photos.

    python benchmarks/cold_search.py [--photos 10000] [--runs 15] [--model starter] [--json]

The library is made by the real indexing of drawn photos (320x240), with one thing left out: the
image tower. The vectors are random unit vectors under the model's name, since how long a search
takes does not depend on what they mean. Each search is a new process with the files in the disk
cache; `vlm --help` and a bare interpreter take turns with it, for the ratios. --folder DIR keeps
photos and library for the next time.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from photos import small_photos
from PIL.Image import Image
from timing import BIN, as_dict, by_turns, machine, once

from index.build import build
from index.library import Library
from vlm.protocols import Embedder, ImageInput, Vectors
from vlm.registry import load_embedder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--model", default="starter")
    parser.add_argument("--limit", type=float, default=0.6, metavar="S", help="exit 1 above it")
    parser.add_argument("--folder", type=Path, help="keep photos and library there")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        photos, library = folder / f"photos-{asked.photos}", folder / f"library-{asked.photos}"
        small_photos(photos, asked.photos)
        env = {"VLM_LIBRARY": str(library), "VLM_MODEL": asked.model}
        vlm = BIN / "vlm"
        fill(library, photos, FakeVectors(load_embedder(asked.model)))
        once([vlm, "search", "warm", "--json"], env)  # what is made at a first search is there
        commands = {
            "vlm search": [vlm, "search", "a red boat on a lake", "--json"],
            "vlm --help": [vlm, "--help"],
            "python -c pass": [sys.executable, "-c", ""],
        }
        costs = by_turns(commands, asked.runs, env)
    search, _, bare = costs.values()
    ratio = round(search.wall / bare.wall, 2)
    if asked.json:
        print(
            json.dumps(
                {
                    "machine": machine(),
                    "photos": asked.photos,
                    "times": as_dict(costs),
                    "ratio": ratio,
                }
            )
        )
    else:
        print(f"{machine()}\n{asked.photos} photos, model {asked.model}")
        for name, cost in costs.items():
            print(f"{cost.wall:7.3f} s wall {cost.cpu:7.3f} s cpu  {name}")
        print(f"a search is {ratio} times a bare interpreter; limit {asked.limit} s")
    return 0 if search.wall <= asked.limit else 1


class FakeVectors:
    """Takes the name of a model, and gives each image a random unit vector of its length.

    Texts are the model's own: those of everyday words are kept with the library.
    """

    image_input = ImageInput(size=8, fit="squash")
    calibration = None

    def __init__(self, model: Embedder) -> None:
        self.name, self.fingerprint, self.dim = model.name, model.fingerprint, model.dim
        self._draw = np.random.default_rng(0)
        self.embed_texts = model.embed_texts

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        rows = self._draw.normal(size=(len(images), self.dim)).astype(np.float32)
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def fill(library: Path, photos: Path, embedder: Embedder) -> None:
    """Index the photos; those that are in the library already cost nothing."""
    with Library.open(library, create=True) as opened:
        build(opened, [photos], embedder)


if __name__ == "__main__":
    sys.exit(main())
