"""Indexing, searching and scanning again, beside rclip 3.3 with the same weights.

    python benchmarks/against_rclip.py --rclip DIR/bin/python --folder DIR [--rounds 3] [--json]

``--rclip`` is the interpreter of an environment with ``rclip==3.3.*``. Both sides get one
ViT-B/32-256 with random weights (`rclip_models.py`). Commands are new processes with the files in
the disk cache, and take turns. rclip indexes and searches in one command; what is timed here is its
indexing alone, through the function that its command calls. Cosines are between the vectors in
both databases after indexing: rclip's are of photos decoded in full, in float32.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from many_files import change_one, fill_rclip, fill_vlm, many_files
from numpy.typing import NDArray
from photos import camera_photos
from rclip_models import RCLIP_MODEL, RCLIP_VOCABULARY, make_models
from timing import BIN, Cost, as_dict, machine, once

INDEX_ONLY = """
import os
from rclip.main import init_rclip
for part in init_rclip(os.getcwd(), 8):
    part.close()
"""
"""What rclip's command does before it searches, with its own size of a batch."""

QUERY = "a red boat on a lake"


@dataclass(frozen=True, slots=True)
class Command:
    """A process to time, and what to put in order before it starts."""

    arguments: Sequence[str | Path]
    folder: Path
    env: Mapping[str, str]
    before: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Sides:
    """The two programs, their model, and where things are."""

    folder: Path
    rclip: Path

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint"

    @property
    def env(self) -> dict[str, str]:
        return {"XDG_CACHE_HOME": str(self.folder / "cache"), "VLM_ENGINE": "onnx"}

    def data(self, name: str) -> Path:
        """A data folder of rclip with the model in it."""
        models, data = self.folder / "rclip-models", self.folder / f"rclip-{name}"
        data.mkdir(parents=True, exist_ok=True)
        for part in (RCLIP_MODEL, Path(RCLIP_VOCABULARY).parts[0]):
            if not (data / part).exists():
                (data / part).symlink_to((models / part).resolve(), target_is_directory=True)
        return data

    def rclip_index(
        self, photos: Path, data: Path, before: Callable[[], None] = lambda: None
    ) -> Command:
        env = {"RCLIP_DATADIR": str(data)}
        return Command([self.rclip, "-c", INDEX_ONLY], photos, env, before)

    def rclip_search(self, photos: Path, data: Path) -> Command:
        program = self.rclip.parent / "rclip"
        return Command([program, "--no-indexing", QUERY], photos, {"RCLIP_DATADIR": str(data)})

    def vlm(
        self, *arguments: str | Path, library: Path, before: Callable[[], None] = lambda: None
    ) -> Command:
        env = {**self.env, "VLM_LIBRARY": str(library)}
        return Command([BIN / "vlm", *arguments, "--json"], self.folder, env, before)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rclip", type=Path, required=True, metavar="PYTHON")
    parser.add_argument("--folder", type=Path, required=True, help="keep everything there")
    parser.add_argument("--photos", type=int, default=120)
    parser.add_argument("--noise", type=float, default=7, help="7: files of 3.6 MB; 4: of 2.4 MB")
    parser.add_argument("--library", type=int, default=10_000, help="photos that are searched")
    parser.add_argument("--files", type=int, default=100_000, help="files that are scanned again")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS))
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    sides = Sides(asked.folder.resolve(), asked.rclip.absolute())
    make_models(sides.checkpoint, sides.folder / "rclip-models")
    found = {name: PARTS[name](sides, asked) for name in asked.only}
    if asked.json:
        print(json.dumps({"machine": machine(), "parts": {n: p.told() for n, p in found.items()}}))
    else:
        print(machine())
        for part in found.values():
            part.say()
    return 0 if all(part.met for part in found.values()) else 1


@dataclass(frozen=True, slots=True)
class Part:
    """What was measured: medians by command, rclip's first, and what is asked of ours."""

    title: str
    costs: Mapping[str, Cost]
    limit: float
    """Our wall time may be so much of rclip's."""
    facts: Mapping[str, float]
    cosine: float | None = None

    @property
    def ratios(self) -> dict[str, float]:
        theirs, *_ = self.costs.values()
        return {name: round(cost.wall / theirs.wall, 3) for name, cost in self.costs.items()}

    @property
    def met(self) -> bool:
        ours = list(self.ratios.values())[1]
        return ours <= self.limit and (self.cosine is None or self.cosine >= 0.99)

    def told(self) -> dict[str, object]:
        return {
            "times": as_dict(self.costs),
            "ratios": self.ratios,
            "limit": self.limit,
            **self.facts,
        }

    def say(self) -> None:
        print(
            f"{self.title}: {'met' if self.met else 'MISSED'}, at most {self.limit:.3f} of rclip's"
        )
        for name, cost in self.costs.items():
            print(
                f"  {cost.wall:7.3f} s wall {cost.cpu:7.3f} s cpu  {self.ratios[name]:6.3f}  {name}"
            )
        for name, value in self.facts.items():
            print(f"  {value:.5g}  {name}")


def indexing(sides: Sides, asked: argparse.Namespace) -> Part:
    photos = sides.folder / f"camera-{asked.noise:g}-{asked.photos}"
    camera_photos(photos, asked.photos, asked.noise)
    data, library = sides.data("index"), sides.folder / "library-index"

    def empty() -> None:
        (data / "db.sqlite3").unlink(missing_ok=True)
        shutil.rmtree(library, ignore_errors=True)

    ours = ("index", photos, "--model", sides.checkpoint)
    costs = by_turns(
        {
            "rclip": sides.rclip_index(photos, data, empty),
            "vlm": sides.vlm(*ours, library=library),
        },
        asked.rounds,
    )
    theirs, mine = rclip_vectors(data), vlm_vectors(library)
    if theirs.keys() != mine.keys() or len(mine) != asked.photos:
        raise SystemExit(f"indexed: rclip {len(theirs)}, vlm {len(mine)} of {asked.photos}")
    full = np.stack([theirs[path] for path in sorted(theirs)])
    fast = np.stack([mine[path] for path in sorted(theirs)])
    cosines = (full * fast).sum(1)
    apart = (full @ full.T)[~np.eye(len(full), dtype=bool)]
    middle = full.mean(0)
    centred = unit(full - middle), unit(fast - middle)
    facts = {
        "photos a second, rclip": asked.photos / costs["rclip"].wall,
        "photos a second, vlm": asked.photos / costs["vlm"].wall,
        "times as fast": costs["rclip"].wall / costs["vlm"].wall,
        "cosine, mean": float(cosines.mean()),
        "cosine, worst": float(cosines.min()),
        "cosine of different photos, mean": float(apart.mean()),
        "cosine after taking rclip's mean vector from both, mean": float(
            (centred[0] * centred[1]).sum(1).mean()
        ),
    }
    title = f"indexing {asked.photos} photos of 12 megapixels"
    return Part(title, costs, 1 / 3, facts, float(cosines.mean()))


def searching(sides: Sides, asked: argparse.Namespace) -> Part:
    photos = sides.folder / f"files-{asked.library}"
    many_files(photos, asked.library)
    data, library = sides.data(f"search-{asked.library}"), sides.folder / f"library-{asked.library}"
    fill_rclip(sides.rclip, photos, data)
    fill_vlm(photos, library, ("starter", str(sides.checkpoint)), sides.env)
    costs = by_turns(
        {
            "rclip": sides.rclip_search(photos, data),
            "vlm, starter": sides.vlm("search", QUERY, "--model", "starter", library=library),
            "vlm, same weights": sides.vlm(
                "search", QUERY, "--model", sides.checkpoint, library=library
            ),
        },
        max(asked.rounds, 7),
    )
    return Part(f"a cold search of {asked.library} photos", costs, 1.0, {})


def rescanning(sides: Sides, asked: argparse.Namespace) -> Part:
    return _scanning(sides, asked, f"nothing changed in {asked.files} files", 0.5, change=False)


def changing(sides: Sides, asked: argparse.Namespace) -> Part:
    return _scanning(sides, asked, f"one changed in {asked.files} files", 2.0, change=True)


def _scanning(
    sides: Sides, asked: argparse.Namespace, title: str, limit: float, *, change: bool
) -> Part:
    photos = sides.folder / f"files-{asked.files}"
    many_files(photos, asked.files)
    data, library = sides.data(f"scan-{asked.files}"), sides.folder / f"library-{asked.files}"
    fill_rclip(sides.rclip, photos, data)
    fill_vlm(photos, library, (str(sides.checkpoint),), sides.env)
    before = (lambda: change_one(photos)) if change else (lambda: None)
    ours = ("index", photos, "--model", sides.checkpoint)
    costs = by_turns(
        {
            "rclip": sides.rclip_index(photos, data, before),
            "vlm": sides.vlm(*ours, library=library),
        },
        asked.rounds,
    )
    if change:  # a limit in seconds, whatever rclip takes
        limit /= costs["rclip"].wall
    return Part(title, costs, limit, {"vlm, seconds": costs["vlm"].wall})


def by_turns(commands: Mapping[str, Command], rounds: int) -> dict[str, Cost]:
    """Median cost of each, after one round that warms the disk cache."""
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            command.before()
            cost = once(command.arguments, command.env, command.folder)
            if number > 0:
                found[name].append(cost)
    return {
        name: Cost(median(c.wall for c in costs), median(c.cpu for c in costs))
        for name, costs in found.items()
    }


def rclip_vectors(data: Path) -> dict[str, NDArray[np.float32]]:
    """Unit vectors by path, as rclip has stored them."""
    with sqlite3.connect(data / "db.sqlite3") as database:
        rows = database.execute("SELECT filepath, vector FROM images WHERE deleted IS NULL")
        return {path: unit(np.frombuffer(vector, np.float32)) for path, vector in rows}


def vlm_vectors(library: Path) -> dict[str, NDArray[np.float32]]:
    """Unit vectors by path, as our catalogue has stored them."""
    with sqlite3.connect(library / "catalogue.db") as database:
        rows = database.execute("SELECT path, value FROM photo JOIN vector USING (hash)")
        return {
            path.decode(): unit(np.frombuffer(vector, np.float16).astype(np.float32))
            for path, vector in rows
        }


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return scaled


PARTS = {
    "indexing": indexing,
    "searching": searching,
    "rescanning": rescanning,
    "changing": changing,
}

if __name__ == "__main__":
    sys.exit(main())
