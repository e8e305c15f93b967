"""Kinds of picture that file names, captions and first words give away."""

from __future__ import annotations

import re

from vlm.alt.context import ImageContext
from vlm.alt.file_names import stem, words_of

_THIN = 3
"""CSS pixels; anything this thin is a line or invisible."""
_ORNAMENT = """spacer shim pixel blank transparent clear dot bullet divider separator rule line
hr border corner ornament flourish squiggle squiggly gradient shadow swoosh decoration
decorative deco background bg pattern texture filler trenner trennlinie linie rahmen hintergrund
ligne fond puce fondo sfondo achtergrond"""
_BESIDE = """left right top bottom center centre middle horizontal vertical h v x px small large
thin thick dotted dashed red green blue grey gray white black gold dark light header footer page
section img image gif"""
_ALWAYS = frozenset(["spacer", "shim", "bg"])
_ORNAMENTS = frozenset(_ORNAMENT.split())
_ORNAMENTAL = _ORNAMENTS.union(_BESIDE.split())

_DATA = """chart charts piechart barchart graph diagram diagrams map flowchart infographic
infographics schematic blueprint floorplan histogram heatmap scatterplot timeline orgchart
organigram sitemap diagramm flussdiagramm balkendiagramm kreisdiagramm landkarte stadtplan
lageplan schaubild infografik organigramm graphique diagramme organigramme schéma schema
infographie gráfico gráfica diagrama mapa infografía organigrama grafico diagramma mappa
infografica grafiek landkaart plattegrond mapas"""
_WRITING = """text words lettering quote quotation slogan headline writing wordmark logo banner
sign schriftzug zitat überschrift texte citation texto cita testo citazione tekst citaat"""
_DATA_WORDS = frozenset(_DATA.split())
_WRITING_WORDS = frozenset(_WRITING.split())
_BY_THE_WAY = frozenset(
    ["with", "holding", "and", "reading", "beside", "mit", "avec", "con", "met"]
)
_NUMBERED = re.compile(
    r"(?:fig(?:ure|ura|uur)?|abb(?:ildung)?|afb(?:eelding)?|chart|table|map)\.?\s*[\d.]+[a-z]?\s*"
    r"[:.\u2013\u2014-]?\s*",
    re.IGNORECASE,
)
_FIRST_WORDS = 4


def is_invisible(context: ImageContext) -> bool:
    """A counting pixel or a line: 1 pixel a side, or at most 3 pixels thin.

    >>> is_invisible(ImageContext(width=1, height=1)), is_invisible(ImageContext(width=600))
    (True, False)
    """
    sides = [side for side in (context.width, context.height) if side is not None]
    return any(side <= _THIN for side in sides)


def is_ornament(src: str) -> bool:
    """A spacer, rule, bullet or background, if every word of the file name says so.

    >>> [is_ornament(src) for src in ("divider-line.png", "topinfo_bg.png", "corner-shop.jpg")]
    [True, True, False]
    """
    words = words_of(stem(src))
    if _ALWAYS.intersection(words):
        return True
    return bool(_ORNAMENTS.intersection(words)) and _ORNAMENTAL.issuperset(words)


def data_picture(context: ImageContext, draft: str) -> str:
    """What says that the image is a chart, a diagram or a map; empty if nothing does.

    >>> data_picture(ImageContext(figcaption="Figure 2: Flowchart of the build"), "")
    'the caption says "flowchart"'
    >>> data_picture(ImageContext(), "A man with a map")
    ''
    """
    named = [word for word in words_of(stem(context.src)) if word in _DATA_WORDS]
    if named and "icon" not in words_of(stem(context.src)):
        return f'the file name says "{named[0]}"'
    for where, text in (("caption", context.figcaption), ("description", draft)):
        said = _among_first(text, _DATA_WORDS)
        if said:
            return f'the {where} says "{said}"'
    return ""


def writing_picture(context: ImageContext, draft: str) -> bool:
    """Whether the file name or the first words say that the image shows writing.

    >>> writing_picture(ImageContext(src="summer-banner.png"), "")
    True
    """
    by_name = _WRITING_WORDS.intersection(words_of(stem(context.src)))
    return bool(by_name) or bool(_among_first(draft, _WRITING_WORDS))


def _among_first(text: str, known: frozenset[str]) -> str:
    words = words_of(_NUMBERED.sub("", text.strip(), count=1))[:_FIRST_WORDS]
    for at, word in enumerate(words):
        if word in known and not _BY_THE_WAY.intersection(words[:at]):
            return word
    return ""
