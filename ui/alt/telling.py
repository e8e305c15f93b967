"""What became of a batch, for people: lines, counts, differences of pages, and the runs so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Any

from index.catalogue.ledger_records import AltRun
from ui.describing import AltText

_SAID = {"written": "written", "new": "new", "kept": "kept", "review": "for review"}


def line_about(told: AltText) -> str:
    """One result in a line."""
    where = str(told.path) if told.page is None else f"{told.page}:{told.line}: {told.path}"
    text = told.alt_text or "(decorative)"
    return f"{where}: {text}" + (" (look at it first)" if told.status == "review" else "")


def summary(statuses: Sequence[str], skipped: int, run: AltRun | None) -> str:
    """All of a batch in a line.

    >>> summary(["written", "written", "kept"], 1, None)
    '2 written, 1 kept, 1 skipped.'
    """
    counts = Counter(statuses)
    parts = [f"{counts[status]} {said}" for status, said in _SAID.items() if counts[status]]
    if skipped:
        parts.append(f"{skipped} skipped")
    text = f"{', '.join(parts) or 'nothing to do'}."
    if run is not None and counts["written"]:
        text += f" Take it back with: vlm alt --undo {run.id}"
    return text


def difference(page: Path, before: bytes, after: bytes) -> Iterator[str]:
    """What would change in a page, as `diff -u` shows it."""
    old, new = (data.decode("utf-8", "replace").splitlines() for data in (before, after))
    yield from unified_diff(old, new, str(page), str(page), n=0, lineterm="")


def run_row(run: AltRun) -> tuple[str, ...]:
    """A run as a row of a table."""
    state = "taken back" if run.undone else "" if run.ended else "stopped early"
    return (str(run.id), run.started, run.model, f"{run.writes} writes", state)


def run_shape(run: AltRun) -> dict[str, Any]:
    """The JSON shape of a run."""
    return {
        "run": run.id,
        "started": run.started,
        "ended": run.ended,
        "model": run.model,
        "prompt": run.prompt,
        "writes": run.writes,
        "undone": run.undone,
    }
