"""The command that adds photos to the very library that is shown."""

from __future__ import annotations

import shlex

from ui.settings import Settings, default_library
from vlm.models import DEFAULT_EMBEDDER


def index_command(chosen: Settings) -> str:
    """What to type in a terminal; flags only where the settings are not the defaults.

    >>> from pathlib import Path
    >>> index_command(Settings(Path("/data/my photos"), model="fake"))
    "vlm index PHOTO_FOLDER --library '/data/my photos' --model fake"
    """
    command = "vlm index PHOTO_FOLDER"
    if chosen.library != default_library():
        command += f" --library {shlex.quote(str(chosen.library))}"
    if chosen.model != DEFAULT_EMBEDDER:
        command += f" --model {shlex.quote(chosen.model)}"
    return command
