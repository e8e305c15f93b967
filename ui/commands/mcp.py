"""`vlm mcp`."""

from __future__ import annotations

from ui.commands.options import Describer, Library, Model


def mcp(library: Library = None, model: Model = None, describer: Describer = None) -> None:
    """Let an assistant that speaks MCP use the library, over stdin and stdout.

    For the settings of such an assistant, not for a terminal. See docs/serve.md.
    """
    import signal
    import sys

    from ui.output import tell
    from ui.settings import Settings
    from vlm.extras import needs_extra
    from vlm.registry import find_spec

    settings = Settings.from_env(library=library, model=model, describer=describer)
    find_spec("embed", settings.model)
    find_spec("describe", settings.describer)
    with needs_extra("vlm mcp", "serve"):
        from ui.mcp_server.server import mcp_server
    # Nothing is ever written, and what waits for stdin would wait on after any gentler end.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.stdin.isatty():
        tell("Waiting for an assistant on stdin, see docs/serve.md. Ctrl-C ends this.")
    mcp_server(settings).run("stdio")
