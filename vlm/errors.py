"""Everything that can go wrong in a way the person at the keyboard can do something about.

Each message names the thing, says what is wrong and what to do next; front ends print it and
exit with code 2. Nothing else is caught there: any other exception is a bug.

    VlmError
    ├── PathMissing           a file or folder that was asked for is not there
    ├── FolderUnreadable      a folder that may not be listed
    ├── NoPhotos              a folder without a single photo
    ├── ImageUnreadable       a file that is not a photo we can open
    │   └── ImageTooLarge     more pixels than the limit (decompression bombs)
    ├── UnknownModel          a name that no table row has
    ├── ExtraMissing          a model whose packages are not installed
    ├── ModelUnavailable      weights that are neither on disk nor to be had from the hub
    ├── ModelFileDamaged      a weight file that is missing, altered or of the wrong kind
    ├── TaskUnsupported       a model asked for what it cannot do
    ├── RuntimeUnavailable    a device or engine asked for that is not there
    ├── QuestionInvalid       no question, or one too long to answer
    ├── ReplyEmpty            a model that had no words for a photo
    ├── ModelDeclined         a model that will not talk about a photo
    ├── RemoteModelFailed     a server that refused, timed out or talked nonsense
    ├── PhotoOutside          a path that is no photo of the library
    ├── QueryInvalid          a search query that cannot be read
    ├── MoveRefused           a file that stays where it is
    ├── SameContent           two files to keep apart that are one photo
    ├── UndoFileUnreadable    a list of moves that cannot be taken back
    └── LibraryError
        ├── LibraryMissing    no library there yet
        ├── LibraryDamaged    the catalogue cannot be read
        ├── LibraryNewer      made by a newer version of this program
        ├── LibraryBusy       another process holds the write lock
        ├── LibraryFull       the disk is full, or may not be written
        ├── ModelNotIndexed   the library holds no vectors of the model asked for
        └── …                 see `index.errors`
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class VlmError(Exception):
    """Base of all errors whose message is written for the person at the keyboard."""


def system_reason(error: OSError) -> str:
    """What the system says went wrong, as it stands inside a sentence.

    >>> system_reason(PermissionError(13, "Permission denied"))
    'permission denied'
    """
    return (error.strerror or str(error)).lower()


class PathMissing(VlmError):
    """A file or folder that was asked for is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: no such file or folder. Check the spelling of the path.")


class FolderUnreadable(VlmError):
    """A folder that may not be listed."""

    def __init__(self, path: Path, reason: str = "permission denied") -> None:
        super().__init__(f"{path}: the folder cannot be read ({reason}). Allow reading it first.")


class NoPhotos(VlmError):
    """A folder without a single photo."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: no photos here. Name a folder that holds JPEG, PNG, … files.")


class ImageUnreadable(VlmError):
    """A file that cannot be opened as a photo; ``path`` and ``reason`` go into reports."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class ImageTooLarge(ImageUnreadable):
    """More pixels than the limit."""

    def __init__(self, path: Path | str, pixels: int, limit: int) -> None:
        super().__init__(
            path,
            f"{pixels / 1e6:.1f} megapixels are more than the limit of {limit / 1e6:g}. "
            "Raise it with VLM_MAX_MEGAPIXELS if you trust this file",
        )


class UnknownModel(VlmError):
    """A model name that is in no row of the table and no folder either."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        close = get_close_matches(name, names, n=1)
        hint = f" Did you mean '{close[0]}'?" if close else ""
        super().__init__(f"Unknown model '{name}'.{hint} Known models: {', '.join(names)}.")


class ExtraMissing(VlmError):
    """A model whose packages are not installed."""

    def __init__(self, model: str, package: str, extra: str) -> None:
        super().__init__(
            f"'{model}' needs {package}. Install it with: pip install 'vlm-assistant[{extra}]' "
            "(from a checkout: pip install -e '.[" + extra + "]')"
        )


class ModelUnavailable(VlmError):
    """Weights that are neither on disk nor to be had from the hub."""

    def __init__(self, model: str, hub_id: str, cache: Path, reason: str) -> None:
        super().__init__(
            f"The weights of '{model}' ({hub_id}) are not in {cache} and could not be downloaded: "
            f"{reason}. Connect once to download them, or work offline with --model starter "
            "or --model /path/to/checkpoint"
        )
        self.reason = reason


class ModelFileDamaged(VlmError):
    """A weight file that is missing, altered or of the wrong kind."""

    def __init__(self, path: Path, reason: str, remedy: str) -> None:
        super().__init__(f"{path}: {reason}. {remedy}")


class TaskUnsupported(VlmError):
    """A model asked for what it cannot do."""

    def __init__(self, model: str, task: str, remedy: str) -> None:
        super().__init__(f"'{model}' cannot do this: {task}. {remedy}")


class QuestionInvalid(VlmError):
    """No question, or one too long to answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Cannot answer this question: {reason}.")


class ReplyEmpty(VlmError):
    """A model that had no words for a photo."""

    def __init__(self, model: str, task: str) -> None:
        super().__init__(
            f"'{model}' gave no {task} for this photo. Try again, or another model "
            "(see: vlm models)."
        )


class ModelDeclined(VlmError):
    """A model that will not talk about a photo."""

    def __init__(self, model: str, said: str) -> None:
        words = said if len(said) <= 80 else f"{said[:79]}\u2026"
        super().__init__(f"'{model}' declined to describe this photo: {words}")


class RuntimeUnavailable(VlmError):
    """A device or engine asked for that is not there."""

    def __init__(self, asked: str, reason: str) -> None:
        super().__init__(f"Cannot use {asked}: {reason}.")


class RemoteModelFailed(VlmError):
    """A model server that refused, timed out or talked nonsense."""

    def __init__(self, model: str, server: str, reason: str) -> None:
        super().__init__(f"'{model}' at {server} failed: {reason}.")


class QueryInvalid(VlmError):
    """A search query that cannot be read; ``position`` is the character where it goes wrong."""

    def __init__(self, query: str, reason: str, position: int | None = None) -> None:
        self.reason = reason if reason.endswith("?") else f"{reason}."
        super().__init__(f"Cannot read the query {query!r}: {self.reason}")
        self.query = query
        self.position = len(query) if position is None else position


class PhotoOutside(VlmError):
    """A path that is no photo of the library, so that the assistant does not open it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: no photo of this library, so it is not opened here. "
            "Index its folder, or add the photo to the message."
        )


class MoveRefused(VlmError):
    """A file that stays where it is; ``path`` and ``reason`` go into reports."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: not moved ({reason}). The file is where it was.")
        self.path = path
        self.reason = reason


class SameContent(VlmError):
    """Two files to keep apart that are one photo."""

    def __init__(self, one: Path, other: Path) -> None:
        super().__init__(
            f"{one} and {other} have the very same content, so they are copies of one photo. "
            "Nothing is moved unless you ask for it; name two different photos."
        )


class UndoFileUnreadable(VlmError):
    """A list of moves that cannot be taken back."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: cannot be read as an undo file ({reason}). Nothing was moved. "
            "Name a file that 'vlm duplicates --move-to' wrote."
        )


class LibraryError(VlmError):
    """Base of all errors about the photo library."""


class LibraryMissing(LibraryError):
    """No library there yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder}: no photo library here. Make one with: vlm index PHOTO_FOLDER")


class LibraryDamaged(LibraryError):
    """The catalogue cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: the catalogue is damaged ({reason}). Your photos are untouched. Move this "
            "file away, keep it, and make a new library with: vlm index PHOTO_FOLDER"
        )


class LibraryNewer(LibraryError):
    """Made by a newer version of this program."""

    def __init__(self, folder: Path, version: int, known: int) -> None:
        super().__init__(
            f"{folder}: this library was made by a newer vlm-assistant (format {version}, this one "
            f"reads up to {known}). Update vlm-assistant, or choose another place with --library."
        )


class LibraryBusy(LibraryError):
    """Another process holds the write lock."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder}: another process is indexing. Wait for it, then run again.")


class LibraryFull(LibraryError):
    """The disk is full, or may not be written."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"{folder}: cannot write the library ({reason}). What was stored before is safe. "
            "Free some space or choose another place with --library, then run again."
        )


class ModelNotIndexed(LibraryError):
    """The library holds no vectors of the model asked for."""

    def __init__(self, folder: Path, model: str, present: Iterable[str]) -> None:
        have = ", ".join(sorted(present)) or "no model yet"
        super().__init__(
            f"{folder}: no photo is indexed with '{model}' (indexed with: {have}). "
            f"Index them with: vlm index PHOTO_FOLDER --model {model}"
        )
