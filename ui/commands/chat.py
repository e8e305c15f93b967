"""`vlm chat`."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.commands.options import Describer, Host, HostNames, Library, Model

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to serve on.")]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser window.")]


def chat(
    host: Host = "127.0.0.1",
    port: Port = 8501,
    allow_host: HostNames = None,
    browser: Browser = True,
    library: Library = None,
    model: Model = None,
    describer: Describer = None,
) -> None:
    """Search, chat and describe in the browser.

    The pages are served to this machine only. Any other --host asks everybody for a token: the one
    in VLM_TOKEN, or a new one in the link that is printed.
    """
    from ui.output import tell
    from ui.server import address, require_free, serve, serve_others
    from ui.serving.hosts import is_loopback
    from ui.settings import Settings
    from vlm.registry import find_spec

    settings = Settings.from_env(library=library, model=model, describer=describer)
    find_spec("embed", settings.model)  # a wrong name is better said here than in the page
    find_spec("describe", settings.describer)
    require_free(port, "127.0.0.1" if is_loopback(host) else host)
    if is_loopback(host):
        tell(f"Serving on {address(port)} until Ctrl-C.")
        serve(settings, port, browser=browser)
    else:
        from ui.access import link, token_to_ask_for

        token, made = token_to_ask_for()
        tell(f"Serving on {address(port, host)} until Ctrl-C, to whoever has the token.")
        if made:
            tell(f"Open it with this link, which holds the token: {link(host, port, token)}")
        tell("What is sent is not encrypted: put a proxy with TLS before it, or use SSH.")
        serve_others(settings, host, port, token, allow_host or ())
