"""Photos that hold injected words wherever a photo can hold words."""

from __future__ import annotations

import io
from html import escape
from pathlib import Path

from drawn_text import with_text
from injected_texts import INJECTED
from PIL import Image
from PIL.ExifTags import IFD, Base


def write_photos(folder: Path) -> list[Path]:
    """A photo for each text: on it, in its name, in EXIF, IPTC and XMP, as camera and artist."""
    return [_write(folder, number, words) for number, words in enumerate(INJECTED)]


def _write(folder: Path, number: int, words: str) -> Path:
    name = "".join(c if c.isprintable() and c != "/" else "_" for c in words)[:80]
    image = with_text((640, 200), [(10, 80, words.encode("ascii", "replace").decode())], 20)
    image.paste("red", (0, 0, 640, 60))
    file = io.BytesIO()
    image.save(file, "JPEG", exif=_exif(words), xmp=_xmp(words), comment=words.encode())
    path = folder / f"{number:02} {name}.jpg"
    path.write_bytes(_with_iptc(file.getvalue(), words))
    return path


def _exif(words: str) -> Image.Exif:
    tags = Image.Exif()
    plain = words.encode("ascii", "replace").decode()
    for tag in (Base.ImageDescription, Base.Artist, Base.Copyright, Base.Model, Base.Software):
        tags[tag] = plain
    tags.get_ifd(IFD.Exif)[Base.UserComment] = b"ASCII\0\0\0" + plain.encode()
    tags.get_ifd(IFD.Exif)[Base.LensModel] = plain
    return tags


def _xmp(words: str) -> bytes:
    said = escape("".join(c for c in words if c.isprintable()))
    fields = "".join(
        f'<dc:{name}><rdf:Alt><rdf:li xml:lang="x-default">{said}</rdf:li></rdf:Alt></dc:{name}>'
        for name in ("title", "description")
    )
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{fields}<dc:subject><rdf:Bag><rdf:li>{said}'
        "</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def _with_iptc(jpeg: bytes, words: str) -> bytes:
    said = words.encode()
    record = b"".join(
        b"\x1c\x02" + bytes([field]) + len(said).to_bytes(2, "big") + said
        for field in (5, 25, 105, 120)  # title, keyword, headline, caption
    )
    record += b"\0" * (len(record) % 2)
    block = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + len(record).to_bytes(4, "big") + record
    return jpeg[:2] + b"\xff\xed" + (len(block) + 2).to_bytes(2, "big") + block + jpeg[2:]
