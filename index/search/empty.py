"""Why a query's filters leave no photo at all: what was asked, and what there is instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from index.catalogue.catalogue import Catalogue
from index.catalogue.records import Candidate
from index.query.dates import Period
from index.query.parts import Circle, Filter, FilterName, Ratings
from index.query.values import FORMATS
from index.search.filters import Condition

_SHOWN = 5


def why_empty(catalogue: Catalogue, conditions: Sequence[Condition]) -> str:
    """One sentence; of the conditions that no photo fulfils the first, else that none has all."""
    photos = list(catalogue.filterable())
    if not photos:
        return "The library has no photos."
    for condition in conditions:
        if not any(map(condition.test, photos)):
            return _why(condition, photos) + _unread(catalogue, condition, len(photos))
    written = " ".join(str(_written(asked)) for c in conditions for asked in c.asked)
    return f"No photo passes all of {written} together, though each of them has some."


def _why(condition: Condition, photos: Sequence[Candidate]) -> str:
    asked = condition.asked[0]
    if isinstance(asked, str):
        return f'No photo has the words "{asked}" in its name, folder, keywords, caption or text.'
    wanted = " or ".join(str(part.value) for part in condition.asked if isinstance(part, Filter))
    if asked.negated:
        return f"Every photo is left out by {asked}."
    return _REASONS[asked.name](wanted, asked, photos)


def _unread(catalogue: Catalogue, condition: Condition, photos: int) -> str:
    """How many photos were not read yet, where text in them was asked for."""
    asked = condition.asked[0]
    if isinstance(asked, str) or asked.name != "text" or asked.negated:
        return ""
    read = catalogue.count_noted("ocr")
    if read >= photos:
        return ""
    return f" Text was read in {read} of {photos} photos; to read the rest: vlm index --text"


def _in(wanted: str, asked: Filter, photos: Sequence[Candidate]) -> str:
    parents = _most(photo.path.rpartition("/")[0].rpartition("/")[2] for photo in photos)
    return f"No photo lies in a folder '{wanted}'; folders with photos: {parents}."


def _type(wanted: str, asked: Filter, photos: Sequence[Candidate]) -> str:
    name_of = {pillow: name for name, known in FORMATS.items() for pillow in known}
    kinds = _most(name_of.get(photo.format, photo.format.lower()) for photo in photos)
    return f"No photo is a {wanted}; there are: {kinds}."


def _camera(wanted: str, asked: Filter, photos: Sequence[Candidate]) -> str:
    return _known("was taken with a camera", "cameras", wanted, (p.camera for p in photos))


def _lens(wanted: str, asked: Filter, photos: Sequence[Candidate]) -> str:
    return _known("was taken with a lens", "lenses", wanted, (p.lens for p in photos))


def _place(wanted: str, asked: Filter, photos: Sequence[Candidate]) -> str:
    return _known("was taken at a place", "places", wanted, (p.place for p in photos))


def _rating(wanted: str, asked: Filter, photos: Sequence[Candidate]) -> str:
    assert isinstance(asked.value, Ratings)
    stars = _most(str(photo.rating) for photo in photos if photo.rating is not None)
    there = f"ratings there are: {stars}" if stars else "no photo here has a rating"
    return f"No photo is rated {wanted}; {there}."


def _taken(wanted: str, asked: Filter, photos: Sequence[Candidate]) -> str:
    assert isinstance(asked.value, Period)
    known = sorted(photo.taken_at[:10] for photo in photos if photo.taken_at)
    if not known:
        return f"No photo was taken in {wanted}: no photo here says when it was taken."
    first, last = known[0], known[-1]
    if first[:4] != last[:4]:
        first, last = first[:4], last[:4]
    span = f"the library spans {first} to {last}" if first != last else f"all are of {first}"
    return f"No photo was taken in {wanted}; {span}."


def _near(wanted: str, asked: Filter, photos: Sequence[Candidate]) -> str:
    assert isinstance(asked.value, Circle)
    placed = sum(photo.latitude is not None for photo in photos)
    circle = f"{asked.value.km:g} km of {asked.value.latitude:g},{asked.value.longitude:g}"
    return f"No photo was taken within {circle}; {placed} of {len(photos)} say where."


def _file(wanted: str, asked: Filter, photos: Sequence[Candidate]) -> str:
    return f"No photo's file name has '{wanted}' in it."


def _words(wanted: str, asked: Filter, photos: Sequence[Candidate]) -> str:
    where = {"text": "text in it that says", "keyword": "the keyword"}
    return f"No photo has {where.get(asked.name, 'a caption with')} '{wanted}'."


def _known(what: str, plural: str, wanted: str, values: Iterable[str | None]) -> str:
    there = _most(value for value in values if value)
    others = f"{plural} there are: {there}" if there else "no photo here says so"
    return f"No photo {what} '{wanted}'; {others}."


def _most(values: Iterable[str]) -> str:
    """The values that most photos have, most frequent first."""
    counted = sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))
    more = [f"and {len(counted) - _SHOWN} more"] if len(counted) > _SHOWN else []
    return ", ".join([value for value, _ in counted[:_SHOWN]] + more)


def _written(asked: Filter | str) -> str:
    return f'"{asked}"' if isinstance(asked, str) else str(asked)


_REASONS: Mapping[FilterName, Callable[[str, Filter, Sequence[Candidate]], str]] = {
    "in": _in,
    "type": _type,
    "camera": _camera,
    "lens": _lens,
    "place": _place,
    "rating": _rating,
    "taken": _taken,
    "near": _near,
    "file": _file,
    "text": _words,
    "caption": _words,
    "keyword": _words,
}
