"""What a whole library costs by its number of photos: searching through it, opening, disk, memory.

    python benchmarks/library_size.py [--sizes 1000 10000 100000 1000000] [--svg FILE] [--json]

`vectors.py` measures the bare vectors; this goes through `index.search.search_text` as a program
that stays open does, with everything between a text and its hits but the model: the catalogue,
words, filters, bands and fusion. Photos are rows without files, made through the catalogue with
made-up vectors of 512 dimensions (`cloud.py`), a thousand to a folder. The embedder is a stand-in
that answers at once, with vectors about as far from all photos as texts are. Each size is filled
and searched in two processes of its own; times of queries are of the processor, with the clock
beside.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time, thread_time

import numpy as np
from cloud import Cloud, from_afar
from log_plot import Plot, svg
from PIL.Image import Image
from timing import machine
from vectors import memory, quantile

from index.library import Library
from index.overview import overview
from index.records import Facts, FileState
from index.search.background import kept_words
from index.search.search import search_text
from vlm.protocols import ImageInput, Vectors

SIZES = (1_000, 10_000, 100_000, 300_000, 1_000_000)
DIM, FOLDER, QUERIES = 512, 1000, 60


@dataclass(frozen=True, slots=True)
class Row:
    """Costs of one size. Seconds, milliseconds of the processor, bytes, megabytes (10 ** 6)."""

    photos: int
    fill_s: float
    vectors_s: float
    open_s: float
    first_ms: float
    text_p50_ms: float
    text_p95_ms: float
    text_p95_clock_ms: float
    folder_p95_ms: float
    words_p95_ms: float
    catalogue_bytes: float
    vector_bytes: float
    resident_mb: float
    overview_ms: float
    """What the Library page asks when the catalogue has changed: every photo counted."""


class StandIn:
    """An `Embedder` whose texts lie as far from the photos as those of a real one."""

    name, fingerprint, dim = "stand-in", "stand-in-1", DIM
    image_input, calibration = ImageInput(size=8, fit="squash"), None

    def __init__(self, size: int) -> None:
        self._cloud = Cloud(size, DIM)

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        raise NotImplementedError("photos are rows here")

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        seeds = [int.from_bytes(sha256(text.encode()).digest()[:4], "little") for text in texts]
        return np.concatenate([from_afar(self._cloud.block(2**40 + s, 1), s) for s in seeds])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--folder", type=Path, help="where libraries are made and removed again")
    parser.add_argument("--svg", type=Path, help="write the plot there")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    rows = []
    for size in asked.sizes:
        rows.append(measured(size, asked.folder))
        if not asked.json:
            told = asdict(rows[-1]).items()
            print("  ".join(f"{name} {value:.4g}" for name, value in told), flush=True)
    if asked.json:
        print(json.dumps({"machine": machine(), "rows": [asdict(row) for row in rows]}))
    else:
        print(machine())
    if asked.svg:
        asked.svg.write_text(picture(rows), encoding="utf-8")
    return 0 if rows[-1].open_s <= 1 and rows[-1].resident_mb <= 1000 else 1


def measured(size: int, parent: Path | None) -> Row:
    costs: dict[str, float] = {}
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        for part in (filled, searched):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                costs |= pool.submit(part, size, Path(folder)).result()
    return Row(photos=size, **costs)


def filled(size: int, folder: Path) -> dict[str, float]:
    """Make a library of so many photos; seconds of the processor."""
    began, cloud, embedder = process_time(), Cloud(size, DIM), StandIn(size)
    facts = Facts("JPEG", 4000, 3000, taken_at="2023-05-06T12:00:00", camera="Camera", dhash=1)
    with Library.open(folder, create=True) as library, library.writing():
        catalogue = library.catalogue
        model = catalogue.register(embedder)
        number = 0
        for block in cloud.all():
            states = [_state(number + at) for at in range(len(block))]
            number += len(block)
            with catalogue.transaction():
                catalogue.put_vectors(model, [state.hash for state in states], block)
                for state in states:
                    catalogue.put_photo(state, facts, new_vector=True)
        rows_made = process_time()
        library.vectors(embedder)
        kept_words(folder, embedder)
    return {"fill_s": rows_made - began, "vectors_s": process_time() - rows_made}


def _state(number: int) -> FileState:
    path = Path(f"/photos/{number // FOLDER:04}/IMG_{number:07}.jpg")
    return FileState(path, sha256(b"%d" % number).digest(), 3_000_000 + number, 1 + number)


def searched(size: int, folder: Path) -> dict[str, float]:
    """Open and search it as a program that stays open."""
    embedder = StandIn(size)
    embedder.embed_texts(["so that the stand-in itself is not counted"])
    sizes = {file.name: file.stat().st_size for file in folder.iterdir()}
    began = perf_counter()
    library = Library.open(folder)
    library.vectors(embedder)
    opened = perf_counter() - began
    try:
        first = _times(library, embedder, ["something first"])[0][0]
        _times(library, embedder, [f"warm up {n}" for n in range(20)])
        plain, clock = _times(library, embedder, [f"a thing {n}" for n in range(QUERIES)])
        folders = [f"a thing {n} in:/photos/{n % (size // FOLDER):04}" for n in range(QUERIES)]
        named = [f"img_{n * (size // QUERIES):07}" for n in range(QUERIES)]
        return {
            "open_s": opened,
            "first_ms": first,
            "text_p50_ms": quantile(plain, 0.5),
            "text_p95_ms": quantile(plain, 0.95),
            "text_p95_clock_ms": quantile(clock, 0.95),
            "folder_p95_ms": quantile(_times(library, embedder, folders)[0], 0.95),
            "words_p95_ms": quantile(_times(library, embedder, named)[0], 0.95),
            "catalogue_bytes": sizes["catalogue.db"] / size,
            "vector_bytes": sum(b for name, b in sizes.items() if ".faiss" in name) / size,
            "resident_mb": memory("VmRSS"),
            "overview_ms": quantile([_overview(library) for _ in range(5)], 0.5),
        }
    finally:
        library.close()


def _overview(library: Library) -> float:
    busy = thread_time()
    library.models()
    overview(library.catalogue)
    return 1000 * (thread_time() - busy)


def _times(
    library: Library, embedder: StandIn, queries: Sequence[str]
) -> tuple[list[float], list[float]]:
    worked, clock = [], []
    for query in queries:
        began, busy = perf_counter(), thread_time()
        search_text(library, embedder, query)
        worked.append(1000 * (thread_time() - busy))
        clock.append(1000 * (perf_counter() - began))
    return worked, clock


def picture(rows: Sequence[Row]) -> str:
    def line(name: str) -> list[float]:
        return [float(getattr(row, name)) for row in rows]

    plots = [
        Plot(
            "a search, p95, ms of one core",
            {
                "words alone": line("text_p95_ms"),
                "in a folder": line("folder_p95_ms"),
                "a file's name": line("words_p95_ms"),
            },
        ),
        Plot("opening the library, s", {"": line("open_s")}, limit=1),
        Plot("the first search, ms", {"": line("first_ms")}),
        Plot(
            "bytes a photo on disk",
            {"catalogue": line("catalogue_bytes"), "vectors' file": line("vector_bytes")},
        ),
        Plot("resident memory, MB", {"": line("resident_mb")}, limit=1000),
        Plot(
            "filling it, s of one core",
            {"catalogue": line("fill_s"), "vectors' file": line("vectors_s")},
        ),
    ]
    caption = "Cost of a library by its number of photos, without the model; limits are dashed"
    return svg([row.photos for row in rows], plots, caption)


if __name__ == "__main__":
    sys.exit(main())
