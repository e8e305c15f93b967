"""The photo behind ``like:``: a file by its path, or a photo of the library by its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.catalogue.catalogue import Catalogue
from index.paths import absolute
from index.query.parts import Like
from index.query.values import close
from vlm.errors import QueryInvalid

if TYPE_CHECKING:
    from PIL.Image import Image

_SHOWN = 3


def photo_file(catalogue: Catalogue, like: Like, query: str, *, anywhere: bool = True) -> Path:
    """The file that is meant, with its absolute path. Raises `QueryInvalid` where none is.

    Unless ``anywhere``, only photos of the library are meant, whatever other files there are.
    """
    path = Path(like.path)
    if anywhere and path.expanduser().is_file():
        return absolute(path.expanduser())
    found = [photo for photo in catalogue.filterable() if _ends_in(photo.path, like.path)]
    if not found:
        reason = f"there is no file '{like.path}', and no photo of that name in the library"
        raise QueryInvalid(query, reason + _near(catalogue, like.path), like.at)
    if len(found) > 1:
        some = ", ".join(photo.path for photo in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        reason = f"'{like.path}' may be any of {some}{more}; name its folder too"
        raise QueryInvalid(query, reason, like.at)
    return Path(found[0].path)


def read_like(path: Path, size: int) -> Image:
    """Open the file for a model whose images are ``size`` pixels wide and high."""
    from vlm.images import read_image  # a query of words needs no Pillow

    return read_image(path, size=size * 2)


def _ends_in(path: str, wanted: str) -> bool:
    return f"/{path}".casefold().endswith(f"/{wanted.lstrip('/')}".casefold())


def _near(catalogue: Catalogue, wanted: str) -> str:
    names = {photo.path.rpartition("/")[2] for photo in catalogue.filterable()}
    likely = close(wanted.rpartition("/")[2], sorted(names))
    return f"; did you mean '{likely}'?" if likely else ""
