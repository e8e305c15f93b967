"""The query language, first form: free text, ``in:FOLDER`` and ``type:FORMAT``.

Double quotes hold words together: ``in:"New York" type:jpeg "red barn"``. Every ``in:`` given must
hold; of several ``type:`` any may. Operators that are planned but not there yet are refused
rather than searched as words, which would look as if they had worked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vlm.errors import QueryInvalid

FORMATS = {
    "jpeg": frozenset({"JPEG", "MPO"}),
    "png": frozenset({"PNG"}),
    "webp": frozenset({"WEBP"}),
    "gif": frozenset({"GIF"}),
    "tiff": frozenset({"TIFF"}),
    "bmp": frozenset({"BMP", "DIB"}),
    "heic": frozenset({"HEIF"}),
    "avif": frozenset({"AVIF"}),
}
"""What ``type:`` may say, and Pillow's names for it."""

_ALIASES = {"jpg": "jpeg", "jpe": "jpeg", "jfif": "jpeg", "mpo": "jpeg", "tif": "tiff"} | {
    "heif": "heic",
    "hif": "heic",
}
_PLANNED = frozenset({"like", "text", "caption", "file", "camera", "taken", "near", "place"})
_TOKEN = re.compile(r'(?:(?P<name>[A-Za-z]+):)?(?:"(?P<quoted>[^"]*)"(?=\s|$)|(?P<bare>\S+))')
_WEIGHT = re.compile(r"\d+(\.\d+)?:[^\d\s]")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: words, folders that must hold, types of which one must hold."""

    text: str
    folders: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def __str__(self) -> str:
        folders = [f'in:"{folder}"' for folder in self.folders]
        return " ".join([f'"{self.text}"', *folders, *(f"type:{kind}" for kind in self.types)])


def parse(text: str) -> Query:
    """Read a query. Raises `QueryInvalid`.

    >>> parse('red barn in:"New York" type:jpg')
    Query(text='red barn', folders=('New York',), types=('jpeg',))
    """
    words: list[str] = []
    folders: list[str] = []
    types: list[str] = []
    for match in _TOKEN.finditer(text):
        name = (match["name"] or "").lower()
        value = match["quoted"] if match["quoted"] is not None else match["bare"]
        if name == "in":
            folders.append(_folder(text, value))
        elif name == "type":
            types.append(_type(text, value))
        else:
            _refuse_planned(text, match, name)
            words.append(match[0] if name else value)
    return Query(" ".join(" ".join(words).split()), tuple(folders), tuple(types))


def _folder(query: str, value: str) -> str:
    _check_quotes(query, value)
    folder = value.strip()
    if not folder:
        raise QueryInvalid(query, "in: needs the name of a folder, such as in:holiday")
    return folder


def _type(query: str, value: str) -> str:
    kind = value.strip().lower().removeprefix(".")
    kind = _ALIASES.get(kind, kind)
    if kind not in FORMATS:
        known = ", ".join(FORMATS)
        raise QueryInvalid(query, f"there is no type '{value}'; known types: {known}")
    return kind


def _refuse_planned(query: str, match: re.Match[str], name: str) -> None:
    token = match[0]
    if token.lower() in ("in:", "type:"):
        raise QueryInvalid(query, f"{token} must be followed by its value without a space")
    if match["bare"] is not None:
        _check_quotes(query, match["bare"])
    if name in _PLANNED:
        reason = f"{name}: is not supported yet. Filters are in:FOLDER and type:FORMAT; put"
        raise QueryInvalid(query, f'{reason} "{token}" in quotes to search for it as words')
    if len(token) > 1 and token[0] == "-" and (token[1].isalpha() or token[1] == '"'):
        raise QueryInvalid(query, f"leaving something out ({token}) is not supported yet")
    if _WEIGHT.match(token):
        raise QueryInvalid(query, f"weights ({token}) are not supported yet")


def _check_quotes(query: str, value: str) -> None:
    if value.startswith('"'):
        raise QueryInvalid(query, "a double quote is not closed, or runs into the next word")


def within(path: str, folder: str) -> bool:
    """Whether a photo lies anywhere under a folder.

    A folder that starts with ``/`` is that very one; any other is a run of folder names that may
    stand anywhere above the photo, in upper or lower case.

    >>> within("/home/me/Holiday/Rome/1.jpg", "holiday"), within("/home/me/1.jpg", "/home")
    (True, True)
    >>> within("/home/me/Holidays/1.jpg", "holiday"), within("/home/me.jpg", "me.jpg")
    (False, False)
    """
    parent = path.rpartition("/")[0] + "/"
    if folder.startswith("/"):
        return parent.startswith(folder.rstrip("/") + "/")
    return f"/{folder.strip('/').casefold()}/" in parent.casefold()
