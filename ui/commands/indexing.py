"""`vlm index`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ui.commands.options import AsJson, Library, Model, Paths

if TYPE_CHECKING:
    from index.records import Report


def index(
    paths: Paths, library: Library = None, model: Model = None, as_json: AsJson = False
) -> None:
    """Bring the library up to date with photos and folders.

    Only new and changed files cost time. Stop it whenever you like: the next run goes on.
    """
    from ui.output import say, say_document, tell, tell_skipped
    from ui.progress import progress
    from ui.services import build_index
    from ui.settings import Settings
    from ui.shapes import report_shape

    settings = Settings.from_env(library=library, model=model)
    with progress("Indexing") as show:
        report = build_index(settings, paths, show)
    for skipped in report.skipped:
        tell_skipped(skipped)
    if as_json:
        say_document(report_shape(report))
    else:
        say(summary(report))
    if report.interrupted:
        stored = report.added + report.updated
        tell(f"Interrupted: {stored} photos were stored in this run. Run it again to go on.")
        raise typer.Exit(130)
    if report.skipped:
        raise typer.Exit(1)


def summary(report: Report) -> str:
    """What a run of indexing did, in one line.

    >>> from index.records import Report
    >>> summary(Report(added=3, seconds=2.0, photos_per_second=1.5))
    '3 added, 0 updated, 0 moved, 0 unchanged, 0 missing, 0 skipped in 2.0 s (1.5 photos/s)'
    """
    kinds = ("added", "updated", "moved", "unchanged", "missing")
    counts = [f"{getattr(report, kind)} {kind}" for kind in kinds]
    counts.append(f"{len(report.skipped)} skipped")
    speed = f" ({report.photos_per_second:.1f} photos/s)" if report.photos_per_second else ""
    return f"{', '.join(counts)} in {report.seconds:.1f} s{speed}"
