"""Alternative texts into a .csv or .jsonl file: whole or not at all, and never over another file.

In CSV, where spreadsheets run what looks like a formula, a text that begins with ``=``, ``+``,
``-``, ``@``, a tab or a line end gets an apostrophe in front, and such a relative path gets ``./``
(the same file). Names that are not UTF-8 are exact in .jsonl and have escapes in .csv.
"""

from __future__ import annotations

import csv
import glob
import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from ui.describing import AltText
from ui.errors import FileInTheWay, OutputFailed, OutputKindUnknown
from ui.shapes import alt_shape

Write: TypeAlias = Callable[[AltText], None]
Record: TypeAlias = Callable[[bytes | None, bytes, Callable[[], None]], None]
"""Called with the file before, the file to be, and what puts that in its place."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@contextmanager
def alt_file(path: Path, *, force: bool = False, record: Record | None = None) -> Iterator[Write]:
    """Collect rows while the context lasts, then put the file in place in one step.

    When the work stops early, or the disk is full, the whole rows so far are kept; without any
    there is no file. Raises `OutputKindUnknown`, `FileInTheWay` (before any work), `OutputFailed`.
    """
    check_out(path, force=force)
    head, line_of = KINDS[path.suffix.lower()]
    _forget_parts(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with _writing(path):
        stream = part.open("xb", buffering=0)
    whole = 0  # bytes of whole lines
    try:
        with _writing(path):
            end = _append(stream, head)

        def write(alt: AltText) -> None:
            nonlocal end, whole
            with _writing(path):
                end += _append(stream, line_of(alt))
            whole = end

        try:
            yield write
        finally:
            if whole:
                with _writing(path):
                    stream.truncate(whole)
                    os.fsync(stream.fileno())
                    _put(part, path, force, record)
    finally:
        with suppress(OSError):
            stream.close()
        with suppress(OSError):
            part.unlink()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputFailed(path, error.strerror or str(error)) from None


def _append(stream: io.FileIO, line: str) -> int:
    """Write a line, and return its length in bytes."""
    data = left = line.encode("utf-8", "backslashreplace")
    while left:
        left = left[stream.write(left) :]
    return len(data)


def check_out(path: Path, *, force: bool = False) -> None:
    """Raise what `alt_file` would raise about a file before any work."""
    if path.suffix.lower() not in KINDS:
        raise OutputKindUnknown(path)
    if path.exists() and not force:
        raise FileInTheWay(path)


def _put(part: Path, path: Path, force: bool, record: Record | None) -> None:
    if path.exists() and not force:  # it came while we worked
        raise FileInTheWay(path)
    if record is None:
        part.replace(path)
        return
    before = path.read_bytes() if path.exists() else None
    record(before, part.read_bytes(), lambda: _replace(part, path))


def _replace(part: Path, path: Path) -> None:
    part.replace(path)


def _forget_parts(path: Path) -> None:
    """What processes that were killed have left."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        number = left.name.removesuffix(".part").rpartition(".")[2]
        if number.isdecimal() and not _runs(int(number)):
            with suppress(OSError):
                left.unlink()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def csv_line(cells: tuple[object, ...]) -> str:
    """One row of a CSV file (RFC 4180), ended by a line feed."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _csv_row(alt: AltText) -> str:
    shape = alt_shape(alt)
    path, text = harmless_path(shape["path"]), harmless_text(shape["alt_text"])
    model = harmless_text(shape["model"])
    return csv_line((path, text, model, shape["seconds"], shape["status"]))


def _json_row(alt: AltText) -> str:
    return json.dumps(alt_shape(alt)) + "\n"


KINDS: dict[str, tuple[str, Callable[[AltText], str]]] = {
    ".csv": (csv_line(("path", "alt_text", "model", "seconds", "status")), _csv_row),
    ".jsonl": ("", _json_row),
}
"""The head and the lines of each kind of file, by suffix."""


def harmless_text(text: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> harmless_text("=1+1"), harmless_text("A cat")
    ("'=1+1", 'A cat')
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def harmless_path(path: str) -> str:
    """The same file under a name that no spreadsheet takes for a formula.

    >>> harmless_path("@home.png"), harmless_path("home.png")
    ('./@home.png', 'home.png')
    """
    return f"./{path}" if path.startswith(_FORMULA_STARTS) else path
