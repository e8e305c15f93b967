"""What a new XMP sidecar is called."""

from __future__ import annotations

from pathlib import Path

from index.scanning.scan import is_photo
from vlm.suffixes import RAW_SUFFIXES


def new_name(photo: Path) -> str:
    """``photo.jpg.xmp``, as darktable and digiKam call it, or for a RAW file Adobe's ``photo.xmp``.

    Adobe's programs read sidecars of RAW files only, and only by that name. A photo of another
    kind with the same name would have to share it, so beside such a one the whole name is used.
    """
    if photo.suffix.lower() not in RAW_SUFFIXES:
        return f"{photo.name}.xmp"
    others = (p.name for p in photo.parent.iterdir() if p.stem == photo.stem)
    shared = any(name != photo.name and is_photo(name) for name in others)
    return f"{photo.name}.xmp" if shared else f"{photo.stem}.xmp"
