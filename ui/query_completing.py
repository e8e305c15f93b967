"""What the shell offers behind a half-typed query of ``vlm search``."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.query.completion import Facets


def complete_query(ctx: Any, incomplete: str) -> list[str]:
    """Operators, and values that the library has, for the word at the cursor.

    bash takes a colon for the end of a word, so that of ``in:Ro`` only ``Ro`` is completed there.
    """
    from index.query.completion import complete

    typed = [str(word) for word in ctx.params.get("query") or ()]
    before = typed[-2] + ":" if typed[-1:] == [":"] and len(typed) > 1 else ""
    piece = before + incomplete
    found = complete(piece, len(piece), _facets(ctx.params.get("library")))
    return [one.applied(piece).removeprefix(before) for one in found]


def _facets(folder: Path | None) -> Facets:
    from index.library import Library
    from index.query.completion import Facets
    from index.search.facets import facets
    from ui.settings import Settings
    from vlm.errors import VlmError

    with suppress(VlmError), Library.open(Settings.from_env(library=folder).library) as library:
        return facets(library.catalogue)
    return Facets()  # without a library there are operators all the same
