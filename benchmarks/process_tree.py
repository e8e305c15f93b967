"""Peak memory of a process and all its descendants, watched from outside through /proc."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread


@dataclass(slots=True)
class Peak:
    """Largest sums seen, in bytes, over the whole tree at one moment.

    ``pss`` counts a page that n processes share as 1/n in each, so that the sum is what the tree
    really takes; ``rss`` counts it n times.
    """

    pss: int = 0
    rss: int = 0
    processes: int = 0


class Watch:
    """Sample a process tree every ``pause`` seconds on a thread, until it is left."""

    def __init__(self, pid: int, pause: float = 0.1) -> None:
        self.peak = Peak()
        self._pid, self._pause, self._stop = pid, pause, Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self.peak

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._pause):
            pids = tree(self._pid)
            sizes = [memory(pid) for pid in pids]
            self.peak.pss = max(self.peak.pss, sum(pss for pss, _ in sizes))
            self.peak.rss = max(self.peak.rss, sum(rss for _, rss in sizes))
            self.peak.processes = max(self.peak.processes, len(pids))


def tree(pid: int) -> list[int]:
    """The process and all its descendants that are alive."""
    pids = [pid]
    for parent in pids:
        for file in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(OSError):
                pids.extend(map(int, file.read_text(encoding="ascii").split()))
    return pids


def memory(pid: int) -> tuple[int, int]:
    """Proportional and resident bytes of one process; nothing for one that has just ended."""
    fields: dict[str, int] = {}
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
            name, number, _ = line.split()
            fields[name] = int(number) * 1024
    return fields.get("Pss:", 0), fields.get("Rss:", 0)
