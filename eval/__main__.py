"""``python -m eval``: results to stdout, everything else to stderr.

Exit code 0 fine, 1 some photos were left out, 2 it could not be done.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.cases import CaptionedPhoto, captioned_photos
from eval.report import as_markdown, write_json
from eval.retrieval import evaluate
from vlm.errors import PathMissing, VlmError
from vlm.registry import DEFAULT_EMBEDDER, load_embedder


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one evaluation and return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        return _retrieval(asked)
    except VlmError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("interrupted: nothing was written\n")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description="Measure a model on data.")
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    retrieval = tasks.add_parser("retrieval", help="find photos by text and texts by photo")
    retrieval.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="holds cases.jsonl and photos/"
    )
    retrieval.add_argument(
        "--model",
        default=os.environ.get("VLM_MODEL") or DEFAULT_EMBEDDER,
        metavar="NAME",
        help="name or checkpoint folder (default: %(default)s)",
    )
    retrieval.add_argument("--split", metavar="NAME", help="only the cases of this split")
    retrieval.add_argument("--limit", type=_positive, metavar="N", help="only the first N photos")
    retrieval.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of photos")
    return int(text)


def _retrieval(asked: argparse.Namespace) -> int:
    if asked.json is not None and not asked.json.parent.is_dir():
        raise PathMissing(asked.json.parent)  # known now, not after minutes of work
    photos = captioned_photos(asked.data, split=asked.split, limit=asked.limit)
    result = evaluate(_with_progress(photos), load_embedder(asked.model))
    sys.stdout.write(as_markdown(result))
    if asked.json is not None:
        write_json(asked.json, result)
    for error in result.skipped:
        sys.stderr.write(f"left out: {error}\n")
    return 1 if result.skipped else 0


def _with_progress(photos: Sequence[CaptionedPhoto]) -> Iterator[CaptionedPhoto]:
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(photos, "Photos", console=console, disable=not console.is_terminal)


if __name__ == "__main__":
    sys.exit(main())
