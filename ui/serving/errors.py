"""What goes wrong between another program and this one, and how much of an error it is told.

Whoever asks over the network is not told where things are on this machine: an error whose message
names a file is told in other words there, and in full on the standard error of the server.
"""

from __future__ import annotations

from collections.abc import Iterable

from vlm.errors import (
    ExtraMissing,
    ImageTooLarge,
    ImageUnreadable,
    LibraryError,
    LibraryMissing,
    ModelDeclined,
    ModelNotIndexed,
    PathMissing,
    PhotoOutside,
    QueryInvalid,
    QuestionInvalid,
    RemoteModelFailed,
    ReplyEmpty,
    TaskUnsupported,
    UnknownModel,
    VlmError,
)


class Refused(VlmError):
    """Base of what this server refuses by itself; ``status`` is that of the HTTP reply.

    ``param`` is the field of the request that is wrong, ``code`` what OpenAI's clients call it.
    """

    status = 400
    code: str | None = None

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


class RequestInvalid(Refused):
    """A request that cannot be read."""


class NotOffered(Refused):
    """A field of OpenAI's that changes what a reply is, and that no model here can heed."""

    code = "unsupported_parameter"


class PhotoUnknown(Refused):
    """A content hash, or a path, that is no photo of the library."""

    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name[:80]}: no photo of this library. Name a photo by the 'digest' that a search "
            "gives for it."
        )


class ModelNotServed(Refused):
    """A model that this server does not offer."""

    status = 404
    code = "model_not_found"

    def __init__(self, name: str, offered: Iterable[str]) -> None:
        message = f"No model '{name[:80]}' here. Choose one of: {', '.join(offered)}."
        super().__init__(message, "model")


class PhotoChanged(Refused):
    """A photo whose file is gone or holds something else now."""

    status = 410

    def __init__(self) -> None:
        super().__init__(
            "The file of this photo is gone or was changed since it was indexed. Bring the library "
            "up to date with: vlm index PHOTO_FOLDER"
        )


class BodyTooLarge(Refused):
    """More bytes than one request may have."""

    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(f"The request is larger than the limit of {limit // 2**20} MiB.")


class BodyTooSlow(Refused):
    """A request that does not arrive."""

    status = 408

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The request did not arrive within {seconds:g} seconds.")


class TooManyImages(Refused):
    """More images in one request than are looked at."""

    status = 413

    def __init__(self, count: int, limit: int) -> None:
        super().__init__(f"{count} images in one request are more than the limit of {limit}.")


class ServerBusy(Refused):
    """More requests waiting than will be served soon."""

    status = 503

    def __init__(self) -> None:
        super().__init__("Too many requests are waiting. Try again in a few seconds.")


class ServerStops(Refused):
    """The server was told to end before the reply was ready."""

    status = 503

    def __init__(self) -> None:
        super().__init__("This server is being stopped. Ask again when it is back.")


class TookTooLong(Refused):
    """A reply that was not ready in time."""

    status = 504

    def __init__(self, seconds: float) -> None:
        super().__init__(f"There was no reply within {seconds:g} seconds, so it was stopped.")


_STATUS: dict[type[VlmError], int] = {
    QueryInvalid: 400,
    QuestionInvalid: 400,
    ImageTooLarge: 413,
    ImageUnreadable: 400,
    PathMissing: 410,
    PhotoOutside: 404,
    UnknownModel: 404,
    TaskUnsupported: 400,
    ModelDeclined: 422,
    ReplyEmpty: 502,
    RemoteModelFailed: 502,
    ExtraMissing: 501,
    LibraryError: 503,
}
"""By class, those that are more special first; any other error is 503."""

_WITHOUT_PATHS = (
    QueryInvalid,
    QuestionInvalid,
    TaskUnsupported,
    ModelDeclined,
    ReplyEmpty,
    Refused,
)


def status_of(error: VlmError) -> int:
    """The HTTP status for an error.

    >>> status_of(QuestionInvalid("it is empty")), status_of(ServerBusy())
    (400, 503)
    """
    if isinstance(error, Refused):
        return error.status
    return next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 503)


def told(error: VlmError) -> str:
    """What whoever asked is told of an error: nothing about this machine's files.

    >>> from pathlib import Path
    >>> told(LibraryMissing(Path("/home/me/library")))
    'There is no photo library here yet. Make one with: vlm index PHOTO_FOLDER'
    """
    if isinstance(error, ImageUnreadable):
        return f"The image cannot be used: {error.reason}."
    if isinstance(error, _WITHOUT_PATHS):
        return str(error)
    if isinstance(error, LibraryMissing):
        return "There is no photo library here yet. Make one with: vlm index PHOTO_FOLDER"
    if isinstance(error, ModelNotIndexed):
        return "No photo of the library is indexed with the model that searches. Index them first."
    if isinstance(error, LibraryError):
        return "The photo library cannot be read. The messages of the server say why."
    if isinstance(error, PathMissing):
        return str(PhotoChanged())
    if isinstance(error, PhotoOutside):
        return "That is no photo of this library, so it is not opened here."
    if isinstance(error, RemoteModelFailed):
        return "The model server behind this one failed. The messages of this server say how."
    return "The model cannot be used. The messages of the server say why."
