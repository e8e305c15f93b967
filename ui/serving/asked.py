"""Read a request about one photo: JSON that names or holds it, or a form with a file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ui.serving.data_urls import image_bytes
from ui.serving.desk import Desk
from ui.serving.errors import RequestInvalid
from ui.serving.shapes import Asked
from ui.serving.well_formed import well_formed
from ui.uploads import read_upload

if TYPE_CHECKING:
    from PIL.Image import Image

_FIELDS = 8
_SIZE = 1024
"""Pixels a side that describers get at least, as on the command line."""

_ESCAPED = re.compile(rb"\\u[dD][89a-fA-F]")
"""Where JSON spells out one half of a character beyond the first 65,536."""

A = TypeVar("A", bound=Asked)
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Sent:
    """An image that came with the request; read by `ui.uploads.read_upload`."""

    name: str
    data: bytes

    def getvalue(self) -> bytes:
        """The whole content."""
        return self.data


@dataclass(frozen=True, slots=True)
class Shown:
    """The photo that a request is about; ``path`` is a mere file name for one that was sent."""

    path: Path
    digest: str
    image: Image


async def read_asked(request: Request, kind: type[A]) -> tuple[A, Sent | None]:
    """The request, checked, and the file that it holds. Raises `RequestInvalid`."""
    media = _media(request)
    if media == "multipart/form-data":
        fields, sent = await _form(request)
    elif media == "application/json":
        fields, sent = _document(await request.body()), None
    else:
        raise RequestInvalid(
            "Send JSON (application/json), or a form with a file named 'image' "
            "(multipart/form-data)."
        )
    asked = _checked(fields, kind)
    if [asked.photo, asked.image, sent].count(None) != 2:
        raise RequestInvalid(
            "Name one photo: 'photo' with the digest of a photo of the library, or 'image'."
        )
    return asked, sent


async def read_json(request: Request, kind: type[M]) -> M:
    """A request that is JSON alone, checked. Raises `RequestInvalid`."""
    if _media(request) != "application/json":
        raise RequestInvalid("Send JSON, with the header Content-Type: application/json.")
    return _checked(_document(await request.body()), kind)


def shown(desk: Desk, asked: Asked, sent: Sent | None) -> Shown:
    """Open the photo that is meant. Raises `PhotoUnknown`, `ImageUnreadable`, and the like."""
    if asked.photo is not None:
        path, image = desk.open(asked.photo, _SIZE)
        return Shown(path, asked.photo.lower(), image)
    photo = read_upload(sent or Sent("image", image_bytes(asked.image or "")))
    return Shown(Path(Path(photo.name).name or "image"), photo.digest, photo.image)


def what_is_wrong(errors: Any) -> str:
    """The first few errors of a request in one line, by the names of its fields."""
    lines = []
    for error in list(errors)[:3]:
        field = ".".join(str(part) for part in error["loc"] if part not in ("body", "query"))
        lines.append(f"{field or 'request'}: {error['msg']}")
    return "; ".join(lines) + "."


def field_of(wrong: Mapping[str, Any]) -> str | None:
    """The field of the request that one of pydantic's errors is about."""
    named = [str(part) for part in wrong["loc"] if part not in ("body", "query")]
    return named[0] if named else None


def _media(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _checked(fields: Any, kind: type[M]) -> M:
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        wrongs = error.errors()
        raise RequestInvalid(what_is_wrong(wrongs), field_of(wrongs[0])) from None


def _document(body: bytes) -> Any:
    try:
        document = json.loads(body)
        return well_formed(document) if _ESCAPED.search(body) else document
    except (ValueError, RecursionError):
        raise RequestInvalid("The request is not JSON.") from None


async def _form(request: Request) -> tuple[dict[str, str], Sent | None]:
    try:
        form = await request.form(max_files=1, max_fields=_FIELDS)
    except ClientDisconnect:
        raise
    except HTTPException as error:
        raise RequestInvalid(f"The form cannot be read: {error.detail}") from None
    try:
        sent = None
        fields: dict[str, str] = {}
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if name != "image":
                    raise RequestInvalid("The file in the form must be named 'image'.")
                sent = Sent(value.filename or "image", await value.read())
            else:
                fields[name] = value
        return fields, sent
    finally:
        await form.close()
