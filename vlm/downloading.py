"""Download the weights of a model in a process of its own: `python -m vlm.downloading ROLE NAME`.

A process can be stopped at once, whatever its network does; the next one goes on with what it has
left. It prints a line of JSON a few times a second, ``{"done": bytes, "total": bytes}``, and
``{"refused": why}`` as its last one where it failed.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from huggingface_hub.utils import tqdm  # type: ignore[attr-defined]

from vlm.errors import ModelUnavailable, VlmError
from vlm.hub import cache_folder, checkpoint_folder, missing_bytes, repositories
from vlm.models import ModelSpec, Role
from vlm.registry import find_spec

EVERY = 0.3
"""Seconds between two lines; they come when nothing moves too, so that a reader can give up."""

_SPARE = 100_000_000
"""Bytes of the disk that are left alone."""


class Tally:
    """Bytes that have arrived, counted by several threads."""

    def __init__(self) -> None:
        self.total = 0
        self._lock = threading.Lock()
        self._before = 0
        self._bars: Counter[int] = Counter()

    @property
    def done(self) -> int:
        """Bytes so far, those of an earlier download that was stopped included."""
        with self._lock:
            # The hub's client counts what comes in and what is written with a bar each.
            return self._before + max(self._bars.values(), default=0)

    def add(self, bar: int, number: int) -> None:
        """Count bytes that one bar was told of."""
        with self._lock:
            self._bars[bar] += number

    def next(self) -> None:
        """A repository is complete."""
        done = self.done
        with self._lock:
            self._before = done
            self._bars.clear()

    def bar(self) -> type[tqdm]:
        """A progress bar for the hub's client that draws nothing and counts here."""
        tally = self

        class Bar(tqdm):
            def __init__(self, *args: Any, **options: Any) -> None:
                self.counts = options.get("unit") == "B"
                super().__init__(*args, **{**options, "disable": True})  # type: ignore[no-untyped-call]

            def update(self, n: float | None = 1) -> None:
                if self.counts:
                    tally.add(id(self), int(n or 0))

        return Bar


def download(spec: ModelSpec, tally: Tally) -> None:
    """Bring all repositories of a model into the cache.

    Raises `ModelUnavailable`, before the first byte where the disk has no room, or
    `ModelFileDamaged`.
    """
    sizes = [missing_bytes(spec, hub_id) for hub_id in repositories(spec)]
    tally.total = sum(sizes)
    free = shutil.disk_usage(_existing(cache_folder())).free - _SPARE
    if free < tally.total:
        reason = f"it takes {_size(tally.total)}, and the disk has {_size(max(0, free))} to spare"
        raise ModelUnavailable(spec.name, spec.hub_id, cache_folder(), reason)
    for hub_id in repositories(spec):
        checkpoint_folder(spec, hub_id, bar=tally.bar())
        tally.next()


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e8 else f"{number / 1e6:.1f} MB"


class _Ticker(threading.Thread):
    """Prints how far it is; ends the process when nobody reads it any longer."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(daemon=True)
        self._tally = tally
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(EVERY):
            self.tell()

    def tell(self) -> None:
        try:
            _say({"done": self._tally.done, "total": self._tally.total})
        except BrokenPipeError:
            os._exit(1)

    def close(self) -> None:
        self._over.set()
        self.join()


def _say(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main(role: Role, name: str) -> int:
    """Download, telling so; the exit status: 0, or 1 where it failed."""
    tally = Tally()
    ticker = _Ticker(tally)
    try:
        ticker.start()
        with closing(ticker):
            download(find_spec(role, name)[0], tally)
    except VlmError as error:
        _say({"refused": error.reason if isinstance(error, ModelUnavailable) else str(error)})
        return 1
    ticker.tell()
    return 0


if __name__ == "__main__":
    sys.exit(main(cast("Role", sys.argv[1]), sys.argv[2]))
