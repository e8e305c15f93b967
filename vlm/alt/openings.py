"""Openings that only say that an image is an image, in seven languages."""

from __future__ import annotations

import re

_LEADING = " ,;:.|/\\*_~-\u2013\u2014"
_QUOTES = {'"': '"', "'": "'", "\u201c": "\u201d", "\u2018": "\u2019", "\u00ab": "\u00bb"}

_LABELS = r"(?:(?:image\s+)?alt[\s-]?text|caption|description|answer|bildunterschrift|légende)\s*:"
_PHRASES = {
    "en": r"""(?:(?:this|it|that|here)\s+(?:is|'s|\u2019s)\s+)?(?:(?:an?|the|this)\s+)?
        (?:close-?up\s+)?(?:image|photo|photograph|picture|pic|snapshot|graphic)
        \s+(?:of|showing|shows|depicting|depicts)
      | in\s+(?:the|this)\s+(?:image|photo|photograph|picture)\s*,""",
    "de": r"""(?:(?:das|dies|hier)\s+ist\s+)?(?:(?:eine?|das|die|dieses|diese)\s+)?
        (?:bild|foto|fotografie|abbildung|aufnahme)\s+(?:von|zeigt|mit)""",
    "fr": r"""(?:c['\u2019]est\s+)?(?:(?:une|la|cette)\s+|l['\u2019])?(?:image|photo|photographie)
        \s+(?:de|du|des|montrant|montre|représentant|représente)
      | (?:sur|dans)\s+(?:(?:la|cette)\s+|l['\u2019])(?:image|photo)\s*,""",
    "es": r"""(?:(?:una|la|esta)\s+)?(?:imagen|foto|fotografía)\s+(?:de|del|muestra|mostrando)
      | en\s+(?:la|esta)\s+(?:imagen|foto)\s*,""",
    "it": r"""(?:(?:una|la|questa)\s+|(?:un|l|quest)['\u2019])?
        (?:immagine|foto|fotografia)\s+(?:di|del|della|dei|delle|mostra|raffigura)
      | (?:nella|in\s+questa)\s+(?:foto|immagine)\s*,""",
    "nl": r"""(?:dit\s+is\s+)?(?:(?:een|de|deze)\s+)?(?:afbeelding|foto|plaatje)\s+(?:van|toont)
      | op\s+(?:de|deze)\s+(?:afbeelding|foto)\s*,""",
    "pt": r"""(?:(?:uma|a|esta)\s+)?(?:imagem|foto|fotografia)\s+(?:de|do|da|mostra)""",
}
_ELIDED = r"(?:(?:une|la|cette)\s+|l['\u2019])?(?:image|photo|photographie)\s+d['\u2019](?=\w)"
_OPENING = re.compile(
    rf"(?:(?:{_LABELS}|{'|'.join(_PHRASES.values())})\s+(?=.*\w)|{_ELIDED})",
    re.IGNORECASE | re.VERBOSE,
)
_PARTS = "ima imm pho pic snap graph bild foto auf afb pla :"
_SAID_IN_ALL = tuple(_PARTS.split())
"""One of these is in whatever `_OPENING` fits; looking for them is faster than trying it."""
_GERMAN_CASE = {"einem": "ein", "einen": "ein", "einer": "eine"}
_GERMAN_ARTICLE = re.compile(r"\A(einem|einen|einer)(?= [A-ZÄÖÜ])")


def without_opening(text: str) -> str:
    """Drop "an image of", "this is a photo of", "Alt text:" and quotes around the whole.

    Source: WAI images tutorial, tips: screen readers announce the role, so "image of" only repeats
    it. Kinds that matter ("a painting of", "a screenshot of") stay.

    >>> without_opening("This is a picture of the photo of a moon")
    'a moon'
    >>> without_opening("a painting of a ship"), without_opening("Photo d'un chat")
    ('a painting of a ship', 'un chat')
    >>> without_opening("Das Bild zeigt einen Hund")
    'ein Hund'
    """
    before = None
    while text != before:
        before = text
        text = text.lstrip(_LEADING)
        if len(text) > 2 and _QUOTES.get(text[0]) == text[-1] and text.count(text[-1]) <= 2:
            text = text[1:-1].strip()
        opening = _opening(text)
        if opening:
            text = text[opening.end() :]
            text = _GERMAN_ARTICLE.sub(lambda found: _GERMAN_CASE[found[1]], text)
    return text


def opens_as_picture(text: str) -> bool:
    """Whether the text starts by saying that it is an image.

    >>> opens_as_picture("Foto van een kat"), opens_as_picture("Photographers at work")
    (True, False)
    """
    return _opening(text.lstrip(_LEADING)) is not None


def _opening(text: str) -> re.Match[str] | None:
    low = text.lower()
    return _OPENING.match(text) if any(part in low for part in _SAID_IN_ALL) else None
