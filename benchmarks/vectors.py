"""What vectors cost by their number: making the file, opening it, searching, memory and recall.

    python benchmarks/vectors.py [--sizes 1000 10000 100000 1000000] [--dim 512] [--svg FILE]

Vectors are made up (`cloud.py`) and not kept. Every size has two processes of its own: one makes
the file, one opens and searches it, so that memory is what a search needs. *Near* queries are
photos that are not in the library; *far* ones are about as far from all photos as texts are.
"Exact" in recall at 10 is numpy on the half-precision rows. *First* is the first query of a
process, which loads FAISS and reads what it needs; the others come after 200 near and 200 far
ones. A filter keeps 0.1 % of the photos. Queries run on one thread, and their times are of the
processor, which a crowded machine hardly changes, with the clock beside. Limits hold for the
largest size.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time, thread_time

import numpy as np
from cloud import Cloud, from_afar
from log_plot import Plot, svg
from numpy.typing import NDArray
from timing import machine

from index.vectors import store
from vlm.protocols import Vectors

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 250_000, 300_000, 1_000_000)
STAMP = store.Stamp(bytes(16), 1)
QUERIES = 200


@dataclass(frozen=True, slots=True)
class Row:
    """Costs of one size. Seconds, milliseconds and megabytes (10 ** 6); recall at 10."""

    vectors: int
    kind: str
    build_s: float
    build_cpu_s: float
    build_mb: float
    open_s: float
    first_ms: float
    near_p50_ms: float
    near_p95_ms: float
    near_p95_clock_ms: float
    far_p95_ms: float
    filter_p95_ms: float
    recall: float
    recall_far: float
    recall_filter: float
    bytes_each: float
    resident_mb: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--dim", type=int, default=512)
    parser.add_argument("--folder", type=Path, help="where the files are made and removed again")
    parser.add_argument("--rows", type=Path, help="keep what was measured there, and go on from it")
    parser.add_argument("--svg", type=Path, help="write the plot there")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    kept = kept_rows(asked.rows)
    rows: list[Row] = []
    for size in asked.sizes:
        row = kept.get(size) or measured(size, asked.dim, asked.folder)
        rows.append(row)
        if asked.rows and size not in kept:
            with asked.rows.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(row)) + "\n")
        if not asked.json:
            say(rows)
    missed = limits_missed(rows[-1])
    if asked.json:
        document = {"machine": machine(), "dim": asked.dim, "rows": [asdict(row) for row in rows]}
        print(json.dumps(document | {"missed": missed}))
    else:
        print(machine())
        print("limits missed: " + "; ".join(missed) if missed else "all limits met")
    if asked.svg:
        asked.svg.write_text(picture(rows, asked.dim), encoding="utf-8")
    return 1 if missed else 0


def kept_rows(path: Path | None) -> dict[int, Row]:
    if path is None or not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {row.vectors: row for row in (Row(**json.loads(line)) for line in lines)}


def measured(size: int, dim: int, parent: Path | None) -> Row:
    """Make and search a file of a size, each in a new process."""
    costs: dict[str, float | str] = {}
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        for part in (made, searched):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                costs |= pool.submit(part, size, dim, Path(folder) / "vectors.faiss").result()
    return Row(vectors=size, **costs)  # type: ignore[arg-type]


def made(size: int, dim: int, path: Path) -> dict[str, float | str]:
    began, worked = perf_counter(), process_time()
    store.bring(path, STAMP, Cloud(size, dim), never)
    facts = store.facts(path)
    assert facts is not None
    return {
        "kind": "flat" if facts.exact else "lists",
        "build_s": perf_counter() - began,
        "build_cpu_s": process_time() - worked,
        "build_mb": memory("VmHWM"),
        "bytes_each": path.stat().st_size / size,
    }


def searched(size: int, dim: int, path: Path) -> dict[str, float | str]:
    cloud = Cloud(size, dim)
    near = cloud.block(2**40, QUERIES)
    far = from_afar(near)
    allowed = np.sort(np.random.default_rng(3).choice(size, max(10, size // 1000), replace=False))
    allowed = allowed.astype(np.int64) + 1
    began = perf_counter()
    index = store.bring(path, STAMP, cloud, never)
    opened = perf_counter() - began
    first = times(index, near[:1])[1][0]
    times(index, near)
    times(index, far)
    warm, clock = times(index, near)
    costs: dict[str, float | str] = {
        "open_s": opened,
        "first_ms": first,
        "near_p50_ms": quantile(warm, 0.5),
        "near_p95_ms": quantile(warm, 0.95),
        "near_p95_clock_ms": quantile(clock, 0.95),
        "far_p95_ms": quantile(times(index, far)[0], 0.95),
        "filter_p95_ms": quantile(times(index, near, allowed)[0], 0.95),
        "resident_mb": memory("VmRSS"),
    }
    queries = np.concatenate([near[:QUERIES], far[:QUERIES]])
    truth = nearest(cloud, queries, None)
    within = nearest(cloud, queries[:QUERIES], allowed)
    costs["recall"] = recall(index, queries[:QUERIES], truth[:QUERIES], None)
    costs["recall_far"] = recall(index, queries[QUERIES:], truth[QUERIES:], None)
    costs["recall_filter"] = recall(index, queries[:QUERIES], within, allowed)
    return costs


def never(_: store.VectorIndex) -> store.VectorIndex:
    raise RuntimeError("a file that was just made is damaged")


def times(
    index: store.VectorIndex, queries: Vectors, allowed: NDArray[np.int64] | None = None
) -> tuple[list[float], list[float]]:
    """Milliseconds of every query, one after the other: of the processor, and on the clock."""
    worked, clock = [], []
    for query in queries:
        began, busy = perf_counter(), thread_time()
        store.search(index, query, 10, allowed)
        worked.append(1000 * (thread_time() - busy))
        clock.append(1000 * (perf_counter() - began))
    return worked, clock


def quantile(values: Sequence[float], share: float) -> float:
    return float(np.quantile(values, share))


def nearest(cloud: Cloud, queries: Vectors, allowed: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Ids of the exact 10 nearest of each query."""
    scores = np.empty((len(queries), 0), np.float32)
    ids = np.empty((len(queries), 0), np.int64)
    at = 0
    for block in cloud.all():
        here = np.arange(at, at + len(block)) + 1
        kept = np.ones(len(here), np.bool_) if allowed is None else np.isin(here, allowed)
        at += len(block)
        scores = np.concatenate([scores, queries @ block[kept].T], axis=1)
        ids = np.concatenate([ids, np.broadcast_to(here[kept], (len(queries), kept.sum()))], axis=1)
        best = np.argpartition(-scores, min(10, scores.shape[1]) - 1, axis=1)[:, :10]
        scores, ids = (np.take_along_axis(part, best, axis=1) for part in (scores, ids))
    return ids


def recall(
    index: store.VectorIndex,
    queries: Vectors,
    truth: NDArray[np.int64],
    allowed: NDArray[np.int64] | None,
) -> float:
    shares = [
        np.isin([i for i, _ in store.search(index, query, 10, allowed)], wanted).sum() / len(wanted)
        for query, wanted in zip(queries, truth, strict=True)
    ]
    return float(np.mean(shares))


def memory(what: str) -> float:
    """Megabytes of this process now (VmRSS) or at most (VmHWM)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith(what))
    return int(line.split()[1]) * 1024 / 1e6


COLUMNS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("vectors", lambda r: f"{r.vectors:,}"),
    ("kind", lambda r: r.kind),
    ("build s", lambda r: f"{r.build_s:.2f}"),
    ("cpu s", lambda r: f"{r.build_cpu_s:.2f}"),
    ("peak MB", lambda r: f"{r.build_mb:.0f}"),
    ("open s", lambda r: f"{r.open_s:.3f}"),
    ("first ms", lambda r: f"{r.first_ms:.1f}"),
    ("p50 ms", lambda r: f"{r.near_p50_ms:.2f}"),
    ("p95 ms", lambda r: f"{r.near_p95_ms:.2f}"),
    ("clock", lambda r: f"{r.near_p95_clock_ms:.2f}"),
    ("far p95", lambda r: f"{r.far_p95_ms:.2f}"),
    ("0.1% p95", lambda r: f"{r.filter_p95_ms:.2f}"),
    ("recall", lambda r: f"{r.recall:.4f}"),
    ("far", lambda r: f"{r.recall_far:.4f}"),
    ("0.1%", lambda r: f"{r.recall_filter:.4f}"),
    ("B each", lambda r: f"{r.bytes_each:.0f}"),
    ("resident MB", lambda r: f"{r.resident_mb:.0f}"),
)


def say(rows: Sequence[Row]) -> None:
    """Print the latest row, with a heading before the first."""
    if len(rows) == 1:
        print("".join(f"{name:>12}" for name, _ in COLUMNS))
    print("".join(f"{form(rows[-1]):>12}" for _, form in COLUMNS), flush=True)


def limits_missed(row: Row) -> list[str]:
    checks = (
        (row.near_p95_ms <= 5, f"p95 of near queries {row.near_p95_ms:.2f} ms, not 5"),
        (row.recall >= 0.98, f"recall {row.recall:.4f}, not 0.98"),
        (row.recall_filter >= 0.98, f"recall under the filter {row.recall_filter:.4f}, not 0.98"),
        (row.bytes_each <= 600 or row.kind == "flat", f"{row.bytes_each:.0f} B each, not 600"),
        (row.open_s <= 1, f"opening {row.open_s:.2f} s, not 1"),
        (row.resident_mb <= 1000, f"resident {row.resident_mb:.0f} MB, not 1000"),
    )
    return [what for met, what in checks if not met]


def picture(rows: Sequence[Row], dim: int) -> str:
    def line(name: str) -> list[float]:
        return [float(getattr(row, name)) for row in rows]

    plots = [
        Plot("making the file, s", {"clock": line("build_s"), "processor": line("build_cpu_s")}),
        Plot("opening it, s", {"": line("open_s")}, limit=1),
        Plot(
            "a query, p95, ms of one core",
            {
                "near": line("near_p95_ms"),
                "far": line("far_p95_ms"),
                "filter of 0.1 %": line("filter_p95_ms"),
            },
            limit=5,
        ),
        Plot(
            "recall at 10",
            {
                "near": line("recall"),
                "far": line("recall_far"),
                "filter of 0.1 %": line("recall_filter"),
            },
            limit=0.98,
            linear=(0.9, 1.0),
        ),
        Plot("bytes a vector on disk", {"": line("bytes_each")}, limit=600),
        Plot("resident memory, MB", {"": line("resident_mb")}, limit=1000),
    ]
    caption = f"Cost of vectors of {dim} dimensions by their number; limits of a million are dashed"
    return svg([row.vectors for row in rows], plots, caption)


if __name__ == "__main__":
    sys.exit(main())
