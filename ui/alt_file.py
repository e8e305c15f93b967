"""Alternative texts into a .csv or .jsonl file: whole or not at all, and never over another file.

In CSV, where spreadsheets run what looks like a formula, a text that begins with ``=``, ``+``,
``-``, ``@``, a tab or a line end gets an apostrophe in front, and such a relative path gets ``./``
(the same file). Names that are not UTF-8 are exact in .jsonl and have escapes in .csv.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypeAlias

from ui.describing import AltText
from ui.errors import FileInTheWay, OutputFailed, OutputKindUnknown
from ui.shapes import alt_shape

Write: TypeAlias = Callable[[AltText], None]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@contextmanager
def alt_file(path: Path, *, force: bool = False) -> Iterator[Write]:
    """Collect rows while the context lasts, then put the file in place in one step.

    When the work stops early, the rows so far are kept; without any row there is no file. Raises
    `OutputKindUnknown`, `FileInTheWay` (before any work) and `OutputFailed`.
    """
    start = _KINDS.get(path.suffix.lower())
    if start is None:
        raise OutputKindUnknown(path)
    if path.exists() and not force:
        raise FileInTheWay(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    rows = 0
    with _writing(path):
        stream = part.open("x", encoding="utf-8", errors="backslashreplace", newline="")
    try:
        with _writing(path):
            write_row = start(stream)

        def write(alt: AltText) -> None:
            nonlocal rows
            with _writing(path):
                write_row(alt)
            rows += 1

        try:
            yield write
        finally:
            if rows:
                with _writing(path):
                    _put(stream, part, path, force)
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


def _put(stream: IO[str], part: Path, path: Path, force: bool) -> None:
    stream.flush()
    os.fsync(stream.fileno())
    if path.exists() and not force:  # it came while we worked
        raise FileInTheWay(path)
    part.replace(path)


def _csv(stream: IO[str]) -> Write:
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(("path", "alt_text", "model", "seconds"))

    def write(alt: AltText) -> None:
        shape = alt_shape(alt)
        path, text = harmless_path(shape["path"]), harmless_text(shape["alt_text"])
        rows.writerow((path, text, harmless_text(shape["model"]), shape["seconds"]))

    return write


def _jsonl(stream: IO[str]) -> Write:
    def write(alt: AltText) -> None:
        stream.write(json.dumps(alt_shape(alt)) + "\n")

    return write


_KINDS = {".csv": _csv, ".jsonl": _jsonl}


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
