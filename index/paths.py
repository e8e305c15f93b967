"""Paths as the catalogue has them."""

from __future__ import annotations

import os
from pathlib import Path


def absolute(path: Path) -> Path:
    """A path from the root, without ``.`` and ``..``; links stay as they were typed."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps ..
