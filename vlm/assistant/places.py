"""Names of places in a query that the library knows become filters of the query language."""

from __future__ import annotations

import re

from vlm.assistant.tools import PhotoTools

_NAMED = re.compile(
    r"(?:^|\b(?:from|in|at|near)\s+)(?P<name>[A-Z][\w'\u2019-]+(?:\s+(?:[A-Z][\w'\u2019-]+))*)$"
)


def with_places(query: str, tools: PhotoTools) -> str:
    """The query with the name that it ends with as ``place:``, where photos were taken there."""
    found = _NAMED.search(query)
    if found is None:
        return query
    name = found["name"].casefold()
    places = {place for place, _ in tools.facets().places}
    known = {part.strip().casefold() for place in places for part in place.split(",")}
    if name not in known:
        return query
    return f'{query[: found.start()]}place:"{found["name"]}"'.strip()
