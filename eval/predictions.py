"""A file of what another tool said of the photos: a JSON list, one object for each."""

from __future__ import annotations

import json
from pathlib import Path

from vlm.errors import PathMissing, VlmError


class PredictionsInvalid(VlmError):
    """A file that cannot be used; the message names the entry, from 1, where there is one."""

    def __init__(self, file: Path, reason: str, entry: int | None = None) -> None:
        place = f"{file}, entry {entry}" if entry is not None else str(file)
        super().__init__(f"{place}: {reason}")


def read_list(file: Path) -> list[object]:
    """The entries of the file, unchecked. Raises `PathMissing` or `PredictionsInvalid`."""
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise PathMissing(file) from None
    except OSError as error:
        raise PredictionsInvalid(file, f"cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise PredictionsInvalid(file, "not UTF-8. Save the file as UTF-8 text.") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise PredictionsInvalid(file, f"not JSON ({error}).") from None
    if not isinstance(document, list):
        raise PredictionsInvalid(file, "not a JSON list. See docs/evaluation.md.")
    return document
