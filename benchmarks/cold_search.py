"""How long `vlm search` takes as a cold process on a library of 10,000 photos.

    python benchmarks/cold_search.py [--photos 10000] [--runs 15] [--model starter] [--json]

The photos are drawn (320x240) and really indexed, which takes some minutes; with --folder DIR they
and the library are kept there for the next time. Each search is a new process with the files in
the disk cache. `vlm --help` and a bare interpreter take turns with it, for the ratios.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from photos import small_photos
from timing import BIN, as_dict, by_turns, machine, once


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
        once([vlm, "index", photos], env)
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


if __name__ == "__main__":
    sys.exit(main())
