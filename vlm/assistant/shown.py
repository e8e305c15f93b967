"""The photos of a conversation, each with the number that replies call it by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from langchain_core.documents import Document
from PIL.Image import Image

from vlm.assistant.conversation import Past, Turn


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo of the library by its path, or one that was added to a message as an image.

    ``alone`` says that it was added alone, so that no number is needed to tell it.
    """

    number: int
    path: Path | None = None
    image: Image | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class InView:
    """The photos that words may mean.

    ``listed`` have the numbers, ``focus`` is what "it" means, ``group`` are several that were
    talked about last, ``sure`` are those that surely matched, and ``one`` says that the last
    question was about what is in one photo.
    """

    listed: tuple[Shown, ...] = ()
    focus: tuple[Shown, ...] = ()
    group: tuple[Shown, ...] = ()
    sure: tuple[Shown, ...] = ()
    one: bool = False


def path_of(document: Document) -> Path:
    """Where the photo of a document is."""
    return Path(str(document.metadata["path"]))


def numbered(paths: Sequence[Path], images: Sequence[Image]) -> tuple[Shown, ...]:
    """Photos of the library first, then added ones, counted from 1."""
    library = [Shown(number, path) for number, path in enumerate(paths, 1)]
    first = len(library) + 1
    alone = not library and len(images) == 1
    return (*library, *(Shown(n, None, image, alone) for n, image in enumerate(images, first)))


def shown_now(turn: Turn) -> tuple[Shown, ...]:
    """The photos that come with a turn itself."""
    return numbered(turn.picked, turn.images)


def shown_last(history: Sequence[Past]) -> tuple[Shown, ...]:
    """The photos of the latest exchange that had any: those that numbers refer to."""
    for past in reversed(history):
        if past.documents or past.images:
            return numbered([path_of(document) for document in past.documents], past.images)
    return ()


def sure_last(history: Sequence[Past]) -> tuple[Shown, ...]:
    """Those of the photos that numbers refer to that a search was sure of."""
    past = next((past for past in reversed(history) if past.documents or past.images), None)
    bands = [document.metadata.get("band") for document in past.documents] if past else []
    return tuple(
        photo for photo, band in zip(shown_last(history), bands, strict=False) if band == "strong"
    )


def in_focus(history: Sequence[Past]) -> tuple[Shown, ...]:
    """What "it" means: the photo last talked about, or all that were added together last."""
    for at in range(len(history) - 1, -1, -1):
        past = history[at]
        if past.focus is not None:
            return (_with_number(past.focus, history[: at + 1]),)
        if past.images and not past.documents:
            return numbered((), past.images)
        if past.documents:
            return (Shown(1, path_of(past.documents[0])),)
    return ()


def _with_number(path: Path, history: Sequence[Past]) -> Shown:
    for photo in shown_last(history):
        if photo.path == path:
            return photo
    return replace(Shown(1), path=path)
