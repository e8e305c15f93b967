"""`vlm chat`."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.commands.options import Describer, Library, Model

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on 127.0.0.1.")]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser window.")]


def chat(
    port: Port = 8501,
    browser: Browser = True,
    library: Library = None,
    model: Model = None,
    describer: Describer = None,
) -> None:
    """Search, chat and describe in the browser.

    The pages are served to this machine only.
    """
    from ui.output import tell
    from ui.server import address, require_free, serve
    from ui.settings import Settings
    from vlm.registry import find_spec

    settings = Settings.from_env(library=library, model=model, describer=describer)
    find_spec("embed", settings.model)  # a wrong name is better said here than in the page
    find_spec("describe", settings.describer)
    require_free(port)
    tell(f"Serving on {address(port)} until Ctrl-C.")
    serve(settings, port, browser=browser)
