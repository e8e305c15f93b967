"""Many small photos, known to both programs with random vectors, without decoding any.

Files are JPEGs of 16x16 pixels, each with its number behind the picture, so that no two have the
same content; a thousand to a folder. How long a search or a scan takes depends neither on what is
in them nor on what their vectors mean.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

A_FOLDER = 1000

FILL_RCLIP = """
import hashlib, os, sys
import numpy as np
from rclip.db import DB, NewImage
draw, root, database = np.random.default_rng(0), sys.argv[1], DB(sys.argv[2])
for folder, _, names in os.walk(root):
    for name in names:
        path = os.path.join(folder, name)
        state, row = os.stat(path), draw.normal(size=512).astype(np.float32)
        digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
        image = NewImage(filepath=path, modified_at=state.st_mtime, size=state.st_size,
                         vector=(row / np.linalg.norm(row)).tobytes(), hash=digest)
        database.upsert_image(image, commit=False)
database.close()
"""
"""Runs in rclip's environment, through its own class for its database."""


def many_files(folder: Path, count: int) -> None:
    """Write so many files, if they are not there."""
    finished = folder.with_suffix(".finished")
    if finished.exists():
        return
    picture = _picture(0)
    for number in range(count):
        part = folder / f"{number // A_FOLDER:04}"
        if number % A_FOLDER == 0:
            part.mkdir(parents=True, exist_ok=True)
        (part / f"{number:07}.jpg").write_bytes(picture + b"%d" % number)
    finished.touch()


def change_one(folder: Path) -> None:
    """Put another picture of another size into one of the files."""
    path = folder / "0000" / "0000007.jpg"
    draw = int.from_bytes(os.urandom(4), "little")
    path.write_bytes(_picture(draw) + b"x" * (draw % 1000))


def fill_rclip(python: Path, photos: Path, data: Path) -> None:
    """Make rclip's database, if it is not there."""
    database = data / "db.sqlite3"
    if not database.exists():
        subprocess.run([python, "-c", FILL_RCLIP, photos, database], check=True)


def fill_vlm(
    photos: Path, library: Path, models: Sequence[str], environment: Mapping[str, str]
) -> None:
    """Make our library with vectors of these models, if it is not there."""
    if not library.exists():
        arguments = [sys.executable, __file__, photos, library, *models]
        subprocess.run(arguments, check=True, env={**os.environ, **environment})


def _picture(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, size=(16, 16, 3), dtype=np.uint8)
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG")
    return stream.getvalue()


def _fill(photos: Path, folder: Path, models: Sequence[str]) -> None:
    from index.library import Library
    from index.records import Facts, FileState
    from index.search.background import kept_words
    from vlm.registry import load_embedder

    facts, draw = Facts("JPEG", 16, 16, dhash=1), np.random.default_rng(0)
    embedders = [load_embedder(name) for name in models]
    with Library.open(folder, create=True) as library, library.writing():
        catalogue = library.catalogue
        known = [catalogue.register(embedder) for embedder in embedders]
        for part in sorted(photos.iterdir()):
            states = []
            for path in sorted(part.iterdir()):
                at, digest = path.stat(), sha256(path.read_bytes()).digest()
                states.append(FileState(path, digest, at.st_size, at.st_mtime_ns))
            hashes = [state.hash for state in states]
            with catalogue.transaction():
                for model in known:
                    rows = draw.normal(size=(len(hashes), model.dim)).astype(np.float32)
                    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
                    catalogue.put_vectors(model, hashes, rows)
                for state in states:
                    catalogue.put_photo(state, facts, new_vector=True)
        for embedder in embedders:
            library.vectors(embedder)
            kept_words(folder, embedder)


if __name__ == "__main__":
    _fill(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
