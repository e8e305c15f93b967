"""Options that several commands share, so that they read the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

# Not checked to be readable here: the services say what is wrong and what to do about it.
Paths: TypeAlias = Annotated[
    list[Path], typer.Argument(metavar="PATHS...", readable=False, help="Photos and folders.")
]
AnyPaths: TypeAlias = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATHS...", readable=False, help="Photos and folders."),
]
Photo: TypeAlias = Annotated[
    Path, typer.Argument(metavar="PHOTO", readable=False, help="A photo file.")
]
Library: TypeAlias = Annotated[
    Path | None,
    typer.Option("--library", metavar="DIR", help="Photo library to use (or VLM_LIBRARY)."),
]
Model: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="NAME", help="Model that finds photos, or a folder (or VLM_MODEL)."
    ),
]
DescriberModel: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--model",
        "--describer",
        metavar="NAME",
        help="Model that writes, or a folder (or VLM_DESCRIBER).",
    ),
]
Describer: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--describer", metavar="NAME", help="Model that writes, or a folder (or VLM_DESCRIBER)."
    ),
]
Host: TypeAlias = Annotated[
    str, typer.Option("--host", help="Address to serve on; others need a token.")
]
HostNames: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--allow-host", metavar="NAME", help="Another name of this machine; repeatable."),
]
Hits: TypeAlias = Annotated[
    int, typer.Option("-k", "--hits", min=1, max=10_000, help="Photos to show at most.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
