"""Files that come through the browser, as photos: limited in number, size and pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from vlm.errors import VlmError
from vlm.images import PHOTO_SUFFIXES, decode_image

MAX_PHOTOS = 20
"""So many photos are taken from one upload; more would sit in memory undecided."""

_SIDE = 1536
"""Pixels of the longer side that are kept: more than any describer of the table looks at."""

PHOTO_TYPES = sorted(suffix.removeprefix(".") for suffix in PHOTO_SUFFIXES)
"""What the file dialogue offers. The content decides, not the name."""


class TooManyPhotos(VlmError):
    """More files in one upload than the app takes."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} photos at once are more than the limit of {MAX_PHOTOS}. "
            "Add fewer here, or use the command line for whole folders: vlm alt PHOTO_FOLDER"
        )


class Upload(Protocol):
    """The part of Streamlit's `UploadedFile` that is used here."""

    @property
    def name(self) -> str:
        """File name as the browser gave it."""

    def getvalue(self) -> bytes:
        """The whole content."""


@dataclass(frozen=True, slots=True)
class Photo:
    """An uploaded photo, upright sRGB; ``digest`` tells photos of one name apart."""

    name: str
    digest: str
    image: Image.Image


def read_upload(upload: Upload) -> Photo:
    """Decode one uploaded file. Raises `ImageUnreadable` or `ImageTooLarge`."""
    data = upload.getvalue()
    image = decode_image(data, upload.name, size=_SIDE)
    image.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    return Photo(upload.name, hashlib.sha256(data).hexdigest(), image)


def read_uploads(uploads: Sequence[Upload]) -> tuple[tuple[Photo, ...], tuple[VlmError, ...]]:
    """Decode many files: the photos, each once, and what is wrong with the others."""
    if len(uploads) > MAX_PHOTOS:
        return (), (TooManyPhotos(len(uploads)),)
    photos: dict[str, Photo] = {}
    errors: list[VlmError] = []
    for upload in uploads:
        try:
            photo = read_upload(upload)
        except VlmError as error:
            errors.append(error)
        else:
            photos.setdefault(photo.digest, photo)
    return tuple(photos.values()), tuple(errors)
