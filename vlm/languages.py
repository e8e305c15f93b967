"""Languages that a text may be asked for in, by their codes (BCP 47, the part before the dash)."""

from __future__ import annotations

from types import MappingProxyType

_NAMES = """
ar Arabic, bg Bulgarian, bn Bengali, ca Catalan, cs Czech, da Danish, de German, el Greek,
en English, es Spanish, et Estonian, eu Basque, fa Persian, fi Finnish, fr French, ga Irish,
gl Galician, he Hebrew, hi Hindi, hr Croatian, hu Hungarian, id Indonesian, is Icelandic,
it Italian, ja Japanese, ko Korean, lt Lithuanian, lv Latvian, ms Malay, nb Norwegian, nl Dutch,
no Norwegian, pl Polish, pt Portuguese, ro Romanian, ru Russian, sk Slovak, sl Slovenian,
sr Serbian, sv Swedish, sw Swahili, ta Tamil, te Telugu, th Thai, tr Turkish, uk Ukrainian,
ur Urdu, vi Vietnamese, zh Chinese
"""

LANGUAGES = MappingProxyType(
    dict(entry.strip().split(" ", 1) for entry in _NAMES.replace("\n", " ").split(","))
)
"""English names by code."""


def language_code(tag: str) -> str:
    """The code of a language tag, in lower case.

    >>> language_code("de-AT"), language_code("EN_us")
    ('de', 'en')
    """
    return tag.replace("_", "-").partition("-")[0].strip().lower()
