"""A query that cannot be read, shown with a mark under the character where it goes wrong."""

from __future__ import annotations

from ui.output import printable, width
from vlm.errors import QueryInvalid

_BEFORE, _AFTER = 50, 25
"""So many characters of a long query are shown around the place."""


def pointed(error: QueryInvalid) -> list[str]:
    """The message, the query, and a caret below it.

    >>> print("\\n".join(pointed(QueryInvalid("cat type:pngg", "there is no type 'pngg'", 9))))
    Cannot read the query: there is no type 'pngg'.
      cat type:pngg
               ^
    """
    start = max(0, error.position - _BEFORE)
    before = ("…" if start else "") + printable(error.query[start : error.position])
    rest = error.query[error.position :]
    after = printable(rest[:_AFTER]) + ("…" if len(rest) > _AFTER else "")
    return [
        f"Cannot read the query: {error.reason}",
        f"  {before}{after}",
        f"  {' ' * width(before)}^",
    ]
