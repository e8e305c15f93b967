"""Run every search of docs/search.md on the sample library, and write the results into it.

    python docs/make_search.py

Builds the library of `vlm demo` in a temporary folder and reads the text in its photos, for which
the extra ``ocr`` must be installed. To be run after anything that changes what
is found, such as new starter models; a test compares the page with what is found.
"""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from ui.cli import app
from ui.demo import prepare
from ui.filling_notes import fill_library, note_makers
from ui.settings import Settings
from vlm.extras import missing_packages

PAGE = Path(__file__).with_name("search.md")
_BLOCK = re.compile(r"```console\n\$ (vlm search .*)\n((?:.*\n)*?)```\n")


def main() -> int:
    """Write the page anew."""
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as temporary:
        library = build(Path(temporary))
        PAGE.write_text(_BLOCK.sub(lambda block: written(block[1], library), page), "utf-8")
    return 0


def blocks(page: str) -> Iterator[tuple[str, str]]:
    """Every command of the page with what it is said to print."""
    for block in _BLOCK.finditer(page):
        yield block[1], block[2]


def build(folder: Path) -> Path:
    """Make the sample library below a folder, and return its place.

    Text is read where the extra ``ocr`` is installed, see `needs_text`.
    """
    settings, _ = prepare(Settings(folder / "library"), folder, lambda progress: None)
    if not missing_packages("ocr"):
        fill_library(settings.library, note_makers(settings, text=True, captions=False))
    return settings.library


def needs_text(command: str) -> bool:
    """Whether an example shows text that was read."""
    return "text:" in command


def printed(command: str, library: Path) -> str:
    """What a search prints, with paths from the folder that holds the photos."""
    arguments = [*shlex.split(command)[1:], "--library", str(library)]
    ran = CliRunner().invoke(app, arguments, catch_exceptions=False)
    return ran.output.replace(f"{library.parent}/", "")


def written(command: str, library: Path) -> str:
    """A block of the page."""
    return f"```console\n$ {command}\n{printed(command, library)}```\n"


if __name__ == "__main__":
    sys.exit(main())
