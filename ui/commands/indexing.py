"""`vlm index`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.options import AnyPaths, AsJson, Describer, Library, Model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.note_makers import NoteMaker
    from index.records import Report
    from ui.filling_notes import Noted
    from ui.settings import Settings


def index(
    paths: AnyPaths = None,
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
    text: Annotated[
        bool, typer.Option("--text", help="Then read the text in all photos of the library.")
    ] = False,
    captions: Annotated[
        bool, typer.Option("--captions", help="Then say a line about all photos of the library.")
    ] = False,
    describer: Describer = None,
    as_json: AsJson = False,
) -> None:
    """Bring the library up to date with photos and folders.

    Only new and changed files cost time. Stop it whenever you like: the next run goes on.
    Left out are hidden and system folders, and what the globs of `.vlmignore` files name.
    With --text or --captions, photos can be searched and indexed meanwhile; PATHS may be left out.
    """
    from index.records import Report
    from index.scanning.exclusions import Rules
    from ui.filling_notes import Noted, note_makers
    from ui.output import tell
    from ui.progress import progress
    from ui.services import build_index, watch_index
    from ui.settings import Settings

    if watch and as_json:
        raise typer.BadParameter("--json prints one document, and --watch does not end.")
    if not paths and (watch or not (text or captions)):
        raise typer.BadParameter("Name photos or folders.", param_hint="PATHS...")
    settings = Settings.from_env(library=library, model=model, describer=describer)
    rules = Rules(tuple(exclude or ()), hidden)
    # Who is to write is asked first: what is not installed is better said at once.
    makers = note_makers(settings, text=text, captions=captions)
    if not paths:
        _finish(Report(), _note(settings, makers), as_json=as_json, alone=True)
        return
    with progress("Indexing") as show:
        if watch:
            reports = watch_index(settings, paths, tell, show, rules)
            report = next(reports)
        else:
            report = build_index(settings, paths, show, rules)
    if report.interrupted:
        _show(report, Noted(), as_json=as_json)
        stored = report.added + report.updated
        tell(f"Interrupted: {stored} photos were stored in this run. Run it again to go on.")
        raise typer.Exit(130)
    if watch:
        _show(report, Noted(), as_json=False)
        _follow(reports, settings, makers)
        return
    _finish(report, _note(settings, makers), as_json=as_json)


def _note(settings: Settings, makers: Sequence[NoteMaker]) -> Noted:
    """Let the makers write, one after the other."""
    from ui.filling_notes import DOING, Noted, fill_library, step_back
    from ui.progress import progress

    done = Noted()
    if makers:
        step_back()
    for maker in makers:
        with progress(DOING[maker.kind]) as show:
            done += fill_library(settings.library, [maker], show)
        if done.interrupted:
            break
    return done


def _finish(report: Report, noted: Noted, *, as_json: bool, alone: bool = False) -> None:
    from ui.output import tell

    report.skipped += noted.skipped
    _show(report, noted, as_json=as_json, alone=alone)
    if noted.interrupted:
        tell("Interrupted: what was written is stored. Run it again to go on.")
        raise typer.Exit(130)
    if report.skipped:
        raise typer.Exit(1)


def _show(report: Report, noted: Noted, *, as_json: bool, alone: bool = False) -> None:
    from ui.output import say, say_document, tell, tell_skipped
    from ui.shapes import report_shape

    for skipped in report.skipped:
        tell_skipped(skipped)
    if report.left_out:
        tell(f"left out: {passed_over(report)}")
    if as_json:
        say_document(report_shape(report, noted.noted))
        return
    if not alone:
        say(summary(report))
    for line in noted_lines(noted):
        say(line)


def _follow(reports: Iterator[Report], settings: Settings, makers: Sequence[NoteMaker]) -> None:
    """Tell of every batch that changed anything, until Ctrl-C, which is how this ends."""
    from ui.filling_notes import filling_beside
    from ui.output import tell, tell_skipped

    with filling_beside(settings.library, makers, tell) as fill:
        fill()
        try:
            for report in reports:
                for skipped in report.skipped:
                    tell_skipped(skipped)
                changed = report.added or report.updated or report.moved
                if changed or report.missing or report.skipped:
                    tell(summary(report))
                if changed:
                    fill()
        except KeyboardInterrupt:
            tell("Stopped watching.")


def noted_lines(noted: Noted) -> list[str]:
    """What was written about photos, a line a kind, for those that were asked for.

    >>> from ui.filling_notes import Noted
    >>> noted_lines(Noted({"ocr": 12}))
    ['text read in 12 photos']
    """
    said = {"ocr": "text read in {} photos", "caption": "{} photos captioned"}
    return [said[kind].format(count) for kind, count in noted.noted.items()]


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
