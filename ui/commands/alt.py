"""`vlm alt`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.commands.options import AsJson, DescriberModel, Library

Targets = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="TARGETS...",
        readable=False,
        help="Photos, folders, 'globs*.jpg' in quotes, HTML and Markdown files.",
    ),
]
Query = Annotated[
    str | None,
    typer.Option("--query", metavar="QUERY", help="Photos of the library, as vlm search finds."),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write a .csv or .jsonl file.")
]
Write = Annotated[
    list[str] | None,
    typer.Option(
        "--write",
        metavar="KIND",
        help="html, markdown (in place), xmp (sidecars), iptc (into photos), csv or jsonl.",
    ),
]
Replace = Annotated[
    bool, typer.Option("--replace", help="Also where words are; the ledger keeps those.")
]
Language = Annotated[
    str, typer.Option("--language", metavar="TAG", help="Of the texts, such as en or de.")
]
MaxLength = Annotated[
    int, typer.Option("--max-length", min=20, max=2000, help="Characters at most.")
]
Text = Annotated[bool, typer.Option("--text", help="Read the text in photos too.")]
Checked = Annotated[bool, typer.Option("--checked", help="Check every claim against the photo.")]
Lint = Annotated[bool, typer.Option("--lint", help="Say what is wrong with existing texts.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")]
Undo = Annotated[
    bool, typer.Option("--undo", help="Take back the last run, or that of a number: --undo 7")
]
Runs = Annotated[bool, typer.Option("--runs", help="List the runs that wrote something.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the file of --out.")]


def alt(
    targets: Targets = None,
    query: Query = None,
    out: Out = None,
    write: Write = None,
    replace: Replace = False,
    language: Language = "en",
    max_length: MaxLength = 125,
    text: Text = False,
    checked: Checked = False,
    lint: Lint = False,
    dry_run: DryRun = False,
    undo: Undo = False,
    runs: Runs = False,
    force: Force = False,
    library: Library = None,
    model: DescriberModel = None,
    as_json: AsJson = False,
) -> None:
    """Write alternative texts for photos, for one or for ten thousand.

    They tell people who cannot see a photo what it shows. Words that are there are kept. Stopped
    early, the same command goes on where it was; the file of --out holds the texts so far.
    """
    from ui.alt.options import Options
    from ui.settings import Settings

    named, writes = targets or [], tuple(dict.fromkeys(write or ()))
    settings = Settings.from_env(library=library, describer=model)
    if runs:
        from ui.alt.history import list_runs

        list_runs(settings, as_json)
        return
    if undo:
        from ui.alt.history import undo_run

        undo_run(settings, named, as_json)
        return
    if lint:
        from ui.alt.lint import lint_all, say_lint

        code = say_lint(lint_all(settings, named, query, max_length=max_length), as_json=as_json)
        if code:
            raise typer.Exit(code)
        return
    from ui.alt.command import run_batch

    options = Options(writes, replace, language, max_length, text, checked, dry_run)
    run_batch(settings, named, query, options, out, force=force, as_json=as_json)
