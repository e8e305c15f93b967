"""The texts that a person wrote or accepted, as a file to take away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from index.catalogue.catalogue import Catalogue
from ui.alt.out_file import KINDS
from ui.describing import AltText


def reviewed(catalogue: Catalogue) -> Iterator[AltText]:
    """Every text that a person wrote or accepted, for each file that it is about."""
    for digest, note in list(catalogue.accepted()):
        extended = catalogue.notes(digest, "extended")
        said = extended[0].value if extended else ""
        for path in catalogue.files_of(digest):
            role = "informative" if note.value else "decorative"
            yield AltText(path, note.value, "", 0.0, "kept", "human", role, said)


def as_file(texts: Sequence[AltText], suffix: Literal[".csv", ".jsonl"]) -> bytes:
    """The file that `vlm alt --out` would write of them, a .csv with the mark of UTF-8 in front."""
    head, line_of = KINDS[suffix]
    encoding = "utf-8-sig" if suffix == ".csv" else "utf-8"  # spreadsheets look for the mark
    return (head + "".join(map(line_of, texts))).encode(encoding, "backslashreplace")
