"""One image at one place: where its text goes, what stands around it, which photo it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from index.records import FileState
from vlm.alt.context import ImageContext
from vlm.documents.images import ImageInDocument

UnitKind = Literal["photo", "html", "markdown"]


@dataclass(frozen=True, slots=True)
class Place:
    """``photo`` is the file to look at; ``refused`` says why nothing can be said about it."""

    context: ImageContext
    photo: Path | None
    line: int | None = None
    refused: str = ""
    image: ImageInDocument | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A photo file or a page, with the images in it."""

    path: Path
    kind: UnitKind
    places: Sequence[Place]
    state: FileState | None = None
    data: bytes = field(default=b"", repr=False)
    """What the page held when it was read, and the file that did."""


Target: TypeAlias = tuple[Path, UnitKind]
