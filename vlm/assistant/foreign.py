"""Turns in German, French and Spanish: told from English ones by their commonest words."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """``clear`` words tell the language; ``shared`` ones stand in names and English too."""

    name: str
    refusal: str
    clear: frozenset[str]
    shared: frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LANGUAGES = (
    Language(
        "German",
        "Ich verstehe hier nur Englisch.",
        _words(
            "zeig zeige zeigen such suche suchen finde finden bitte wie viele wieviel ist sind "
            "habe hast haben ich mir meine meinem meinen meiner unsere einem einen einer eine "
            "ein mit ohne auf aus dem den des von vom zum zur beim nur nicht kein keine bild "
            "bilder bildern foto fotos welche welches welcher wer wo wann warum gibt es wurde "
            "wurden aufgenommen beschreibe vergleiche auch und oder dieses diese zweite zweiten "
            "erste ersten letzte letzten danke hallo bei im ins"
        ),
        _words("die der das am was war in so an man"),
    ),
    Language(
        "French",
        "Je ne comprends ici que l'anglais.",
        _words(
            "montre montrez moi trouve trouvez cherche cherchez je mes mon ma nous avec sans "
            "dans sur une un combien quel quelle quels quelles qui que quoi où quand pourquoi "
            "est sont c'est ai avez aux qu'est-ce est-ce seulement pas deuxième première "
            "premier dernière troisième décris décrivez compare merci bonjour s'il vous plaît "
            "été prise prises il elle y"
        ),
        _words("les des le la l' de du d' et en au a photos photo images"),
    ),
    Language(
        "Spanish",
        "Aquí solo entiendo inglés.",
        _words(
            "muéstrame muestra muestrame busca buscar encuentra quiero ver tengo tiene hay mis "
            "mi con sin en cuántas cuántos cuantas cuantos qué cuál cuándo dónde quién por "
            "favor es son está están una uno un del para solo sólo segunda segundo primera "
            "primero última tercera describe compara gracias hola foto fotos imágenes se fue "
            "fueron tomada tomadas"
        ),
        _words("el la los las de y a al o no me"),
    ),
)
_ENGLISH = _words(
    "the of and is are was were with without in on at a an to for my me i you it this that "
    "these those them what which how many show find photos photo pictures picture images image "
    "do does have from by not only about like more one ones there where when who describe "
    "compare caption text write please"
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_MARKS = str.maketrans({"\u2019": "'"})


def language_of(text: str) -> Language | None:
    """The language that a text is in, None for English and for what could be anything.

    >>> [found.name for found in map(language_of, ("zeig mir Fotos von einem Hund",
    ...     "où est-ce ?", "¿cuántas fotos tengo?")) if found]
    ['German', 'French', 'Spanish']
    >>> [language_of(text) for text in ("Hund", "rue de la Paix", "photos of die Mauer in Berlin")]
    [None, None, None]
    """
    said = {part for word in _said(text) for part in (word, *re.split(r"(?<=')|-", word))}
    english = len(said & _ENGLISH)
    best, most = None, 1
    for language in _LANGUAGES:
        clear = len(said & (language.clear - _ENGLISH))
        score = clear + len(said & language.shared)
        if clear and score > max(most, english):
            best, most = language, score
    return best


def refusal(text: str) -> str:
    """That only English is understood, in the language of a text and in English.

    >>> refusal("zeig mir Fotos von einem Hund")
    'Ich verstehe hier nur Englisch. I understand only English here.'
    """
    language = language_of(text)
    english = "I understand only English here."
    return f"{language.refusal} {english}" if language else english


def content_words(text: str, language: Language) -> str:
    """The words to search for in a foreign text: those that do not only ask, or hold it together.

    >>> asked = "zeig mir Fotos von einem Hund am Strand"
    >>> content_words(asked, _LANGUAGES[0])
    'Hund Strand'
    """
    asking = language.clear | language.shared
    parts = (re.sub(r"^(?:[dlcsnqj]|qu)'", "", word) for word in _said(text, keep_case=True))
    return " ".join(word for word in parts if word.lower() not in asking and word)


def _said(text: str, *, keep_case: bool = False) -> list[str]:
    plain = text.translate(_MARKS)
    return _WORD.findall(plain if keep_case else plain.lower())
