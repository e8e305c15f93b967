"""What can go wrong when a library is opened for reading only, backed up, restored or pruned."""

from __future__ import annotations

from pathlib import Path

from vlm.errors import LibraryError


class LibraryReadOnly(LibraryError):
    """The library may only be read, and cannot be read as it is."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"{folder}: this library may only be read, and {reason}. Copy the folder to a place "
            "that you may write, and name that place with --library."
        )


class VectorsDamaged(LibraryError):
    """Vectors in the catalogue that are none; the rest of it may be well."""

    def __init__(self, folder: Path, model: str) -> None:
        super().__init__(
            f"{folder}: vectors of '{model}' are damaged. Your photos are untouched. Forget them "
            "with: vlm library check --repair, then make them again with: vlm index"
        )


class LibraryInTheWay(LibraryError):
    """A library or a file that would have to be overwritten."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: this exists and is kept. Name another place, or replace it with --force."
        )


class BackupFailed(LibraryError):
    """A backup that could not be written."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(
            f"{file}: the backup could not be written ({reason}). Nothing was left behind. "
            "Free some space, or name a file in another place."
        )


class BackupInvalid(LibraryError):
    """A file that is no whole backup of a library."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: this is not a backup that can be restored ({reason}). "
            "Name a file that was made with: vlm library backup FILE"
        )


class ModelIncomplete(LibraryError):
    """A model that has vectors of only a part of the photos."""

    def __init__(self, folder: Path, model: str, done: int, photos: int) -> None:
        super().__init__(
            f"{folder}: '{model}' has vectors of only {done} of {photos} photos, so those of other "
            f"models are kept. Complete them with: vlm index PHOTO_FOLDER --model {model}"
        )
