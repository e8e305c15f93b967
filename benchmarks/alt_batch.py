"""Photos a second of `vlm alt`, and how soon a batch that was done once comes to a new photo.

    python benchmarks/alt_batch.py --photos FOLDER [--runs 3] [--known 9990] [--json]

FOLDER holds photos of yours, about 200 of them. Each run is a new process with a new library, from
its start to the whole table. Then drawn photos (320x240) are described by the fake describer, which
costs nothing, ten more are added, and the same command is timed again: that is its start, finding
out what is known, and ten photos.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from statistics import median

from photos import small_photos
from timing import BIN, Cost, machine, once

NEW = 10
PHOTOS_A_SECOND, SECONDS = 15.0, 2.0


def whole(photos: Path, runs: int, folder: Path, model: str) -> list[Cost]:
    """Describe all photos, each time as if for the first time."""
    costs = []
    for number in range(runs):
        env = {"VLM_LIBRARY": str(folder / f"library-{number}"), "VLM_DESCRIBER": model}
        costs.append(once([BIN / "vlm", "alt", photos, "--out", folder / f"{number}.csv"], env))
    return costs


def resumed(known: int, runs: int, folder: Path) -> list[Cost]:
    """Find `NEW` photos among so many that are known."""
    drawn, photos = folder / "drawn", folder / "photos"
    small_photos(drawn, known + runs * NEW)
    waiting = sorted(drawn.iterdir())[-runs * NEW :]
    later = folder / "later"
    later.mkdir()
    for path in waiting:
        path.rename(later / path.name)
    drawn.rename(photos)
    env = {"VLM_LIBRARY": str(folder / "library"), "VLM_DESCRIBER": "fake"}
    command = [BIN / "vlm", "alt", photos, "--out", folder / "alt.csv", "--force"]
    once(command, env)
    costs = []
    for number in range(runs):
        for path in sorted(later.iterdir())[:NEW]:
            shutil.move(path, photos / f"new-{number}-{path.name}")
        costs.append(once(command, env))
    return costs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--known", type=int, default=9_990)
    parser.add_argument("--model", default="starter")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    count = sum(path.suffix.lower() in (".jpg", ".jpeg", ".png") for path in asked.photos.iterdir())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        costs = whole(asked.photos, asked.runs, folder, asked.model)
        again = resumed(asked.known, asked.runs, folder)
    speed = count / median(cost.wall for cost in costs)
    soon = median(cost.wall for cost in again)
    met = speed >= PHOTOS_A_SECOND and soon <= SECONDS
    if asked.json:
        numbers = {"whole": [*map(asdict, costs)], "again": [*map(asdict, again)]}
        print(json.dumps({"photos": count, **numbers, "machine": machine(), "met": met}))
        return 0 if met else 1
    work = median(cost.cpu for cost in costs) / count
    print(f"vlm alt, {count} photos, {asked.model}: {speed:.1f} photos/s", end="")
    print(f" (limit {PHOTOS_A_SECOND:g}), {1000 * work:.0f} ms of the processor a photo")
    print(f"{NEW} new photos among {asked.known}: {soon:.2f} s (limit {SECONDS:g}), ", end="")
    print(f"{median(cost.cpu for cost in again):.2f} s of the processor")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
