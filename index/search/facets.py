"""What values the photos of a library have, to complete a query with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from index.catalogue.catalogue import Catalogue
from index.query.completion import Facets


def facets(catalogue: Catalogue) -> Facets:
    """Every value of each kind, those of most photos first; folders by their last name."""
    photos = list(catalogue.filterable())
    return Facets(
        folders=_ordered(photo.path.rpartition("/")[0].rpartition("/")[2] for photo in photos),
        cameras=_ordered(photo.camera for photo in photos),
        lenses=_ordered(photo.lens for photo in photos),
        keywords=_ordered(catalogue.keywords()),
        places=_ordered(photo.place for photo in photos),
        years=_ordered(photo.taken_at and photo.taken_at[:4] for photo in photos),
    )


def _ordered(values: Iterable[str | None]) -> tuple[str, ...]:
    counted = Counter(value for value in values if value)
    return tuple(sorted(counted, key=lambda value: (-counted[value], value)))
