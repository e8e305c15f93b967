"""`vlm search` and `vlm similar`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.options import AsJson, Hits, Library, Model, Photo

if TYPE_CHECKING:
    from index.records import SearchResult


def _complete(ctx: typer.Context, incomplete: str) -> list[str]:
    from ui.query_completing import complete_query

    return complete_query(ctx, incomplete)


Words = Annotated[
    list[str],
    typer.Argument(metavar="QUERY", help="What to look for.", autocompletion=_complete),
]


def search(
    query: Words,
    hits: Hits = 12,
    library: Library = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Find photos by what is in them.

    The query: words, -words, "exact words", 2:words, like:PHOTO, and filters such as in:FOLDER,
    type:png, taken:2023, camera:NAME, rating:3.., keyword:NAME, place:NAME. See docs/search.md.
    """
    from ui.output import tell
    from ui.query_errors import pointed
    from ui.searching import search as run
    from ui.settings import Settings
    from vlm.errors import QueryInvalid

    settings = Settings.from_env(library=library, model=model)
    try:
        result = run(settings, " ".join(query), hits)
    except QueryInvalid as error:
        message, *lines = pointed(error)
        tell(f"error: {message}")
        for line in lines:
            tell(line)
        raise typer.Exit(2) from None
    _show(result, as_json)


def similar(
    photo: Photo,
    hits: Hits = 12,
    library: Library = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Find photos that look like a given one."""
    from ui.searching import similar as run
    from ui.settings import Settings

    _show(run(Settings.from_env(library=library, model=model), photo, hits), as_json)


def _show(result: SearchResult, as_json: bool) -> None:
    from ui.output import say_document, say_row, tell

    if result.note:
        tell(result.note)
    if as_json:
        from ui.shapes import search_shape

        say_document(search_shape(result))
        return
    if result.answer == "nothing" and not result.note:
        nearest = " The nearest photos:" if result.hits else ""
        tell(f"No photo clearly matches '{result.query}'.{nearest}")
    for hit in result.hits:
        say_row(f"{hit.score:.3f}", hit.band, str(hit.path))
