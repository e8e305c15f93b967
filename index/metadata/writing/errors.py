"""What can go wrong when texts are written into photo files or sidecars.

VlmError
└── TextNotWritten            the file is as it was; ``path`` and ``reason`` go into reports
    └── EmbeddingUnsupported  a kind of file into which nothing is written; use a sidecar
"""

from __future__ import annotations

from pathlib import Path

from vlm.errors import VlmError


class Refusal(Exception):
    """Bytes that are not touched; its message is the reason, without the file's name."""


class TextNotWritten(VlmError):
    """A file into which the texts could not be written, and which is as it was."""

    def __init__(self, path: Path, reason: str, remedy: str = "The file is as it was.") -> None:
        super().__init__(f"{path}: text not written ({reason}). {remedy}")
        self.path = path
        self.reason = reason


class EmbeddingUnsupported(TextNotWritten):
    """A kind of file into which nothing is written."""

    def __init__(self, path: Path, kind: str) -> None:
        super().__init__(
            path,
            f"nothing is written into {kind}",
            "Write an XMP sidecar beside the photo instead: --write xmp.",
        )
