"""What can go wrong with the file of conversations; chatting goes on without it."""

from __future__ import annotations

from pathlib import Path

from vlm.errors import VlmError


class ConversationsError(VlmError):
    """Base of all errors about the file of conversations."""


class ConversationsDamaged(ConversationsError):
    """The file cannot be read."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(
            f"{file}: the conversations cannot be read ({reason}). Move this file away and keep "
            "it; a new one is then made. You can chat meanwhile, but nothing is stored."
        )


class ConversationsNewer(ConversationsError):
    """Made by a newer version of this program."""

    def __init__(self, file: Path, version: int, known: int) -> None:
        super().__init__(
            f"{file}: these conversations were stored by a newer vlm-assistant (format {version}, "
            f"this one reads up to {known}). Update it, or name another file with "
            "VLM_CONVERSATIONS. You can chat meanwhile, but nothing is stored."
        )


class ConversationsUnwritable(ConversationsError):
    """The disk is full, or may not be written."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(
            f"{file}: the conversation is not stored ({reason}). Free some space, allow writing "
            "there, or name another file with VLM_CONVERSATIONS. You can chat meanwhile."
        )


class ConversationsBusy(ConversationsError):
    """Another process is writing for a long time."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file}: the conversation is not stored, since another process is writing. "
            "Wait for it, then ask again."
        )


class ConversationGone(ConversationsError):
    """A conversation that was deleted, perhaps in another window, or never was."""

    def __init__(self) -> None:
        super().__init__(
            "This conversation is no longer there. It may have been deleted in another window. "
            "Start a new one."
        )
