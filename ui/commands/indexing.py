"""`vlm index`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.options import AsJson, Library, Model, Paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.records import Report


def index(
    paths: Paths,
    library: Library = None,
    model: Model = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Leave out files and folders; may be repeated."),
    ] = None,
    hidden: Annotated[bool, typer.Option("--hidden", help="Take hidden files too.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on with all that changes, until Ctrl-C.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the library up to date with photos and folders.

    Only new and changed files cost time. Stop it whenever you like: the next run goes on.
    Left out are hidden and system folders, and what the globs of `.vlmignore` files name.
    """
    from index.scanning.exclusions import Rules
    from ui.output import tell
    from ui.progress import progress
    from ui.services import build_index, watch_index
    from ui.settings import Settings

    if watch and as_json:
        raise typer.BadParameter("--json prints one document, and --watch does not end.")
    settings = Settings.from_env(library=library, model=model)
    rules = Rules(tuple(exclude or ()), hidden)
    with progress("Indexing") as show:
        if watch:
            reports = watch_index(settings, paths, tell, show, rules)
            report = next(reports)
        else:
            report = build_index(settings, paths, show, rules)
    _show(report, as_json=as_json)
    if report.interrupted:
        stored = report.added + report.updated
        tell(f"Interrupted: {stored} photos were stored in this run. Run it again to go on.")
        raise typer.Exit(130)
    if watch:
        _follow(reports)
    elif report.skipped:
        raise typer.Exit(1)


def _show(report: Report, *, as_json: bool) -> None:
    from ui.output import say, say_document, tell, tell_skipped
    from ui.shapes import report_shape

    for skipped in report.skipped:
        tell_skipped(skipped)
    if report.left_out:
        tell(f"left out: {passed_over(report)}")
    if as_json:
        say_document(report_shape(report))
    else:
        say(summary(report))


def _follow(reports: Iterator[Report]) -> None:
    """Tell of every batch that changed anything, until Ctrl-C, which is how this ends."""
    from ui.output import tell, tell_skipped

    try:
        for report in reports:
            for skipped in report.skipped:
                tell_skipped(skipped)
            if report.added or report.updated or report.moved or report.missing or report.skipped:
                tell(summary(report))
    except KeyboardInterrupt:
        tell("Stopped watching.")


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


def passed_over(report: Report) -> str:
    """Which rules left out how many files and folders, most first.

    >>> from index.records import Report
    >>> passed_over(Report(left_out={"system folder @eaDir": 1, "hidden": 12}))
    'hidden (12), system folder @eaDir (1)'
    """
    counts = sorted(report.left_out.items(), key=lambda item: -item[1])
    return ", ".join(f"{rule} ({count})" for rule, count in counts)
