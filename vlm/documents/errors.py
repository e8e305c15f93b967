"""What can go wrong with a page: it cannot be read, it changed, or its alt is not ours to write."""

from __future__ import annotations

from vlm.errors import VlmError


class DocumentUnreadable(VlmError):
    """A page whose bytes are not text that can be given back unchanged; see ``reason``."""

    def __init__(self, reason: str, path: object = None) -> None:
        self.reason = reason
        super().__init__(reason if path is None else f"{path}: {reason}.")


class DocumentChanged(VlmError):
    """Images found in other bytes than those that are to be changed."""

    def __init__(self) -> None:
        super().__init__("The page was changed since its images were found. Read it again.")


class AltFixed(VlmError):
    """An image whose alternative text cannot be written in the page."""

    def __init__(self, src: str, line: int, reason: str) -> None:
        super().__init__(f"line {line}, {src or 'an image'}: {reason}; left as it is.")
