"""Cold processes timed, and the machine they ran on described."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

BIN = Path(sys.executable).parent
"""Where the commands of the environment that runs the benchmark are."""

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, and seconds that the processors worked (user + system)."""

    wall: float
    cpu: float


def once(
    command: Sequence[str | Path],
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Cost:
    """Run a command as a new process to its end, in a folder; what it prints is thrown away.

    Raises `subprocess.CalledProcessError` when it fails, since a failure has no speed.
    """
    arguments = [str(part) for part in command]
    with tempfile.TemporaryFile() as errors:
        start = perf_counter()
        process = subprocess.Popen(
            arguments,
            env={**os.environ, **(env or {})},
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            sys.stderr.write(errors.read().decode(errors="replace"))
            raise subprocess.CalledProcessError(process.returncode, arguments)
    return Cost(wall, used.ru_utime + used.ru_stime)


def by_turns(
    commands: Mapping[str, Sequence[str | Path]], runs: int, env: Mapping[str, str] | None = None
) -> dict[str, Cost]:
    """Median cost of each command over ``runs`` rounds, after one round that warms the disk.

    The commands take turns, so that a machine that slows down slows all of them.
    """
    rounds: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            cost = once(command, env)
            if number > 0:
                rounds[name].append(cost)
    return {
        name: Cost(median(c.wall for c in costs), median(c.cpu for c in costs))
        for name, costs in rounds.items()
    }


def as_dict(costs: Mapping[str, Cost]) -> dict[str, dict[str, float]]:
    """For JSON, rounded to tenths of a millisecond."""
    return {
        name: {key: round(value, 4) for key, value in asdict(cost).items()}
        for name, cost in costs.items()
    }


def machine() -> str:
    """Processor, cores this process may use, memory, load at the start, and versions."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":")[1].strip() for line in lines if "model name" in line), "?")
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    wide = "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "no AVX2"
    return (
        f"{model} ({wide}), {cores} cores, {memory:.0f} GiB, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, {platform.system()} {platform.release()}"
    )
