"""`vlm library`, and what is below it."""

from __future__ import annotations

import typer

from ui.commands import library_care
from ui.commands.options import AsJson, Library

library = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
for _command in (
    library_care.check,
    library_care.backup,
    library_care.restore,
    library_care.prune,
):
    library.command()(_command)


@library.callback()
def facts(ctx: typer.Context, library: Library = None, as_json: AsJson = False) -> None:
    """Say what the photo library holds; check, back up or restore it, forget what is gone."""
    if ctx.invoked_subcommand is not None:
        given = {"library": library, "as_json": as_json or None}
        defaults = {name: value for name, value in given.items() if value is not None}
        ctx.default_map = {ctx.invoked_subcommand: defaults}
        return
    from ui.library_facts import library_facts
    from ui.output import say_document, say_table
    from ui.settings import Settings

    held = library_facts(Settings.from_env(library=library).library)
    if as_json:
        say_document(
            {
                "folder": str(held.folder),
                "photos": held.photos,
                "models": dict(held.models),
                "recall": {
                    name: {"photos": near, "texts": far}
                    for name, (near, far) in held.recall.items()
                },
                "bytes": held.size,
            }
        )
        return
    rows = [("folder", str(held.folder)), ("photos", str(held.photos))]
    for name, count in held.models.items():
        near, far = held.recall.get(name, (1.0, 1.0))
        how = "" if near == far == 1 else f", finding {near:.1%} of what an exact search finds"
        how += f" ({far:.1%} by texts)" if how else ""
        rows.append(("model", f"{name}: {count} photos{how}"))
    rows.append(("size", f"{held.size / 1e6:.1f} MB"))
    say_table(rows)
