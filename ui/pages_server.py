"""Streamlit's own command, and an orderly end of what its pages began: `python -m ui.pages_server`.

Streamlit would ask a server on the internet for the public address of this machine, for its banner
and whenever a page of another site knocks: here it asks nobody.

Python takes work away from the executors of a process before it calls what is registered for its
end, so what runs for a page has to be stopped before the main thread is over: here.
"""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from types import FrameType

from click.exceptions import Abort
from streamlit import net_util
from streamlit.web.cli import main as streamlit_command

from ui.library_page.jobs import end_all, still_running


def main() -> None:
    """Serve until Ctrl-C or SIGTERM; what is in hand then is stored."""
    # A server behind a token passes the signal on when it has closed its connections.
    signal.signal(signal.SIGTERM, _leave)
    net_util.get_external_ip = _asks_nobody
    try:
        with suppress(KeyboardInterrupt, Abort):
            streamlit_command(standalone_mode=False)
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a second Ctrl-C waits no longer
        with suppress(KeyboardInterrupt):
            for what in still_running():
                sys.stderr.write(f"{what}: storing what is in hand…\n")
            end_all()


def _asks_nobody() -> None:
    """No public address is known."""


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
