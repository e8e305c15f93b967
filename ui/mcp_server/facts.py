"""What a library holds, in a few lines."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, Field

from index.query.completion import Facets

_MOST = 30


class Facts(BaseModel):
    """Values are the commonest first, at most thirty of a kind."""

    photos: int
    models: dict[str, int] = Field(description="Photos that can be searched, by model")
    years: list[str]
    places: list[str]
    cameras: list[str]
    keywords: list[str]
    folders: list[str]


def library_facts(photos: int, models: Mapping[str, int], found: Facets) -> Facts:
    """The facts about a library."""
    return Facts(
        photos=photos,
        models=dict(models),
        years=list(found.years[:_MOST]),
        places=list(found.places[:_MOST]),
        cameras=list(found.cameras[:_MOST]),
        keywords=list(found.keywords[:_MOST]),
        folders=list(found.folders[:_MOST]),
    )
