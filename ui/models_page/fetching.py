"""Download a model as a job of the server: how many bytes, how fast, and stopped at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from ui.library_page.jobs import Show, Work
from ui.models_page.fetched import Arrived, Fetched
from vlm.errors import ModelUnavailable
from vlm.hub import cache_folder
from vlm.models import ModelSpec


def fetching(spec: ModelSpec) -> Work:
    """Bring the weights of a model here; the work raises `ModelUnavailable`."""

    def work(show: Show) -> Fetched:
        with _downloading(spec) as process:
            assert process.stdout is not None
            reason = _followed(process.stdout, show)
            if reason or process.wait():
                reason = reason or f"the download ended with exit status {process.returncode}"
                raise ModelUnavailable(spec.name, spec.hub_id, cache_folder(), reason)
        return Fetched(spec.name)

    return work


@contextmanager
def _downloading(spec: ModelSpec) -> Iterator[subprocess.Popen[str]]:
    """The process that downloads; it ends with the context, whatever it is at."""
    command = [sys.executable, "-P", "-m", "vlm.downloading", spec.role, spec.name]
    paths = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    quiet = {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "PYTHONPATH": os.pathsep.join(paths)}
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **quiet},
        start_new_session=True,  # Ctrl-C in the terminal of the server is for the server
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _followed(lines: Iterator[str], show: Show) -> str:
    """Show what is told to its end; why it failed, "" where nothing says so."""
    began, first = monotonic(), -1
    for line in lines:
        told: dict[str, Any] = json.loads(line)
        if "refused" in told:
            return str(told["refused"])
        done, total = int(told["done"]), int(told["total"])
        if first < 0 < total:
            began, first = monotonic(), done
        seconds = monotonic() - began
        show(Arrived(done, total, (done - first) / seconds if first >= 0 < seconds else 0.0))
    return ""
