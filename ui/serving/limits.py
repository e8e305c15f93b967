"""How much one request, and all of them together, may take."""

from __future__ import annotations

from dataclasses import dataclass

from ui.uploads import MAX_PHOTOS


@dataclass(frozen=True, slots=True)
class Limits:
    """``body`` and ``bodies`` (all that are held at once) are bytes, the rest as their names say.

    ``waiting`` is how many requests wait for a model before further ones are sent away.
    """

    body: int = 48 * 2**20
    bodies: int = 256 * 2**20
    images: int = MAX_PHOTOS
    arrival_seconds: float = 60
    reply_seconds: float = 300
    waiting: int = 64
