"""Names of cameras and lenses as people say them."""

from __future__ import annotations

from collections.abc import Sequence

_COMPANY = frozenset(
    {"company", "co", "corporation", "corp", "electronics", "imaging", "inc", "limited", "ltd"}
    | {"optical", "techwin"}
)
"""What comes after a maker's name in EXIF and is said by nobody."""


def camera_name(maker: str | None, model: str | None) -> str | None:
    """Maker and model, the maker once and without its legal form.

    >>> camera_name("Canon", "Canon EOS 40D"), camera_name("Apple", "iPhone 12")
    ('Canon EOS 40D', 'Apple iPhone 12')
    >>> camera_name("EASTMAN KODAK COMPANY", "KODAK CX7530"), camera_name("NIKON CORPORATION", None)
    ('KODAK CX7530', 'NIKON')
    """
    words = (maker or "").replace(",", ", ").split()
    while len(words) > 1 and words[-1].strip(".,").casefold() in _COMPANY:
        words.pop()
    name = " ".join(words).rstrip(",")
    if not model:
        return name[:100] or None
    said = model.casefold().split()[0]
    if said in (word.casefold() for word in words) or model.casefold().startswith(name.casefold()):
        return model[:100]
    return f"{name} {model}".strip()[:100]


def lens_name(specification: Sequence[object]) -> str | None:
    """Of the four numbers of EXIF's LensSpecification: focal lengths in mm and f-numbers.

    >>> lens_name((24, 70, 2.8, 2.8)), lens_name((50, 50, 1.8, 1.8)), lens_name((18, 55, 3.5, 5.6))
    ('24-70mm f/2.8', '50mm f/1.8', '18-55mm f/3.5-5.6')
    >>> lens_name((4.2, 4.2, float("nan"), float("nan"))), lens_name((0, 0, 0, 0))
    ('4.2mm', None)
    """
    if len(specification) != 4:
        return None
    try:
        short, long, wide, narrow = (float(part) for part in specification)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if not 0 < short <= long < 10_000:  # also refuses not-a-number
        return None
    focal = f"{short:g}mm" if short == long else f"{short:g}-{long:g}mm"
    if not 0 < wide <= narrow < 100:
        return focal
    return f"{focal} f/{wide:g}" if wide == narrow else f"{focal} f/{wide:g}-{narrow:g}"
