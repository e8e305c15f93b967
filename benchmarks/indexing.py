"""Photos a second, seconds by stage and peak memory of indexing 12-megapixel JPEGs.

    python benchmarks/indexing.py [--photos 200] [--noise 7] [--model starter] [--folder DIR]

Draws the photos (see photos.py), indexes them with `vlm index` as a new process into an empty
library, and runs it again to see what nothing new costs. The photos lie in the disk cache. The
rate is that of the whole command, from start to exit, beside the one that the command reports
itself. Memory is that of the command and all its workers together (see process_tree.py).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from photos import camera_photos
from process_tree import Watch
from timing import BIN, machine

GIB = 2**30


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--model", default="starter")
    parser.add_argument("--noise", type=float, default=7, help="7: files of 3.6 MB; 4: of 2.4 MB")
    parser.add_argument("--folder", type=Path, help="keep the photos there")
    parser.add_argument("--rate", type=float, default=40, metavar="R", help="exit 1 below it")
    parser.add_argument("--memory", type=float, default=1.0, metavar="GIB", help="exit 1 above it")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        photos = (asked.folder or Path(temporary)) / f"camera-{asked.noise:g}-{asked.photos}"
        camera_photos(photos, asked.photos, asked.noise)
        megabytes = [file.stat().st_size / 1e6 for file in photos.iterdir()]
        first = index(photos, Path(temporary) / "library", asked.model)
        again = index(photos, Path(temporary) / "library", asked.model)
    rate = asked.photos / first["wall"]
    result = {
        "machine": machine(),
        "photos": asked.photos,
        "model": asked.model,
        "mb_per_photo": round(sum(megabytes) / len(megabytes), 2),
        "photos_per_second": round(rate, 1),
        "first": first,
        "again": again,
    }
    if asked.json:
        print(json.dumps(result))
    else:
        tell(result)
    return 0 if rate >= asked.rate and first["peak_pss_gib"] <= asked.memory else 1


def index(photos: Path, library: Path, model: str) -> dict[str, Any]:
    """Run `vlm index` once and say what it took and what it reported."""
    command = [str(BIN / "vlm"), "index", str(photos), "--library", str(library)]
    before = os.times()
    start = perf_counter()
    process = subprocess.Popen([*command, "--model", model, "--json"], stdout=subprocess.PIPE)
    with Watch(process.pid) as peak:
        report, _ = process.communicate()
    wall = perf_counter() - start
    after = os.times()
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return {
        "wall": round(wall, 2),
        "cpu": round(cpu, 2),
        "peak_pss_gib": round(peak.pss / GIB, 3),
        "peak_rss_gib": round(peak.rss / GIB, 3),
        "processes": peak.processes,
        "report": json.loads(report),
    }


def tell(result: dict[str, Any]) -> None:
    """The same for people."""
    count = result["photos"]
    print(f"{result['machine']}\n{count} photos of 12 megapixels, {result['mb_per_photo']} MB each")
    for name in ("first", "again"):
        run = result[name]
        print(
            f"{name}: {run['wall']:.2f} s wall, {run['cpu']:.2f} s cpu, "
            f"{count / run['wall']:.1f} photos/s, "
            f"{1000 * run['cpu'] / count:.1f} ms cpu a photo"
        )
        print(
            f"  memory at its peak: {run['peak_pss_gib']:.2f} GiB, shared pages counted once "
            f"({run['peak_rss_gib']:.2f} GiB resident, summed over {run['processes']} processes)"
        )
        for stage, seconds in run["report"]["stages"].items():
            print(f"  {1000 * seconds / count:7.2f} ms a photo  {stage}")


if __name__ == "__main__":
    sys.exit(main())
