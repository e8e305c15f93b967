"""What a photo, the files beside it and its name tell, where they agree and where they do not.

Words and stars: a sidecar wins over what is in the file, XMP over IPTC, IPTC over EXIF, because
that is the order in which people's programs write them. The time of the shot: a correction in a
sidecar, the camera's EXIF, XMP, IPTC, when a film was digitised, Takeout, the file's name, when
the picture was last changed, and last the file's own date, which copying resets.
"""

from __future__ import annotations

from pathlib import Path

from index.gazetteer.places import nearest
from index.metadata.exif import read_exif
from index.metadata.iptc import read_iptc
from index.metadata.sidecar import Sidecars
from index.metadata.taken import named, of_file
from index.metadata.told import first, tidy_keywords
from index.metadata.xmp import read_xmp
from index.records import Facts
from vlm.images import Photo


def facts_of(
    photo: Photo,
    path: Path | None = None,
    mtime_ns: int | None = None,
    sidecars: Sidecars | None = None,
) -> Facts:
    """The facts that the catalogue keeps; with the photo alone, those inside the file."""
    exif = read_exif(photo.exif)
    xmp, iptc = read_xmp(photo.packets.xmp), read_iptc(photo.packets.iptc)
    sidecar, takeout = sidecars or Sidecars()
    words = (sidecar, takeout, xmp, iptc, exif)
    measured = (sidecar, exif, xmp, takeout)
    taken_at, taken_from = _taken(
        ("xmp", sidecar.taken_at),
        ("exif", exif.taken_at),
        ("xmp", xmp.taken_at),
        ("iptc", iptc.taken_at),
        *(("exif", exif.digitised_at), ("xmp", xmp.digitised_at), ("iptc", iptc.digitised_at)),
        ("takeout", takeout.taken_at),
        ("name", named(path.stem) if path else None),
        ("exif", exif.changed_at),
        ("mtime", None if mtime_ns is None else of_file(mtime_ns)),
    )
    keywords = next((told.keywords for told in (sidecar, xmp, iptc, exif) if told.keywords), ())
    position = first(*(told.position for told in measured))
    latitude, longitude = position or (None, None)
    return Facts(
        format=photo.format,
        width=photo.width,
        height=photo.height,
        orientation=photo.orientation,
        taken_at=taken_at,
        taken_from=taken_from,
        camera=first(*(told.camera for told in measured)),
        lens=first(*(told.lens for told in measured)),
        latitude=latitude,
        longitude=longitude,
        place=nearest(*position) if position else None,
        rating=first(*(told.rating for told in words)),
        title=first(*(told.title for told in words)),
        description=first(*(told.description for told in words)),
        alt_text=first(*(told.alt_text for told in words)),
        extended_description=first(*(told.extended_description for told in words)),
        keywords=tidy_keywords((*keywords, *takeout.keywords)),
    )


def _taken(*sources: tuple[str, str | None]) -> tuple[str | None, str | None]:
    return next(((at, source) for source, at in sources if at is not None), (None, None))
