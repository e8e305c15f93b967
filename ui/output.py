"""Results on stdout, everything else on stderr, and no surprises from what file names hold.

Control characters of file names and model replies are shown as escapes, so that nothing can
steer the terminal. In JSON, names that are not UTF-8 are written with lone surrogates
(``\\udc80`` to ``\\udcff``), which `json.loads` and `os.fsencode` turn back into the very bytes.
"""

from __future__ import annotations

import codecs
import io
import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ui.errors import OutputFailed

if TYPE_CHECKING:
    from index.records import Skipped

_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_HARMLESS = {"\u200c", "\u200d", "\u200e", "\u200f"}  # joiners and marks that scripts need


def say(text: str) -> None:
    """Print one line of results."""
    _write(printable(text) + "\n")


def say_table(rows: Iterable[Sequence[str]]) -> None:
    """Print rows of results in aligned columns."""
    for line in columns(rows):
        _write(line + "\n")


def say_row(*cells: str) -> None:
    """Print one line of results whose parts are separated by tabs."""
    _write("\t".join(map(printable, cells)) + "\n")


def say_document(value: object) -> None:
    """Print one JSON document: the whole stdout of a command with ``--json``."""
    _write(json.dumps(value, indent=2) + "\n")


def say_raw(text: str) -> None:
    """Print results that are a format of their own, such as CSV, as they are."""
    _write(text)


def tell(text: str) -> None:
    """Print one line beside the results: progress, skipped files, errors."""
    sys.stderr.write(printable(text) + "\n")
    sys.stderr.flush()


def tell_skipped(skipped: Skipped) -> None:
    """Print the line about a file that was left out."""
    tell(f"skipped: {skipped.path}: {skipped.reason}")


def columns(rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of aligned columns; the last one is left as long as it is.

    >>> columns([("starter", "embed", "ready"), ("clip", "", "1 GB")])
    ['starter  embed  ready', 'clip            1 GB']
    """
    table = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(width, cells)) for cells in zip(*table, strict=True)]
    return ["  ".join(map(_pad, row, [*widths[:-1], 0])) for row in table]


def printable(text: str) -> str:
    r"""The text with what could steer a terminal or break the line made visible.

    >>> printable("a\x1b[2Jb\nc")
    'a\\x1b[2Jb\\nc'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in _HARMLESS or unicodedata.category(character) not in _STEERING:
        return character
    if _undecodable(character):
        return character  # the stream knows whether its reader is a terminal
    return character.encode("unicode_escape").decode("ascii")


def _undecodable(character: str) -> bool:
    """Whether this stands for a byte of a file name that is not UTF-8 (PEP 383)."""
    return "\udc80" <= character <= "\udcff"


def width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, room: int) -> str:
    return text + " " * (room - width(text))


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFailed("standard output", error.strerror or str(error)) from None


def accept_any_name() -> None:
    """Let the streams take any file name: its very bytes into pipes and files, escapes else."""
    codecs.register_error("file-names", _as_bytes)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace" if stream.isatty() else "file-names")


def _as_bytes(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    cut = error.object[error.start : error.end]
    return b"".join(map(_byte_or_escape, cut)), error.end


def _byte_or_escape(character: str) -> bytes:
    if _undecodable(character):
        return bytes([ord(character) - 0xDC00])
    return character.encode("ascii", "backslashreplace")
