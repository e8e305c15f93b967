"""Whether a photo's file is still the one that was indexed, as far as looking at it tells."""

from __future__ import annotations

import os

from index.catalogue.records import Content
from index.records import Skipped
from vlm.errors import system_reason

CHANGED = "changed since it was indexed"


def look_at(photo: Content) -> os.stat_result | Skipped:
    """The state of the file; why it cannot be taken for what was indexed where that is so."""
    try:
        state = photo.path.stat()
    except OSError as error:
        return Skipped(photo.path, system_reason(error))
    if (state.st_size, state.st_mtime_ns) != (photo.size, photo.mtime_ns):
        return Skipped(photo.path, CHANGED)
    return state
