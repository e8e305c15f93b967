"""What the browser runs to speak: the files beside this one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def source(name: str) -> str:
    """A file of this folder."""
    return (_HERE / name).read_text(encoding="utf-8")


def with_voice(script: str) -> str:
    """A script with the choice of a voice before it, as one module."""
    return source("voice.js") + script
