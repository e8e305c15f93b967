"""`vlm duplicates`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.options import AsJson, Library

if TYPE_CHECKING:
    from index.duplicates.groups import Kind
    from ui.settings import Settings

Exact = Annotated[bool, typer.Option("--exact", help="Files of the same content.")]
Near = Annotated[
    bool, typer.Option("--near", help="Copies: resized, recompressed, cropped a little, turned.")
]
Bursts = Annotated[bool, typer.Option("--bursts", help="Different shots of one moment.")]
MoveTo = Annotated[
    Path | None,
    typer.Option("--move-to", metavar="FOLDER", help="Move copies there; one of each group stays."),
]
Undo = Annotated[
    Path | None,
    typer.Option("--undo", metavar="FILE", help="Bring back what the undo file lists."),
]
Apart = Annotated[
    tuple[Path, Path] | None,
    typer.Option("--keep-apart", metavar="A B", help="Remember that these are no duplicates."),
]


def duplicates(
    library: Library = None,
    exact: Exact = False,
    near: Near = False,
    bursts: Bursts = False,
    move_to: MoveTo = None,
    undo: Undo = None,
    keep_apart: Apart = None,
    as_json: AsJson = False,
) -> None:
    """List photos that are there more than once, and say which one to keep.

    Nothing is deleted. --move-to moves copies (of bursts nothing) and writes an undo file first.
    """
    if (move_to is not None) + (undo is not None) + (keep_apart is not None) > 1:
        raise typer.BadParameter("--move-to, --undo and --keep-apart are three commands.")
    if move_to is not None and bursts:
        raise typer.BadParameter("the shots of a burst are different photos: none is moved.")
    from ui.settings import Settings

    if undo is not None:
        _undo(undo, as_json)
        return
    settings = Settings.from_env(library=library)
    if keep_apart is not None:
        _keep_apart(settings, *keep_apart)
        return
    chosen: dict[Kind, bool] = {"exact": exact, "near": near, "burst": bursts}
    kinds = [kind for kind, wanted in chosen.items() if wanted]
    if not kinds:
        kinds = ["exact", "near"] if move_to is not None else list(chosen)
    _find(settings, kinds, move_to, as_json)


def _find(settings: Settings, kinds: list[Kind], move_to: Path | None, as_json: bool) -> None:
    from time import perf_counter

    from index.duplicates.groups import find_duplicates
    from index.duplicates.tidying import move_copies
    from index.library import Library
    from ui.duplicate_lists import duplicates_shape, rows, summary
    from ui.output import say_document, say_row, tell, tell_skipped
    from ui.progress import progress

    began = perf_counter()
    tidied = None
    with Library.open(settings.library) as library:
        with progress("Comparing") as show:
            found = find_duplicates(library, kinds, on_progress=show)
        if move_to is not None:
            with progress("Moving") as show:
                tidied = move_copies(library, found.groups, move_to, on_progress=show)
    skipped = found.skipped + (tidied.skipped if tidied else [])
    for one in skipped:
        tell_skipped(one)
    if as_json:
        say_document(duplicates_shape(found, perf_counter() - began, tidied))
    elif tidied is None:
        for row in rows(found.groups):
            say_row(*row)
        tell(summary(found.groups))
    else:
        for move in tidied.moves:
            say_row(str(move.source), str(move.target))
        back = f" Bring them back with: vlm duplicates --undo '{tidied.undo_file}'"
        tell(f"{len(tidied.moves)} copies moved.{back if tidied.moves else ''}")
    if skipped:
        raise typer.Exit(1)


def _undo(file: Path, as_json: bool) -> None:
    from index.duplicates.carrying import Move
    from index.duplicates.undoing import undo
    from ui.duplicate_lists import moves_shape
    from ui.output import say_document, say_row, tell, tell_skipped

    moves, skipped = [], []
    for done in undo(file):
        if isinstance(done, Move):
            moves.append(done)
            if not as_json:
                say_row(str(done.source), str(done.target))
        else:
            skipped.append(done)
            tell_skipped(done)
    if as_json:
        say_document(moves_shape(moves, skipped))
    else:
        tell(f"{len(moves)} photos are back. To search them again, run: vlm index")
    if skipped:
        raise typer.Exit(1)


def _keep_apart(settings: Settings, one: Path, other: Path) -> None:
    from index.duplicates.groups import keep_apart
    from index.library import Library
    from ui.output import tell

    with Library.open(settings.library) as library:
        keep_apart(library, one, other)
    tell(f"{one} and {other} are no duplicates from now on.")
