"""Where the conversations are kept."""

from __future__ import annotations

import os
from pathlib import Path

from ui.settings import data_folder

VARIABLE = "VLM_CONVERSATIONS"


def conversations_file() -> Path:
    """The file that `VLM_CONVERSATIONS` names, else one beside the default library."""
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else data_folder() / "conversations.db"
