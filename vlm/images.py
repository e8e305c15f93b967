"""The one place that opens a file as an image.

What comes out is upright RGB in sRGB: EXIF orientation applied, embedded profile converted,
transparency laid on white, first frame of animations. JPEGs are decoded at the nearest DCT scale
above the size that is needed (ISO/IEC 10918-1 leaves the higher coefficients unread), which
costs a sixth of a full decode for a 12-megapixel photo.
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from struct import error as StructError
from typing import TypeAlias

from PIL import ExifTags, Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from vlm.errors import ImageTooLarge, ImageUnreadable, PathMissing
from vlm.protocols import ImageInput

MAX_PIXELS = 200_000_000
"""More than any camera makes; `VLM_MAX_MEGAPIXELS` overrides it."""

PHOTO_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp"}
    | {".heic", ".heif", ".hif", ".avif"}
)
"""Suffixes, in lower case, of the files that a scan takes for photos."""

_UPRIGHT = {
    1: Image.Transpose.FLIP_LEFT_RIGHT,  # never used: 1 is upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Tags: TypeAlias = dict[int, object]

_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, StructError, MemoryError, OverflowError)
"""What Pillow's decoders raise on damaged files (its own fuzzers expect these)."""


def max_pixels() -> int:
    """Limit on width x height, from `VLM_MAX_MEGAPIXELS` or `MAX_PIXELS`."""
    asked = os.environ.get("VLM_MAX_MEGAPIXELS", "")
    try:
        return int(float(asked) * 1e6) if asked else MAX_PIXELS
    except ValueError:
        return MAX_PIXELS


def read_image(path: Path, *, size: int | None = None) -> Image.Image:
    """Open a file as upright sRGB; with ``size``, no side needs more than that many pixels.

    Raises `PathMissing`, `ImageTooLarge` or `ImageUnreadable`.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise PathMissing(path) from None
    except OSError as error:
        raise ImageUnreadable(path, error.strerror or str(error)) from None
    return decode_image(data, path, size=size)


@dataclass(frozen=True, slots=True)
class Photo:
    """A decoded file. ``width`` and ``height`` are those of the upright image at full size.

    ``image`` may be smaller. ``exif``, ``camera_exif`` and ``gps`` map tag numbers to values.
    """

    image: Image.Image
    format: str
    width: int
    height: int
    orientation: int
    exif: Mapping[int, object]
    camera_exif: Mapping[int, object]
    gps: Mapping[int, object]


def decode_image(data: bytes, name: Path | str, *, size: int | None = None) -> Image.Image:
    """Decode the bytes of a file; ``name`` is for error messages only."""
    return decode_photo(data, name, size=size).image


def decode_photo(data: bytes, name: Path | str, *, size: int | None = None) -> Photo:
    """Decode the bytes of a file with what it says of itself."""
    if not data:
        raise ImageUnreadable(name, "the file is empty")
    _register_heif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own pixel limit says it better
            with Image.open(io.BytesIO(data)) as image:
                return _decode(image, name, size)
    except UnidentifiedImageError:
        raise ImageUnreadable(name, "not an image, or a format we cannot read") from None
    except Image.DecompressionBombError as error:
        raise ImageUnreadable(name, str(error)) from None
    except _DAMAGE as error:
        raise ImageUnreadable(name, f"damaged or incomplete ({error})") from None


def _decode(image: Image.Image, name: Path | str, size: int | None) -> Photo:
    limit = max_pixels()
    width, height = image.size
    if width * height > limit:
        raise ImageTooLarge(name, width, height, limit)
    if size is not None and image.format in ("JPEG", "MPO"):
        image.draft("RGB", (size, size))
    image.seek(0)
    exif, camera_exif, gps = _exif(image)
    orientation = exif.get(ExifTags.Base.Orientation, 1)
    if not isinstance(orientation, int) or orientation not in _UPRIGHT:
        orientation = 1
    upright = _to_srgb(image)
    if orientation > 1:
        upright = upright.transpose(_UPRIGHT[orientation])
    if orientation >= 5:
        width, height = height, width
    return Photo(upright, image.format or "", width, height, orientation, exif, camera_exif, gps)


def _exif(image: Image.Image) -> tuple[Tags, Tags, Tags]:
    try:
        exif = image.getexif()
        camera_exif = exif.get_ifd(ExifTags.IFD.Exif)
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        return dict(exif), dict(camera_exif), dict(gps)
    except (*_DAMAGE, KeyError, TypeError, AttributeError):
        return {}, {}, {}  # broken data beside the picture is no reason to lose the picture


def fit_image(image: Image.Image, wanted: ImageInput) -> Image.Image:
    """Make an image the square that an embedder wants; applying it twice changes nothing."""
    target = (wanted.size, wanted.size)
    if image.size == target:
        return image
    if wanted.fit == "squash":
        return image.resize(target, Image.Resampling.BICUBIC)
    return ImageOps.fit(image, target, Image.Resampling.BICUBIC)


def _to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    elif image.mode.startswith("I") or image.mode == "F":
        image = _to_eight_bits(image)
    if profile:
        image = _apply_profile(image, profile)
    return image.convert("RGB")


def _to_eight_bits(image: Image.Image) -> Image.Image:
    low, high = image.convert("F").getextrema()
    top = 65535.0 if high > 255 else 255.0
    if image.mode == "F" and high <= 1:
        top = 1.0
    scale = 255.0 / top
    del low
    return image.convert("F").point(lambda value: value * scale).convert("L")


def _apply_profile(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken profile is no reason to lose the photo
    return converted if converted is not None else image


def _register_heif() -> None:
    from pillow_heif import register_heif_opener

    if "HEIF" not in Image.OPEN:
        register_heif_opener()


ImageFile.LOAD_TRUNCATED_IMAGES = False
Image.MAX_IMAGE_PIXELS = None  # Pillow refuses at 179 megapixels, before our limit is asked
