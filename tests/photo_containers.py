"""Photo files with a packet, or without, of every kind into which texts are written."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageDraw

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
IPTC = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"

PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Some Editor 7.0">\n'
    f' <rdf:RDF xmlns:rdf="{RDF}">\n'
    '  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"\n'
    '    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4">\n'
    '   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Scheune &amp; Hof</rdf:li></rdf:Alt>'
    "</dc:title>\n"
    "  </rdf:Description>\n"
    " </rdf:RDF>\n"
    "</x:xmpmeta>\n" + (" " * 99 + "\n") * 20 + '<?xpacket end="w"?>'
).encode()
"""As editors write it: with padding, and with words of its own."""


def drawing() -> Image.Image:
    """A picture with edges and colours, so that a lost byte shows."""
    image = Image.new("RGB", (61, 43), "ivory")
    draw = ImageDraw.Draw(image)
    draw.ellipse((5, 5, 40, 35), "firebrick")
    draw.rectangle((30, 20, 55, 40), "navy")
    return image


def exif() -> bytes:
    tags = Image.Exif()
    tags[0x010F], tags[0x0132] = "Maker", "2024:02:03 04:05:06"
    return tags.tobytes()


def jpeg(xmp: bytes = b"") -> bytes:
    return _saved(drawing(), "JPEG", exif=exif(), comment=b"a comment", **_with(xmp))


def png(xmp: bytes = b"") -> bytes:
    data = _saved(drawing(), "PNG", exif=exif())
    if not xmp:
        return data
    body = b"iTXtXML:com.adobe.xmp\x00\x00\x00\x00\x00" + xmp
    return data[:33] + chunk(body) + data[33:]


def chunk(body: bytes) -> bytes:
    """A chunk of a PNG file, of its kind and content."""
    return struct.pack(">L", len(body) - 4) + body + struct.pack(">L", zlib.crc32(body))


def webp(xmp: bytes = b"") -> bytes:
    return _saved(drawing(), "WEBP", quality=80, **_with(xmp))


def lossless_webp(xmp: bytes = b"") -> bytes:
    image = drawing().convert("RGBA")
    image.putpixel((0, 0), (1, 2, 3, 40))
    return _saved(image, "WEBP", lossless=True, **_with(xmp))


def tiff(xmp: bytes = b"") -> bytes:
    fields = {700: xmp} if xmp else {}
    return _saved(drawing(), "TIFF", compression="tiff_lzw", tiffinfo=fields)


def two_pages(xmp: bytes = b"") -> bytes:
    pages = [drawing().rotate(90)]
    fields = {700: xmp} if xmp else {}
    return _saved(drawing(), "TIFF", save_all=True, append_images=pages, tiffinfo=fields)


FILES: dict[str, Callable[[bytes], bytes]] = {
    "a.jpg": jpeg,
    "a.png": png,
    "a.webp": webp,
    "lossless.webp": lossless_webp,
    "a.tif": tiff,
    "pages.tiff": two_pages,
}


def pixels(data: bytes) -> list[tuple[str, tuple[int, int], bytes]]:
    """Of every frame or page: mode, size and pixels."""
    found = []
    with Image.open(io.BytesIO(data)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            found.append((image.mode, image.size, image.tobytes()))
    return found


def packet_by_pillow(data: bytes) -> bytes | None:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        xmp = image.info.get("xmp")
    return xmp.encode() if isinstance(xmp, str) else xmp


def _with(xmp: bytes) -> dict[str, bytes]:
    return {"xmp": xmp} if xmp else {}


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
