"""Fill a library with words about its photos, behind everything else that the machine does."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from index.records import Skipped
from ui.progress import pace
from ui.settings import Settings
from vlm.errors import VlmError

if TYPE_CHECKING:
    from index.note_makers import NoteMaker
    from ui.progress import Show

NICE = 10
"""How far back this steps, of 19."""

DOING = {"ocr": "Reading text", "caption": "Captioning"}
"""What is done, by the kind of note."""


@dataclass(slots=True)
class Noted:
    """How many photos were noted, by kind, and which could not be read."""

    noted: dict[str, int] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    interrupted: bool = False

    def __add__(self, other: Noted) -> Noted:
        """Both together."""
        return Noted(
            self.noted | other.noted,
            self.skipped + other.skipped,
            self.interrupted or other.interrupted,
        )


def note_makers(settings: Settings, *, text: bool, captions: bool) -> list[NoteMaker]:
    """Who is to write; raises `ExtraMissing`, and what `load_describer` and captions raise."""
    from index.note_makers import captioner, text_reader

    makers = [text_reader()] if text else []
    if captions:
        from vlm.registry import load_describer

        makers.append(captioner(load_describer(settings.describer)))
    return makers


def fill_library(
    folder: Path,
    makers: Sequence[NoteMaker],
    show: Show | None = None,
    *,
    stop: threading.Event | None = None,
    refused: Mapping[str, set[bytes]] | None = None,
) -> Noted:
    """Let each maker note what is not noted yet; Ctrl-C stores what is in hand and says so.

    ``show`` hears of progress; ``refused``, by kind: see `index.noting.fill_notes`. Raises what
    that raises.
    """
    from index.noting import fill_notes

    result = Noted({maker.kind: 0 for maker in makers})
    try:
        for maker in makers:
            began, skipped = perf_counter(), 0
            known = refused[maker.kind] if refused else None
            with closing(fill_notes(folder, maker, stop=stop, refused=known)) as steps:
                for step in steps:
                    if step.skipped is not None:
                        skipped += 1
                        result.skipped.append(step.skipped)
                    else:
                        result.noted[maker.kind] += 1
                    if show is not None:
                        done, seconds = step.done - skipped, perf_counter() - began
                        show(pace(done, skipped, step.total, seconds))
    except KeyboardInterrupt:
        result.interrupted = True
    return result


def step_back() -> None:
    """Let everything else on this machine go first, from here to the end of the process."""
    os.nice(NICE)
    # On Linux that is about this thread only; those that compute for the models exist already.
    with suppress(OSError):
        for task in Path("/proc/self/task").iterdir():
            if int(task.name) != threading.get_native_id():
                with suppress(OSError):  # a thread that has just ended
                    os.setpriority(os.PRIO_PROCESS, int(task.name), NICE)


@contextmanager
def filling_beside(
    folder: Path, makers: Sequence[NoteMaker], on_notice: Callable[[str], None]
) -> Iterator[Callable[[], None]]:
    """Note photos in a thread of its own, whenever what is yielded here is called.

    ``on_notice`` hears of each photo that cannot be read, once, and of what makes it give up.
    """
    stop, more = threading.Event(), threading.Event()
    refused: dict[str, set[bytes]] = {maker.kind: set() for maker in makers}

    def work() -> None:
        with suppress(OSError, AttributeError):  # where threads have no priority of their own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        while not stop.is_set():
            more.wait()
            more.clear()
            try:
                found = fill_library(folder, makers, stop=stop, refused=refused)
            except VlmError as error:
                on_notice(f"error: {error}")
                return
            for skipped in found.skipped:
                on_notice(f"skipped: {skipped.path}: {skipped.reason}")

    thread = threading.Thread(target=work, name="notes")
    thread.start()
    try:
        yield more.set
    finally:
        stop.set()
        more.set()
        thread.join()
