"""Files that come through the browser, as photos: limited in number, size and pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Protocol

from PIL import Image

from vlm.errors import ImageTooLarge, ImageUnreadable, VlmError
from vlm.images import decode_image, holds_several

MAX_PHOTOS = 20
"""So many photos are taken at a time; more would sit in memory undecided."""

_SIDE = 1536
"""Pixels of the longer side that are kept: more than any describer of the table looks at."""

_ONE_AT_A_TIME = Lock()
"""Whoever sends photos: a small WebP of 190 megapixels takes 3 GB while it is unpacked."""

_NAMED = 3
_SEVERAL = "The file holds several pictures, such as an animation. Only the first one is used."


class PhotosLeftOut(VlmError):
    """More files than the app takes at a time."""

    def __init__(self, names: Sequence[str]) -> None:
        named = ", ".join(names[:_NAMED])
        rest = len(names) - _NAMED
        super().__init__(
            f"Left out: {named}{f' and {rest} more' if rest > 0 else ''}. The limit is "
            f"{MAX_PHOTOS} photos at a time. Add {'these' if len(names) > 1 else 'it'} when the "
            "others are done, or use the command line for whole folders: vlm alt PHOTO_FOLDER"
        )


class UploadRefused(VlmError):
    """A file that is no photo that can be opened: its name, why, and what to do next."""

    def __init__(self, error: ImageUnreadable) -> None:
        super().__init__(f"{error.path}: {error.reason}{_next_step(error)}")


class Upload(Protocol):
    """The part of Streamlit's `UploadedFile` that is used here."""

    @property
    def name(self) -> str:
        """File name as the browser gave it."""

    def getvalue(self) -> bytes:
        """The whole content."""


@dataclass(frozen=True, slots=True)
class Photo:
    """An uploaded photo, upright sRGB; ``digest`` tells photos of one name apart.

    ``notes``: what the person should know of how the file was taken, a sentence each.
    """

    name: str
    digest: str
    image: Image.Image
    notes: tuple[str, ...] = ()


def read_upload(upload: Upload) -> Photo:
    """Decode one uploaded file. Raises `ImageUnreadable` or `ImageTooLarge`."""
    data = upload.getvalue()
    with _ONE_AT_A_TIME:
        image = decode_image(data, upload.name, size=_SIDE)
        notes = (_SEVERAL,) if holds_several(data) else ()
    image.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    return Photo(upload.name, hashlib.sha256(data).hexdigest(), image, notes)


def read_added(upload: Upload) -> Photo:
    """Decode one file that a person added on a page. Raises `UploadRefused`."""
    try:
        return read_upload(upload)
    except ImageUnreadable as error:
        raise UploadRefused(error) from None


def read_uploads(
    uploads: Sequence[Upload], room: int = MAX_PHOTOS
) -> tuple[tuple[Photo, ...], tuple[VlmError, ...]]:
    """Decode many files, as many as there is room for.

    Returns the photos, each once, and what is wrong with the other files.
    """
    photos: dict[str, Photo] = {}
    errors: list[VlmError] = []
    for upload in uploads[:room]:
        try:
            photo = read_added(upload)
        except UploadRefused as error:
            errors.append(error)
        else:
            first = photos.get(photo.digest)
            photos[photo.digest] = photo if first is None else added_again(first, photo.name)
    if len(uploads) > room:
        errors.append(PhotosLeftOut([upload.name for upload in uploads[room:]]))
    return tuple(photos.values()), tuple(errors)


def added_again(photo: Photo, name: str) -> Photo:
    """A photo that is there, with a note that a file of this name holds the same one."""
    same = "" if name == photo.name else f" as {name}"
    note = f"This photo was added twice{same}. It is here once."
    return photo if note in photo.notes else replace(photo, notes=(*photo.notes, note))


def _next_step(error: ImageUnreadable) -> str:
    """The end of a sentence, and what helps."""
    if isinstance(error, ImageTooLarge):
        return ", or add a smaller copy of it."
    if error.reason.startswith("not an image"):
        return ". Add a photo, or save this as PNG first and add that."
    return ". Copy it again from the camera or phone it comes from, and add that copy."
