"""What every task of ``python -m eval`` gives back: a table, a JSON file, what was left out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from vlm.errors import ImageUnreadable, VlmError


def tell(
    markdown: str,
    document: Mapping[str, Any],
    file: Path | None,
    skipped: Sequence[ImageUnreadable],
) -> int:
    """Print the table, write the JSON file if one was asked for, name photos that were left out.

    Returns the exit code, 1 where a photo was left out. Raises `VlmError` when the file cannot be
    written.
    """
    sys.stdout.write(markdown)
    if file is not None:
        write_json(file, document)
    for error in skipped:
        sys.stderr.write(f"left out: {error}\n")
    return 1 if skipped else 0


def skipped_shape(skipped: Sequence[ImageUnreadable]) -> list[dict[str, str]]:
    """Photos that could not be opened, as every JSON document has them."""
    return [{"path": str(error.path), "reason": error.reason} for error in skipped]


def write_json(file: Path, document: Any) -> None:
    """Write a JSON document in one step: either the whole new file or what was there before."""
    temporary: Path | None = None
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False
        ) as stream:
            temporary = Path(stream.name)
            json.dump(document, stream, indent=2, ensure_ascii=False)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise VlmError(f"{file}: cannot write the result ({error.strerror}).") from None
