"""The photo that a message is about, for models that see one photo and remember nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PIL.Image import Image

from vlm.errors import TaskUnsupported
from vlm.protocols import Message

_CHAT = "Choose a model that chats, such as smolvlm-256m"


def one_photo(messages: Sequence[Message], model: str) -> Image:
    """Return the photo of the last message that has any.

    Raises `TaskUnsupported` when there is none, or when that message has several.
    """
    shown = next((message.images for message in reversed(messages) if message.images), ())
    if not shown:
        raise TaskUnsupported(model, "replying without a photo", f"Add a photo. {_CHAT}, to talk")
    if len(shown) > 1:
        raise TaskUnsupported(model, f"looking at {len(shown)} photos together", f"{_CHAT}.")
    return shown[0].convert("RGB")
