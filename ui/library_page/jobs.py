"""The one long job of a server, in a thread of its own: seen and stopped from every session."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from index.duplicates.groups import Duplicates
from index.records import Progress, Report
from ui.filling_notes import Noted
from ui.models_page.fetched import Arrived, Fetched
from vlm.errors import VlmError

Result: TypeAlias = Report | Noted | Duplicates | Fetched
Show: TypeAlias = Callable[[Progress | Arrived], None]
Work: TypeAlias = Callable[[Show], Result]
Phase: TypeAlias = Literal["running", "stopping", "finished", "stopped", "failed"]

_PATIENCE = 10.0
"""Seconds that a server which ends gives the photos in hand."""

_log = logging.getLogger(__name__)

_all: weakref.WeakSet[Jobs] = weakref.WeakSet()
"""Those of this process, so that it can end them."""


def still_running() -> list[str]:
    """What is being done in this process."""
    jobs = [job for one in list(_all) if (job := one.last()) is not None]
    return [job.what for job in jobs if job.runs]


def end_all() -> None:
    """Stop every job of this process, and wait a little for what each has in hand."""
    every = list(_all)
    for jobs in every:
        jobs.stop()
    for jobs in every:
        jobs.wait(_PATIENCE)


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it stands; ``what`` says what is done, as "Indexing ~/photos".

    ``progress`` is None until there is something to count. ``failed`` without an error is a
    fault of the program, which its log tells of.
    """

    number: int
    what: str
    phase: Phase = "running"
    progress: Progress | Arrived | None = None
    result: Result | None = None
    error: VlmError | None = None

    @property
    def runs(self) -> bool:
        """Whether it is not over."""
        return self.phase in ("running", "stopping")


class Jobs:
    """At most one job at a time; shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: Job | None = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        _all.add(self)

    def last(self) -> Job | None:
        """The job that runs, or else the last one."""
        with self._lock:
            return self._now

    def start(self, what: str, work: Work) -> bool:
        """Begin a job; False while another one runs."""
        with self._lock:
            if self._now is not None and self._now.runs:
                return False
            number = self._now.number + 1 if self._now is not None else 1
            self._now = Job(number, what)
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, args=(work,), name=what, daemon=True)
            self._thread.start()
            return True

    def stop(self) -> None:
        """Ask the job to end; what it has stored until then stays."""
        with self._lock:
            if self._now is not None and self._now.phase == "running":
                self._now = replace(self._now, phase="stopping")
                self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait for the end of the job that runs, if any."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _change(self, **changes: object) -> None:
        with self._lock:
            assert self._now is not None
            self._now = replace(self._now, **changes)  # type: ignore[arg-type]

    def _run(self, work: Work) -> None:
        told = False

        def show(progress: Progress | Arrived) -> None:
            nonlocal told
            self._change(progress=progress)
            if self._stop.is_set() and not told:
                told = True  # what is stored afterwards is told of here too
                raise KeyboardInterrupt

        phase: Phase = "failed"
        try:
            result = work(show)
            phase = "stopped" if getattr(result, "interrupted", False) else "finished"
            self._change(result=result)
        except KeyboardInterrupt:  # work that has nothing to store
            phase = "stopped"
        except VlmError as error:
            self._change(error=error)
        finally:
            self._change(phase=phase)
            _log.debug("%s", self.last())
