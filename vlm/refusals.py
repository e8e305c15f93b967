"""Why a file cannot be decoded, in words that help its owner; from its bytes, not its name."""

from __future__ import annotations

_PHOTO_STARTS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "BigTIFF"),
    (b"MM\0+", "BigTIFF"),
    (b"BM", "BMP"),
)
_BRANDS = {b"avif": "AVIF", b"avis": "AVIF", b"crx ": "Canon RAW"}
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")

_OTHER_STARTS = (
    (b"%PDF", "a PDF"),
    (b"%!PS", "PostScript"),
    (b"8BPS", "a Photoshop document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\0\x05\x16\x07", "macOS metadata (AppleDouble) and no picture"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\x01\0", "an icon"),
    (b"\x1aE\xdf\xa3", "a video (Matroska)"),
    (b"SIMPLE  =", "FITS"),
    (b"version https://git-lfs", "a pointer to a file that was not downloaded (Git LFS)"),
)
_TEXT = bytes(range(32, 127)) + b"\t\n\r\f" + bytes(range(128, 256))
_LOOK = 512


def kind_of(data: bytes) -> str | None:
    """Which photo format the first bytes claim, or None.

    >>> kind_of(b"BM....."), kind_of(b"hello")
    ('BMP', None)
    """
    for start, kind in _PHOTO_STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "HEIF" if data[8:12] in _HEIF_BRANDS else None)
    return None


def unidentified(data: bytes) -> str:
    """The reason for a file that no decoder takes for its own.

    >>> unidentified(b"Dear diary")
    'not an image: it holds text'
    >>> unidentified(bytes(100))
    'not an image: it holds nothing but zeros'
    """
    kind = kind_of(data)
    if kind is not None:
        return f"damaged, or a kind of {kind} that cannot be read"
    return f"not an image: it holds {_content(data)}"


def _content(data: bytes) -> str:
    for start, what in _OTHER_STARTS:
        if data.startswith(start):
            return what
    if data[4:8] == b"ftyp":
        return "a video"
    beginning = data[:_LOOK]
    if not data.strip(b"\0"):
        return "nothing but zeros"
    if beginning.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if b"<svg" in beginning.lower():
        return "a drawing (SVG)"
    if not beginning.translate(None, _TEXT):
        return "text"
    return "no format of photos that is known here"


def broken(kind: str, error: BaseException, packed: object = None) -> str:
    """The reason for a file whose decoder, that of ``kind``, gave up with an error.

    ``packed`` says how its pixels are compressed, where that is known.

    >>> broken("BMP", OSError("Unsupported BMP pixel depth (2)"))
    'a kind of BMP that cannot be read (unsupported BMP pixel depth (2))'
    >>> broken("JPEG", OSError("image file is truncated (0 bytes not processed)"))
    'damaged or incomplete (the file ends too early)'
    >>> broken("TIFF", OSError("decoder error -2"), "webp")
    'damaged, or a kind of TIFF that cannot be read (its pixels do not unpack, compressed as webp)'
    >>> broken("TIFF", SyntaxError("not a TIFF file\\nline two"))
    'damaged or incomplete (not a TIFF file)'
    """
    said = _brief(error)
    lower = said.lower()
    if lower.startswith(("unsupported", "unknown")):
        return f"a kind of {kind} that cannot be read ({said[0].lower()}{said[1:]})"
    if "truncated" in lower or "premature end" in lower:
        return "damaged or incomplete (the file ends too early)"
    if lower.startswith("decoder error"):
        how = f", compressed as {packed}" if isinstance(packed, str) else ""
        return f"damaged, or a kind of {kind} that cannot be read (its pixels do not unpack{how})"
    if "decompressed data too large" in lower:
        return "damaged or malicious (a text in it is too large when it is unpacked)"
    return f"damaged or incomplete ({said})"


def _brief(error: BaseException) -> str:
    """The first line of a decoder's complaint, without control characters."""
    first = (str(error).splitlines() or [""])[0]
    return "".join(c for c in first if c.isprintable())[:200] or type(error).__name__
