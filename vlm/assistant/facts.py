"""When, where and with what photos were taken, as the library knows it from their files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from vlm.alt.wording import clean
from vlm.assistant.events import Citation, Doing, Found, Said
from vlm.assistant.naming import quoted
from vlm.assistant.places import with_places
from vlm.assistant.shown import Shown, path_of
from vlm.assistant.tools import PhotoFacets, PhotoTools

_LISTED = 4
"""So many places and cameras are told."""

_LOOKED_UP = 200
"""So many hits of a search are looked up at most."""

_SHOWN = 8

_LONGEST = 60
"""Characters of a name of a camera or a place."""


def facts_of_shown(photos: Sequence[Shown], tools: PhotoTools | None) -> Iterator[Citation | Said]:
    """When and where photos of the conversation were taken."""
    paths = [photo.path for photo in photos if photo.path is not None]
    if not paths or tools is None:
        yield Said(
            "I only know when and where photos of the library were taken: of a photo that is "
            "added to a message, nothing but the picture is kept."
        )
        return
    for photo in photos:
        if photo.path is not None:
            yield Citation(photo.number, photo.path)
    if len(paths) == 1:
        yield Said(say_one(f"[{photos[0].number}]", tools.facets(paths)))
    else:
        yield Said(say_facets(f"these {len(paths)} photos", tools.facets(paths)))


def facts_of_library(query: str, tools: PhotoTools) -> Iterator[Doing | Found | Citation | Said]:
    """The same of the photos that answer a query, or of the whole library."""
    if not query:
        yield Said(say_facets("the photos of your library", tools.facets()))
        return
    yield Doing(f"Searching for {quoted(query)}")
    finding = tools.search(with_places(query, tools), _LOOKED_UP)
    good = [d for d in finding.documents if finding.matches and d.metadata["band"] != "weak"]
    yield Found(tuple(good[:_SHOWN]))
    if not good:
        yield Said(f"I found nothing in your library that matches {quoted(query)}.")
        return
    paths: list[Path] = [path_of(document) for document in good]
    yield Citation(1, paths[0])
    facets = tools.facets(paths)
    yield Said(say_facets(f"the {len(good)} photos that match {quoted(query)}", facets))


def say_one(name: str, facets: PhotoFacets) -> str:
    """When, where and with what one photo was taken.

    >>> say_one("[2]", PhotoFacets(1, (("2023-05-17", 1),), (("Rome, Italy", 1),), (), 0, 0))
    '[2] was taken on 17 May 2023 near Rome, Italy.'
    """
    parts = []
    if facets.days:
        parts.append(f"on {day_of(facets.days[0][0])}")
    if facets.places:
        parts.append(f"near {_value(facets.places[0][0])}")
    if facets.cameras:
        parts.append(f"with a {_value(facets.cameras[0][0])}")
    if not parts:
        return f"{name} does not tell when, where or with what camera it was taken."
    missing = [what for what, has in (("when", facets.days), ("where", facets.places)) if not has]
    besides = f" It does not tell {' or '.join(missing)}." if missing else ""
    return f"{name} was taken {' '.join(parts)}.{besides}"


def say_facets(which: str, facets: PhotoFacets) -> str:
    """When, where and with what several photos were taken; ``which`` names them in a sentence."""
    if not facets.photos:
        return "There are no photos yet."
    said = [_said_days(which, facets)]
    if facets.places:
        said.append(f"Places: {_counted(facets.places)}{_untold(facets.unplaced, 'no place')}.")
    else:
        said.append("None of them tells where it was taken.")
    if facets.cameras:
        said.append(f"Cameras: {_counted(facets.cameras)}.")
    return " ".join(said)


def _said_days(which: str, facets: PhotoFacets) -> str:
    if not facets.days:
        return f"None of {which} tells when it was taken."
    first, last = day_of(facets.days[0][0]), day_of(facets.days[-1][0])
    when = f"on {first}" if first == last else f"between {first} and {last}"
    begin = f"{which[:1].upper()}{which[1:]}"
    return f"{begin} were taken {when}{_untold(facets.undated, 'no date')}."


def _untold(number: int, what: str) -> str:
    return f" ({number:,} {'tells' if number == 1 else 'tell'} {what})" if number else ""


def _counted(values: Sequence[tuple[str, int]]) -> str:
    told = ", ".join(f"{_value(value)} ({number:,})" for value, number in values[:_LISTED])
    return told + (f" and {len(values) - _LISTED} more" if len(values) > _LISTED else "")


def _value(told: str) -> str:
    """A name that a file tells, cut to the length of one."""
    told = clean(told)
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}\u2026"


def day_of(iso: str) -> str:
    """A day as people write it; what is no whole date stays as it is.

    >>> day_of("2023-05-07"), day_of("2023")
    ('7 May 2023', '2023')
    """
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {day:%B} {day.year}"
