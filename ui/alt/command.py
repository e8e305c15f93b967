"""A batch from the command line: what it is asked, its files, its progress and its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from time import perf_counter

from index.catalogue.ledger_records import TargetKind
from index.records import Progress, Skipped
from ui.alt.options import IN_PLACE, Options
from ui.alt.out_file import KINDS, alt_file, check_out
from ui.alt.session import Session, session
from ui.alt.targets import sites_of, targets_in
from ui.alt.telling import difference, line_about, summary
from ui.commands.describe import end
from ui.describing import AltText
from ui.errors import OptionsContradict, WriteUnknown
from ui.output import say, say_document, say_raw, tell, tell_skipped
from ui.progress import progress
from ui.settings import Settings
from ui.shapes import alt_shape

_TABLES: dict[str, TargetKind] = {".csv": "csv", ".jsonl": "jsonl"}


def run_batch(
    settings: Settings,
    named: Sequence[Path],
    query: str | None,
    options: Options,
    out: Path | None,
    *,
    force: bool,
    as_json: bool,
) -> None:
    """Do a batch and leave with its exit code."""
    _check(options, out, as_json)
    if out is not None:
        check_out(out, force=force)
    kinds = {*options.writes, *([_TABLES[out.suffix.lower()]] if out is not None else [])}
    targets = targets_in(settings, named, query, kinds)
    described = options.as_text(named, query, out)
    sites = sites_of(named)
    show_page = None if as_json else _show_page
    results: list[AltText] = []
    whole = False
    with session(settings, targets, options, described, sites=sites, show_page=show_page) as opened:
        try:
            skipped = _describe(opened, options, out, force, as_json, results)
            whole = True
        finally:
            if out is not None and results:
                number = f"{len(results)} alternative texts"
                tell(f"{out}: {number}." if whole else f"{out}: the {number} so far.")
    if as_json:
        say_document([alt_shape(told) for told in results])
    if _is_silent(options, out, as_json) or options.dry_run:
        tell(summary([told.status for told in results], skipped, opened.run))
    if opened.usage:
        tell(f"{opened.describer.name}: {opened.usage}.")
    end(len(results), skipped)


def _check(options: Options, out: Path | None, as_json: bool) -> None:
    unknown = [kind for kind in options.writes if kind not in (*IN_PLACE, *_TABLES.values())]
    if unknown:
        raise WriteUnknown(unknown[0], [*sorted(IN_PLACE), *_TABLES.values()])
    tables = [kind for kind in options.writes if kind in _TABLES.values()]
    if len(tables) > 1:
        raise OptionsContradict("only one of csv and jsonl can be written at once")
    if tables and as_json and out is None:
        raise OptionsContradict(f"--json and --write {tables[0]} both print; name a file: --out")
    if tables and out is not None and out.suffix.lower() != f".{tables[0]}":
        raise OptionsContradict(f"--write {tables[0]} and --out {out}")


def _is_silent(options: Options, out: Path | None, as_json: bool) -> bool:
    """Whether results are not printed one by one, so that there is room for the progress."""
    return as_json or out is not None or options.in_place


def _describe(
    opened: Session,
    options: Options,
    out: Path | None,
    force: bool,
    as_json: bool,
    results: list[AltText],
) -> int:
    """Append to ``results``, write and print as asked for; the number of what was skipped."""
    skipped = places = 0
    began = perf_counter()
    with ExitStack() as stack:
        writers: list[Callable[[AltText], None]] = [results.append]
        if out is not None:
            record = None
            if (recorder := opened.batch.writer.recorder) is not None:
                record = partial(recorder.put_table, out, _TABLES[out.suffix.lower()])
            write = stack.enter_context(alt_file(out, force=force, record=record))
            writers.append(write)
        elif not _is_silent(options, out, as_json):
            writers.append(_printer(options))
        silent = _is_silent(options, out, as_json)
        show = stack.enter_context(progress("Describing")) if silent else None
        for result in opened.results():
            if isinstance(result, Skipped):
                skipped += 1
                tell_skipped(result)
            elif result is not None:
                places += 1
                for write_one in writers:
                    write_one(result)
            if show is not None:
                show(_pace(opened, places, skipped, perf_counter() - began))
    return skipped


def _pace(opened: Session, places: int, skipped: int, seconds: float) -> Progress:
    """Photos and pages by number, photos by speed."""
    speed = (places + skipped) / seconds if seconds else 0.0
    left = seconds / opened.done * (opened.total - opened.done) if opened.done else None
    return Progress(opened.done, opened.total, skipped, speed, left, opened.usage)


def _printer(options: Options) -> Callable[[AltText], None]:
    """How results are printed one by one."""
    table = next((kind for kind in options.writes if kind in _TABLES.values()), None)
    if table is not None:
        head, line_of = KINDS[f".{table}"]
        say_raw(head)
        return lambda told: say_raw(line_of(told))

    def say_one(told: AltText) -> None:
        kept_in_page = told.page is not None and told.status == "kept"
        shown_as_page = told.page is not None and options.dry_run
        if not kept_in_page and not shown_as_page:
            say(line_about(told))

    return say_one


def _show_page(page: Path, before: bytes, after: bytes) -> None:
    for line in difference(page, before, after):
        say(line)
