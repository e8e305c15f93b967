"""Which browser session is being given which answer, as far as this server gives it.

So an answer of a window that was closed or reloaded is known to have no end at once, and one of a
slow model is not taken for that.
"""

from __future__ import annotations

from pathlib import Path

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

_GIVERS: dict[tuple[Path, int], str] = {}
"""Session by file of conversations and number of the exchange; one look or change at a time."""


def give(file: Path, exchange: int) -> None:
    """This session is about to be given an answer."""
    context = get_script_run_ctx()
    if context is not None:
        _GIVERS[file, exchange] = context.session_id


def given(file: Path, exchange: int) -> None:
    """An answer has come to an end, whatever ended it."""
    _GIVERS.pop((file, exchange), None)


def is_given(file: Path, exchange: int) -> bool | None:
    """Whether another session is being given an answer; None where this server does not know.

    One that an earlier run of this session began is not: Streamlit ends that run for this one.
    """
    giver, context = _GIVERS.get((file, exchange)), get_script_run_ctx()
    if giver is None or context is None or not runtime.exists():
        return None
    return giver != context.session_id and runtime.get_instance().is_active_session(giver)
