"""Texts that stand where an alternative text should be and say nothing.

Source: WCAG 2.2 failure F30: placeholders, file names and the like are no text alternatives.
"""

from __future__ import annotations

import re

from vlm.alt.file_names import (
    ends_as_image,
    file_name,
    is_generated,
    stem,
    without_file_name,
    words_of,
)

_PLACEHOLDERS = """image images img photo photos photograph picture pictures pic graphic alt
text alttext untitled unnamed null undefined none nan placeholder spacer todo tbd fixme xxx test
lorem ipsum description caption thumbnail thumb icon logo banner screenshot blank empty default
missing here your an the a no of bild bilder foto fotos grafik abbildung platzhalter leer ohne
titel imagen imágenes sin título immagine immagini senza titolo afbeelding plaatje geen naamloos
imagem sem vide illustration legende légende"""
_NOTHING = frozenset(_PLACEHOLDERS.split())
_ADDRESS = re.compile(r"(?:https?:|ftp:|file:|data:|blob:|//|www\.|\.{0,2}/)\S+", re.IGNORECASE)


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in it.

    >>> has_words("A cat."), has_words("\u2605\u2605\u2606"), has_words(" - ")
    (True, False, False)
    """
    return any(c.isalnum() for c in text)


def is_placeholder(text: str) -> bool:
    """Whether every word of a text stands for any image at all, or a device made the text.

    >>> [is_placeholder(text) for text in ("Image 1", "alt text", "DSC_0042", "Photo album")]
    [True, True, True, False]
    """
    if is_generated(text.rstrip(".")):
        return True
    words = words_of(text)
    return bool(words) and _NOTHING.issuperset(words)


def is_address(text: str) -> bool:
    """Whether a text is the address of a file or a page.

    >>> is_address("https://example.org/a.png"), is_address("/img/barn"), is_address("A/B test")
    (True, True, False)
    """
    return _ADDRESS.fullmatch(text.strip()) is not None


def is_file_name(text: str, src: str) -> bool:
    """Whether a text ends as an image file does, or is nothing but the name of the file.

    >>> is_file_name("barn.jpg", ""), is_file_name("barn_2", "/barn_2.png")
    (True, True)
    """
    if ends_as_image(text.strip().rstrip(".")):
        return True
    names = [name for name in (file_name(src), stem(src)) if name]
    return has_words(text) and not all(has_words(without_file_name(text, n)) for n in names)


def says_nothing(text: str, src: str = "") -> bool:
    """Whether a text is none at all: no words, a placeholder, an address or a file name."""
    return (
        not has_words(text) or is_placeholder(text) or is_address(text) or is_file_name(text, src)
    )
