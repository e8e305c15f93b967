"""How long `vlm --help` takes as a cold process, against an interpreter that does nothing.

    python benchmarks/startup.py [--runs 15] [--limit 0.3] [--json]

Also lists the packages whose modules take longest to import (own time, without what they import).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter

from timing import BIN, as_dict, by_turns, machine


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--limit", type=float, default=0.3, metavar="S", help="exit 1 above it")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    commands = {"vlm --help": [BIN / "vlm", "--help"], "python -c pass": [sys.executable, "-c", ""]}
    costs = by_turns(commands, asked.runs)
    ours, bare = costs.values()
    slow = import_times([BIN / "vlm", "--help"]).most_common(10)
    if asked.json:
        times = as_dict(costs)
        ratio = round(ours.wall / bare.wall, 2)
        print(json.dumps({"machine": machine(), "times": times, "ratio": ratio, "imports": slow}))
    else:
        print(machine())
        for name, cost in costs.items():
            print(f"{cost.wall:7.3f} s wall {cost.cpu:7.3f} s cpu  {name}")
        print(f"{ours.wall / bare.wall:.1f} times a bare interpreter; limit {asked.limit} s")
        for name, seconds in slow:
            print(f"{seconds * 1000:7.1f} ms  import {name}")
    return 0 if ours.wall <= asked.limit else 1


def import_times(command: list[object]) -> Counter[str]:
    """Seconds that the modules of each top-level package took to import, by their own code."""
    run = [sys.executable, "-X", "importtime", *map(str, command)]
    lines = subprocess.run(run, capture_output=True, text=True, check=True).stderr.splitlines()
    found: Counter[str] = Counter()
    for line in lines:
        own, _, name = line.removeprefix("import time:").split("|")
        if own.strip().isdigit():
            found[name.strip().split(".")[0]] += int(own) / 1e6
    return found


if __name__ == "__main__":
    sys.exit(main())
