"""`vlm alt --runs` and `vlm alt --undo`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.library import Library
from index.records import Skipped
from ui.alt.telling import run_row, run_shape
from ui.alt.undoing import find_run, undo
from ui.commands.describe import end
from ui.output import say, say_document, say_table, tell, tell_skipped
from ui.settings import Settings


def list_runs(settings: Settings, as_json: bool) -> None:
    """Print every run that wrote something, newest first."""
    with Library.open(settings.library) as library:
        runs = library.catalogue.runs()
    if as_json:
        say_document([run_shape(run) for run in runs])
    elif runs:
        say_table(map(run_row, runs))
    else:
        tell("No run has written anything yet.")


def undo_run(settings: Settings, named: Sequence[Path], as_json: bool) -> None:
    """Take back a run, by its number, or the last one."""
    with Library.open(settings.library) as library:
        catalogue = library.catalogue
        run = find_run(catalogue, str(named[0]) if named else None)
        done, left = [], 0
        for result in undo(catalogue, run):
            if isinstance(result, Skipped):
                left += 1
                tell_skipped(result)
                continue
            done.append({"path": str(result.path), "texts": result.texts})
            if not as_json:
                say(f"{result.path}: {result.texts} taken back")
    if as_json:
        say_document({"run": run.id, "undone": done})
    end(len(done), left)
