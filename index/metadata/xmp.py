"""What an XMP packet or sidecar tells of a photo.

Names are those of XMP part 2, the IPTC Photo Metadata Standard 2021 and the programs that write
hierarchies of keywords: Lightroom, digiKam and Windows.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.metadata.equipment import camera_name
from index.metadata.plain_text import LONG, plain
from index.metadata.position import checked, xmp_degrees
from index.metadata.taken import written
from index.metadata.told import Told, first, tidy_keywords
from index.metadata.xmp_packet import Properties, properties_of

_DC = "{http://purl.org/dc/elements/1.1/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_TIFF = "{http://ns.adobe.com/tiff/1.0/}"
_EXIF = "{http://ns.adobe.com/exif/1.0/}"
_EXIF_EX = "{http://cipa.jp/exif/1.0/}"
_AUX = "{http://ns.adobe.com/exif/1.0/aux/}"
_IPTC = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_IPTC_EXT = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_MICROSOFT = "{http://ns.microsoft.com/photo/1.0/}"

_FLAT_KEYWORDS = (f"{_DC}subject", f"{_MICROSOFT}LastKeywordXMP", f"{_IPTC_EXT}PersonInImage")
_TREES_OF_KEYWORDS = (
    ("{http://ns.adobe.com/lightroom/1.0/}hierarchicalSubject", "|"),
    ("{http://www.digikam.org/ns/1.0/}TagsList", "/"),
)


def read_xmp(packet: bytes) -> Told:
    """Read a packet; what is absent, damaged or absurd is silence. Never raises."""
    found = properties_of(packet)
    if not found:
        return Told()
    return Told(
        taken_at=first(
            written(_text(found, f"{_EXIF}DateTimeOriginal")),
            written(_text(found, f"{_PHOTOSHOP}DateCreated")),
        ),
        digitised_at=first(
            written(_text(found, f"{_EXIF}DateTimeDigitized")),
            written(_text(found, f"{_XMP}CreateDate")),
        ),
        camera=camera_name(_text(found, f"{_TIFF}Make"), _text(found, f"{_TIFF}Model")),
        lens=first(_text(found, f"{_EXIF_EX}LensModel"), _text(found, f"{_AUX}Lens")),
        position=checked(
            xmp_degrees(_text(found, f"{_EXIF}GPSLatitude")),
            xmp_degrees(_text(found, f"{_EXIF}GPSLongitude")),
        ),
        rating=_rating(found),
        title=_text(found, f"{_DC}title"),
        description=_text(found, f"{_DC}description", LONG),
        alt_text=_text(found, f"{_IPTC}AltTextAccessibility", LONG),
        extended_description=_text(found, f"{_IPTC}ExtDescrAccessibility", LONG),
        keywords=tidy_keywords(_keywords(found)),
    )


def _text(found: Properties, name: str, limit: int = 300) -> str | None:
    """The text for everybody: ``x-default``, else English, else the first there is."""
    values = found.get(name, ())
    ranked = sorted(values, key=lambda value: _foreign(value[0].casefold()))  # keeps the order
    return plain(ranked[0][1], limit) if ranked else None


def _foreign(language: str) -> int:
    if language in ("x-default", ""):
        return 0
    return 1 if language.split("-")[0] == "en" else 2


def _keywords(found: Properties) -> Iterator[str]:
    for name in _FLAT_KEYWORDS:
        yield from (text for _, text in found.get(name, ()))
    for name, separator in _TREES_OF_KEYWORDS:
        for _, branch in found.get(name, ()):
            yield from branch.split(separator)


def _rating(found: Properties) -> int | None:
    """Stars, -1 for rejected; Windows has percent: 1, 25, 50, 75 and 99."""
    stars = _number(_text(found, f"{_XMP}Rating"))
    if stars is not None and -1 <= stars <= 5:
        return int(stars)
    percent = _number(_text(found, f"{_MICROSOFT}Rating"))
    if percent is None or not 0 <= percent <= 100:
        return None
    return 5 if percent >= 99 else int(percent > 0) + int(percent) // 25


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None
