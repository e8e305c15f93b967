"""`vlm serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.commands.options import Describer, Host, HostNames, Library, Model

Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 for any free one.")]
Token = Annotated[
    str | None,
    typer.Option("--token", metavar="WORD", help="What callers must know (or VLM_TOKEN)."),
]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8600,
    token: Token = None,
    allow_host: HostNames = None,
    library: Library = None,
    model: Model = None,
    describer: Describer = None,
) -> None:
    """Let other programs search and describe: a REST API, and OpenAI's chat completions.

    Served to this machine only. Any other --host asks everybody for a token: yours, or a new one
    that is printed. See docs/serve.md.
    """
    from ui.settings import Settings
    from vlm.extras import needs_extra
    from vlm.registry import find_spec

    settings = Settings.from_env(library=library, model=model, describer=describer)
    find_spec("embed", settings.model)
    find_spec("describe", settings.describer)
    with needs_extra("vlm serve", "serve"):
        from ui.serving.run import run
    run(settings, host, port, allow_host or (), token)
