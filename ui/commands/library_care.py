"""`vlm library check`, `backup`, `restore` and `prune`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.options import AsJson, Library, Model
from ui.errors import AgreementNeeded

if TYPE_CHECKING:
    from index.catalogue.care import Forgettable

_File = Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="The backup.")]
_Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]


def check(
    library: Library = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Write searched words again, forget damaged vectors.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read the whole library and say whether it is well."""
    from index.care import check
    from index.library import Library
    from ui.output import say_document, say_table, tell
    from ui.settings import Settings

    with Library.open(Settings.from_env(library=library).library) as opened:
        health = check(opened, repair=repair)
    if as_json:
        say_document(
            {
                "photos": health.photos,
                "missing": health.missing,
                "models": health.searched,
                "problems": list(health.problems),
                "repaired": health.repaired,
            }
        )
    else:
        rows = [("photos", str(health.photos)), ("missing", str(health.missing))]
        rows += [("model", f"{name}: {n} photos") for name, n in health.searched.items()]
        rows += [("repaired" if health.repaired else "problem", p) for p in health.problems]
        say_table(rows if health.problems else [*rows, ("problems", "none")])
    if health.problems and not health.repaired:
        tell(
            "Repair it with: vlm library check --repair"
            if health.photos
            else "The file is damaged. Restore a backup: vlm library restore FILE --force"
        )
        raise typer.Exit(2)


def backup(file: _File, library: Library = None, force: _Force = False) -> None:
    """Write the whole library, without the photos, into one file."""
    from index.backup import back_up
    from ui.output import say
    from ui.settings import Settings

    size = back_up(Settings.from_env(library=library).library, file, force=force)
    say(f"{file}: {size / 1e6:.1f} MB")


def restore(file: _File, library: Library = None, force: _Force = False) -> None:
    """Make the library that a backup holds."""
    from index.backup import restore
    from ui.output import say
    from ui.settings import Settings

    folder = Settings.from_env(library=library).library
    say(f"{folder}: {restore(file, folder, force=force)} photos")


def prune(
    library: Library = None,
    model: Model = None,
    other_models: Annotated[
        bool, typer.Option("--other-models", help="Forget vectors of all models but this one too.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Forget photos whose files are gone. No file is deleted."""
    from index.care import forget_missing, forget_other_models
    from index.library import Library
    from ui.output import say
    from ui.settings import Settings

    settings = Settings.from_env(library=library, model=model)
    with Library.open(settings.library) as opened:
        held = opened.catalogue.forgettable()
        if not held or agreed(f"Forget this ({described(held)})?", yes):
            say(f"forgotten: {described(forget_missing(opened) if held else held)}")
        if other_models and agreed(f"Forget all models but {settings.model}?", yes):
            from vlm.registry import load_embedder

            embedder = load_embedder(settings.model)
            names = forget_other_models(opened, embedder.fingerprint, embedder.name)
            say(f"forgotten models: {', '.join(names) or 'none'}")


def agreed(question: str, yes: bool) -> bool:
    """Ask, unless agreement was given before. Raises `AgreementNeeded`."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise AgreementNeeded(question)
    return typer.confirm(question, err=True)


def described(held: Forgettable) -> str:
    """What would go, in a line.

    >>> from index.catalogue.care import Forgettable
    >>> described(Forgettable(3, 4, 2, 1))
    'missing photos: 3; of contents that no photo has, vectors: 4, texts: 2 (yours: 1)'
    >>> described(Forgettable(0, 0, 0, 0, drafts=5, rejected=2))[-40:]
    'texts: 0, drafts: 5 (rejected by you: 2)'
    """
    own = f" (yours: {held.own_notes})" if held.own_notes else ""
    rejected = f" (rejected by you: {held.rejected})" if held.rejected else ""
    drafts = f", drafts: {held.drafts}{rejected}" if held.drafts else ""
    return (
        f"missing photos: {held.photos}; of contents that no photo has, "
        f"vectors: {held.vectors}, texts: {held.notes}{own}{drafts}"
    )
