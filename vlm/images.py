"""The one place that opens a file as an image.

What comes out is upright RGB in sRGB: EXIF orientation applied, embedded profile converted,
transparency laid on white, first frame of animations, primary image of HEIF containers. JPEGs
are decoded at the nearest DCT scale above the size that is needed (ISO/IEC 10918-1 leaves the
higher coefficients unread), which costs a sixth of a full decode for a 12-megapixel photo; HEIF
files that hold a scaled copy of at least that size are decoded from it. Only the formats of
photos are tried, whatever a file is called: some of Pillow's decoders start other programs.

Safe to use from several threads.
"""

from __future__ import annotations

import io
import os
import re
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from struct import error as StructError
from types import MappingProxyType
from typing import IO

from PIL import ExifTags, Image, ImageFile, ImageOps, UnidentifiedImageError

from vlm.errors import ImageTooLarge, ImageUnreadable, PathMissing, system_reason
from vlm.packets import Packets, packets_of
from vlm.progressive import without_detail
from vlm.protocols import ImageInput
from vlm.raw import exif_of, is_raw, preview
from vlm.refusals import broken, kind_of, unidentified
from vlm.srgb import to_srgb
from vlm.suffixes import RAW_SUFFIXES
from vlm.video import first_frame, is_video

MAX_PIXELS = 200_000_000
"""More than any camera makes; `VLM_MAX_MEGAPIXELS` overrides it. JPEGs may have twice as many
where they are decoded at a small scale."""

PHOTO_SUFFIXES = frozenset(
    RAW_SUFFIXES
    | {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp"}
    | {".heic", ".heics", ".heif", ".heifs", ".hif", ".avif", ".avifs"}
)
"""Suffixes, in lower case, of the files that a scan takes for photos."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "HEIF", "AVIF")
"""Pillow's names of what those files may hold; MPO is opened as JPEG."""

_SEVERAL = ("GIF", "PNG", "WEBP", "AVIF", "TIFF")
"""Those of them that may be animations or have pages; a second picture in a JPEG is its depth map,
or the same one again for other displays."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation (CIPA DC-008, tag 274); 1 is upright."""

_TAGS = {
    None: (
        *("Orientation", "Make", "Model", "DateTime", "ImageDescription", "Rating"),
        *("XPTitle", "XPComment", "XPKeywords"),
    ),
    ExifTags.IFD.Exif: (
        *("DateTimeOriginal", "OffsetTimeOriginal", "SubsecTimeOriginal"),
        *("DateTimeDigitized", "OffsetTimeDigitized", "LensModel", "LensSpecification"),
    ),
}
_GPS_TAGS = ("GPSLatitudeRef", "GPSLatitude", "GPSLongitudeRef", "GPSLongitude")

_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, StructError, OverflowError, RuntimeError)
"""What Pillow's decoders raise on damaged files (its own fuzzers expect these)."""

_BROKEN_TAG = (*_DAMAGE, LookupError, TypeError, AttributeError, ZeroDivisionError)

_BOMB = (Image.DecompressionBombWarning, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class Photo:
    """A decoded file. ``width`` and ``height`` are those of the upright image at full size.

    ``image`` may be smaller. ``exif`` holds the few tags, by number, that say when, where and
    with what the photo was taken; ``packets`` are the other forms of the same and more.
    """

    image: Image.Image
    format: str
    width: int
    height: int
    orientation: int
    exif: Mapping[int, object]
    packets: Packets


def max_pixels() -> int:
    """Limit on width x height, from `VLM_MAX_MEGAPIXELS` or `MAX_PIXELS`."""
    asked = os.environ.get("VLM_MAX_MEGAPIXELS", "")
    try:
        return max(1, int(float(asked) * 1e6)) if asked else MAX_PIXELS
    except (ValueError, OverflowError):
        return MAX_PIXELS


def read_image(path: Path, *, size: int | None = None) -> Image.Image:
    """Open a file as upright sRGB; with ``size``, no side needs more than that many pixels.

    Raises `PathMissing`, `ImageTooLarge` or `ImageUnreadable`.
    """
    try:
        if is_video(path):
            with path.open("rb") as file:
                return decode_video(file, path, size=size).image
        data = path.read_bytes()
    except FileNotFoundError:
        raise PathMissing(path) from None
    except OSError as error:
        raise ImageUnreadable(path, system_reason(error)) from None
    return decode_image(data, path, size=size)


def decode_image(data: bytes, name: Path | str, *, size: int | None = None) -> Image.Image:
    """Decode the bytes of a file; ``name`` is for error messages only.

    Raises `ImageTooLarge` or `ImageUnreadable`.
    """
    return decode_photo(data, name, size=size).image


def decode_photo(data: bytes, name: Path | str, *, size: int | None = None) -> Photo:
    """Decode the bytes of a file with what it says of itself; raises as `decode_image` does."""
    if not data:
        raise ImageUnreadable(name, "the file is empty")
    _register_heif()
    told = None
    if is_raw(name) and (inner := preview(data, size)) is not None:
        told, data = exif_of(data), inner
    if size is not None:
        data = without_detail(data, size)
    limit = max_pixels()
    Image.MAX_IMAGE_PIXELS = limit  # Pillow also checks tiles and later frames against it
    packed = None
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            packed = image.info.get("compression")
            photo = _decode(image, size, name, limit, told)
            return replace(photo, format=_suffix(name)) if is_raw(name) else photo
    except UnidentifiedImageError:
        reason = "a RAW file without a preview" if is_raw(name) else unidentified(data)
        raise ImageUnreadable(name, reason) from None
    except _BOMB as error:
        pixels = re.search(r"\((\d+) pixels\)", str(error))
        raise ImageTooLarge(name, int(pixels[1]) if pixels else limit + 1, limit) from None
    except MemoryError:
        raise ImageUnreadable(name, "needs more memory than there is") from None
    except _DAMAGE as error:
        raise ImageUnreadable(name, broken(kind_of(data) or "image", error, packed)) from None


def holds_several(data: bytes) -> bool:
    """Whether a file holds an animation or several pages, of which `decode_image` gives the first.

    False for what cannot be told; no pixels are unpacked.
    """
    with suppress(*_DAMAGE, *_BOMB), Image.open(io.BytesIO(data), formats=_SEVERAL) as image:
        return bool(getattr(image, "is_animated", False))
    return False


def decode_video(file: IO[bytes], name: Path | str, *, size: int | None = None) -> Photo:
    """One frame of a video, with what the file says; raises as `decode_image` does."""
    frame, tags = first_frame(file, name, max_pixels())
    width, height = frame.size
    image = to_srgb(frame, size)
    return Photo(image, _suffix(name), width, height, 1, MappingProxyType(tags), Packets())


def _suffix(name: Path | str) -> str:
    return PurePath(name).suffix[1:].upper()


def _decode(
    image: Image.Image, size: int | None, name: Path | str, limit: int, told: Image.Exif | None
) -> Photo:
    """``told`` is EXIF data that counts more than the image's own."""
    kind = image.format or ""
    width, height = image.size
    whole = width * height
    if size is not None and kind in ("JPEG", "MPO", "HEIF"):
        image.draft("RGB", (size, size))
    # A panorama above the limit is fine at a small scale; all of a progressive one is unpacked.
    scaled = kind == "JPEG" and "progressive" not in image.info
    if (image.width * image.height if scaled else whole) > limit:
        raise ImageTooLarge(name, whole, limit)
    if kind == "PNG":  # asking for EXIF data unpacks the pixels, and what is wrong is told once
        image.load()
    exif = _own_exif(image)
    if told is not None:
        exif |= _tags_of(told)
    orientation = exif.get(ExifTags.Base.Orientation)
    if not isinstance(orientation, int) or orientation not in _UPRIGHT:
        orientation = 1
    upright = to_srgb(image, size)
    if orientation != 1 and kind != "TIFF":  # Pillow turns TIFFs itself while loading
        upright = upright.transpose(_UPRIGHT[orientation])
        if orientation >= 5:
            width, height = height, width
    return Photo(
        upright, kind, width, height, orientation, MappingProxyType(exif), packets_of(image)
    )


def _own_exif(image: Image.Image) -> dict[int, object]:
    try:
        return _tags_of(image.getexif())
    except _BROKEN_TAG:
        return {}


def _tags_of(exif: Image.Exif) -> dict[int, object]:
    """Tags one by one, since broken data beside the picture is no reason to lose the rest."""
    found: dict[int, object] = {}
    for ifd, names in _TAGS.items():
        for name in names:
            with suppress(*_BROKEN_TAG):
                tags = exif if ifd is None else exif.get_ifd(ifd)
                found[ExifTags.Base[name]] = tags[ExifTags.Base[name]]
    for name in _GPS_TAGS:
        with suppress(*_BROKEN_TAG):
            found[ExifTags.GPS[name]] = exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS[name]]
    return found


def fit_image(image: Image.Image, wanted: ImageInput) -> Image.Image:
    """Make an image the square that an embedder wants; applying it twice changes nothing."""
    target = (wanted.size, wanted.size)
    if image.size == target:
        return image
    if wanted.fit == "squash":
        return image.resize(target, Image.Resampling.BICUBIC)
    return ImageOps.fit(image, target, Image.Resampling.BICUBIC)


def _register_heif() -> None:
    if "HEIF" not in Image.OPEN:
        from pillow_heif import register_heif_opener

        register_heif_opener()


ImageFile.LOAD_TRUNCATED_IMAGES = False
# What Pillow thinks of odd files goes nowhere: they are refused with a reason, or they are fine.
# Set once, because `warnings.catch_warnings` must not be used by several threads.
warnings.filterwarnings("ignore", module=r"PIL\.")
