"""How far a long job is, on stderr: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import monotonic
from typing import TypeAlias

from index.records import Progress

Show: TypeAlias = Callable[[Progress], None]

SECONDS_BETWEEN_LINES = 5.0


def progress(what: str) -> AbstractContextManager[Show]:
    """Show a job's progress while the context lasts; ``what`` is a word such as "Indexing"."""
    return _bar(what) if sys.stderr.isatty() else _lines(what)


def pace(done: int, skipped: int, total: int, seconds: float) -> Progress:
    """Progress of a job that has taken ``seconds`` so far.

    >>> pace(3, 1, 10, 2.0)
    Progress(done=4, total=10, skipped=1, photos_per_second=2.0, seconds_left=3.0, note='')
    """
    decided = done + skipped
    speed = decided / seconds if seconds else 0.0
    return Progress(decided, total, skipped, speed, (total - decided) / speed if speed else None)


def describe_progress(now: Progress) -> str:
    """Where the job stands, in words.

    >>> describe_progress(Progress(40, 120, 1, 20.0, 4.0))
    '40 of 120, 20.0 photos/s, 4 s left, 1 skipped'
    >>> describe_progress(Progress(0, 120, 0, 0.0, None))
    '0 of 120'
    """
    parts = [f"{now.done} of {now.total}"]
    if now.photos_per_second:
        parts.append(f"{now.photos_per_second:.1f} photos/s")
    if now.seconds_left is not None:
        parts.append(f"{span(now.seconds_left)} left")
    if now.skipped:
        parts.append(f"{now.skipped} skipped")
    if now.note:
        parts.append(now.note)
    return ", ".join(parts)


def span(seconds: float) -> str:
    """A length of time that is read at a glance.

    >>> [span(s) for s in (4.4, 90, 7300)]
    ['4 s', '1 min 30 s', '2 h 1 min']
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@contextmanager
def _lines(what: str) -> Iterator[Show]:
    said = monotonic()

    def show(now: Progress) -> None:
        nonlocal said
        if monotonic() - said >= SECONDS_BETWEEN_LINES:
            said = monotonic()
            sys.stderr.write(f"{what}: {describe_progress(now)}\n")
            sys.stderr.flush()

    yield show


@contextmanager
def _bar(what: str) -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn(what), BarColumn(), TextColumn("{task.fields[words]}"))
    # A pulse until the first report: finding the files takes a while in large folders.
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=None, words="finding photos")

        def show(now: Progress) -> None:
            words = describe_progress(now)
            bars.update(task, total=now.total or None, completed=now.done, words=words)

        yield show
