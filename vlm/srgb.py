"""Any of Pillow's modes into 8-bit sRGB."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

_INVISIBLE = 2
"""Levels of 255 by which one maker's sRGB profile differs from another's."""

_TRANSPARENT = ("RGBA", "LA", "PA", "La", "RGBa")


def to_srgb(image: Image.Image, size: int | None = None) -> Image.Image:
    """Eight-bit sRGB: transparency on white, embedded profile applied, deep modes scaled.

    The profile is the ICC's; one that is broken or of another colour space is left out. With
    ``size``, an image is averaged down by a whole factor to no less than twice that many pixels a
    side first. Raises what Pillow's decoders raise.
    """
    image.load()
    profile = image.info.get("icc_profile")
    transparent = image.mode in _TRANSPARENT or "transparency" in image.info
    if image.mode.startswith("I") or image.mode == "F":
        image = _to_eight_bits(image, image.info.get("transparency"))
        transparent = False
    elif image.mode == "La":
        image = image.convert("LA")
    elif image.mode == "1" or (image.mode == "P" and not transparent):
        image = image.convert("L" if image.mode == "1" else "RGB")
    elif transparent:
        image = image.convert("RGBA")
    if size is not None and (factor := min(image.size) // (2 * size)) > 1:
        image = image.reduce(factor)
    if transparent:
        image = _on_white(image)
    elif image.mode == "LAB":
        image = _convert(image, _lab_transform())
    if profile and image.mode in ("RGB", "CMYK", "L"):
        transform = _transform(profile, image.mode)
        if transform is not None:
            return _convert(image, transform)
    return image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    image = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _to_eight_bits(image: Image.Image, transparent: object) -> Image.Image:
    """16-bit integers by their range; 32-bit ones and floats by the range their maximum needs.

    One value may stand for full transparency, as PNG has it for 16-bit greys.
    """
    values = np.nan_to_num(np.asarray(image, np.float32), posinf=0.0, neginf=0.0)
    highest = float(values.max(initial=0.0))
    if image.mode.startswith("I;16"):
        top = 65535.0
    else:
        top = next((t for t in (1.0, 255.0, 65535.0) if highest <= t), highest)
        if image.mode == "I" and top == 1.0:
            top = 255.0
    if isinstance(transparent, int):
        values[values == transparent] = top
    values *= np.float32(255.0 / top)
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def _convert(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    converted = ImageCms.applyTransform(image, transform)
    assert converted is not None  # None is for conversions in place
    return converted


@lru_cache(maxsize=32)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """From a profile to sRGB, kept, since the photos of one camera carry the same profile.

    None where it cannot be used, or is sRGB itself by what it does to colours.
    """
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
        return None if mode == "RGB" and _changes_nothing(transform) else transform
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    levels = np.arange(0, 256, 15).astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
    after = np.asarray(_convert(Image.fromarray(cube), transform), np.int16)
    return int(np.abs(after - cube).max()) <= _INVISIBLE


@lru_cache(maxsize=1)
def _lab_transform() -> ImageCms.ImageCmsTransform:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(lab, srgb, "LAB", "RGB")
