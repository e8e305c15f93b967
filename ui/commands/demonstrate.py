"""`vlm demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.commands.chat import Browser, Port
from ui.commands.options import Describer, Model

Serve = Annotated[bool, typer.Option("--serve/--no-serve", help="Open the chat at the end.")]
Folder = Annotated[
    Path | None,
    typer.Option("--folder", metavar="DIR", help="Put the photos and the sample library here."),
]


def demo(
    serve: Serve = True,
    folder: Folder = None,
    port: Port = 8501,
    browser: Browser = True,
    model: Model = None,
    describer: Describer = None,
) -> None:
    """Show what this does, on sample photos of its own.

    Your own library is not touched.
    """
    from ui.commands.indexing import summary
    from ui.demo import demo_folder, prepare, tour
    from ui.output import say, tell
    from ui.progress import progress
    from ui.server import address, require_free
    from ui.server import serve as serve_app
    from ui.settings import Settings

    if serve:
        require_free(port)
    settings = Settings.from_env(model=model, describer=describer)
    place = (folder or demo_folder()).absolute()
    with progress("Indexing") as show:
        settings, report = prepare(settings, place, show)
    say(f"Sample photos in {place / 'photos'}: {summary(report)}")
    if report.interrupted:
        raise typer.Exit(130)
    for step in tour(settings, place):
        say("")
        say(f"$ {step.command}")
        for line in step.lines:
            say(f"  {line}")
    if serve:
        say("")
        tell(f"Serving on {address(port)} until Ctrl-C.")
        serve_app(settings, port, browser=browser)
