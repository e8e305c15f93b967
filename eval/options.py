"""What the tasks of ``python -m eval`` share on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from vlm.errors import PathMissing

T = TypeVar("T")


def shared_options(task: argparse.ArgumentParser, *, model: str) -> None:
    """Add the data folder, the model and its default, the choice of cases and ``--json``."""
    task.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="holds cases.jsonl and photos/"
    )
    task.add_argument(
        "--model",
        default=model,
        metavar="NAME",
        help="name or checkpoint folder (default: %(default)s)",
    )
    task.add_argument("--split", metavar="NAME", help="only the cases of this split")
    task.add_argument("--limit", type=_positive, metavar="N", help="only the first N photos")
    task.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of photos")
    return int(text)


def must_be_writable(file: Path | None) -> None:
    """Raise `PathMissing` where no folder is there for the file that was asked for."""
    if file is not None and not file.parent.is_dir():
        raise PathMissing(file.parent)  # known now, not after minutes of work


def predictions_option(task: argparse.ArgumentParser, what: str) -> None:
    """Add ``--predictions``, a file of captions or answers that are scored instead of a model's."""
    task.add_argument(
        "--predictions",
        type=Path,
        metavar="FILE",
        help=f"score the {what} in this JSON file instead of a model's",
    )


def with_progress(items: Sequence[T]) -> Iterator[T]:
    """The same items, with a bar on stderr where that is a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(items, "Photos", console=console, disable=not console.is_terminal)
