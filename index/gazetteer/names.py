"""How names of places are compared."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """Without case, accents, punctuation and doubled blanks.

    >>> folded("Saint-Étienne"), folded("MÜNCHEN"), folded("L'Aquila")
    ('saint etienne', 'munchen', 'l aquila')
    """
    apart = unicodedata.normalize("NFKD", name.casefold())
    letters = (c for c in apart if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())
