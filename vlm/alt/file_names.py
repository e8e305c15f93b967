"""File names: where a text repeats one, what one says, and which say nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

_IMAGE_SUFFIX = r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?|heic|heif|ico|jxl)"
_ENDS_AS_IMAGE = re.compile(rf"{_IMAGE_SUFFIX}$", re.IGNORECASE)
_CAMERA_WORDS = """img dsc dscn dscf dscnf pxl mvi gopr gp dji pano vid p sam cimg scan wp fb
screenshot screen bildschirmfoto whats image photo picture foto bild imagen immagine afbeelding
unnamed untitled download file asset figure fig"""
_FILLER_WORDS = "app shot at um am pm mp edited copy burst wa night portrait e"
_CAMERA = frozenset(_CAMERA_WORDS.split())
_FILLERS = _CAMERA.union(_FILLER_WORDS.split())
_CODE_DIGITS = 6
"""So many digits and nothing else are a number of a file; four may be a year."""
_HEX = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|[0-9a-f]{12,}", re.IGNORECASE)
_SEPARATOR = re.compile(r"[/\\]")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"[0-9]")
_NUMBERED = re.compile(r"\d{3}")
_SIZES = re.compile(
    r"(?:@\dx|[-_](?:\d{2,4}x\d{2,4}|scaled|thumb|thumbnail|small|large|\d+w))$", re.IGNORECASE
)


@lru_cache(maxsize=64)  # the same is asked several times for one image
def file_name(src: str) -> str:
    """The last part of a path or an address, decoded; empty for a ``data:`` address.

    >>> file_name("https://example.org/a/red%20barn.jpg?w=3#x"), file_name(r"C:\\\\photos\\\\a.png")
    ('red barn.jpg', 'a.png')
    """
    if src[:5].lower() == "data:":
        return ""
    path = src
    if "://" in src or src.startswith("//") or "?" in src:
        try:
            path = urlsplit(src).path
        except ValueError:  # an address such as http://[x: nothing can be told from it
            return ""
    return unquote(_SEPARATOR.split(path)[-1])


@lru_cache(maxsize=64)
def stem(src: str) -> str:
    """The file name without its ending and without what content systems add.

    >>> stem("/img/red-barn-300x200.jpg"), stem("logo@2x.png")
    ('red-barn', 'logo')
    """
    name = file_name(src)
    base = name.rpartition(".")[0] or name
    return _SIZES.sub("", base)


def words_of(name: str) -> list[str]:
    """Words in a name, lower case: parts at hyphens, underscores, dots, digits and capitals.

    >>> words_of("floorPlan_2nd-level")
    ['floor', 'plan', 'nd', 'level']
    """
    apart = name if name.islower() else _CAMEL.sub(" ", name)
    return [word.lower() for word in _LETTERS.findall(apart)]


def ends_as_image(text: str) -> bool:
    """Whether a text ends as the name of an image file does.

    >>> ends_as_image("red barn.JPG"), ends_as_image("A barn.")
    (True, False)
    """
    return _ENDS_AS_IMAGE.search(text.strip()) is not None


@lru_cache(maxsize=64)  # the same is asked several times for one image
def is_generated(text: str) -> bool:
    """Whether a text is a name that a camera, a phone or a program gave.

    >>> [is_generated(text) for text in ("IMG_1234", "Screenshot 2024-01-02 at 10.11", "Red barn")]
    [True, True, False]
    """
    if text.isascii() and not _DIGIT.search(text):
        return False
    name = _ENDS_AS_IMAGE.sub("", text.strip())
    digits, words = sum(c.isdigit() for c in name), words_of(name)
    if not words:
        return digits >= _CODE_DIGITS
    if _HEX.fullmatch(name):
        return digits > 0
    return digits > 0 and words[0] in _CAMERA and all(word in _FILLERS for word in words)


def without_file_name(text: str, file_name: str) -> str:
    """Drop the file's name where it is repeated in the text.

    Source: WCAG 2.2 failure F30 (a file name is no text alternative). A stem of plain words,
    such as ``red barn`` or ``w3c``, is left alone: it may well be the right description.

    >>> without_file_name("DSC_0001 shows a barn", "DSC_0001.jpg")
    'shows a barn'
    >>> without_file_name("a red barn", "red barn.jpg")
    'a red barn'
    """
    for echo in _echoes(file_name):
        if echo.casefold() in text.casefold():  # a pattern for each name takes long
            text = re.sub(rf"(?<!\w){re.escape(echo)}(?!\w)", " ", text, flags=re.IGNORECASE)
    return " ".join(text.split())


@lru_cache(maxsize=64)
def _echoes(file_name: str) -> tuple[str, ...]:
    """What repeats a file's name in a text."""
    name = _SEPARATOR.split(file_name)[-1]
    base, dot, _suffix = name.rpartition(".")
    echoes = [name] if dot else []
    if "_" in (base or name) or _NUMBERED.search(base or name) or is_generated(base or name):
        echoes.append(base or name)
    return tuple(filter(None, echoes))
