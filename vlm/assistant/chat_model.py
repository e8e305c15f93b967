"""Any describer as a LangChain chat model, with images as content blocks.

Images come as LangChain's standard blocks: ``{"type": "image", "base64": …}``, or
``{"type": "image", "file_id": PATH}`` for a photo of the library. Addresses are never fetched.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from PIL.Image import Image
from pydantic import ConfigDict

from vlm.assistant.looking import READ_SIZE
from vlm.assistant.tools import PhotoTools
from vlm.errors import ImageUnreadable, PhotoOutside
from vlm.images import decode_image
from vlm.protocols import Describer, Message

_ROLES: dict[str, Literal["system", "user", "assistant"]] = {
    "system": "system",
    "human": "user",
    "ai": "assistant",
}


class DescriberChatModel(BaseChatModel):
    """Streams what the describer says. ``tools`` opens the photos that ``file_id`` names."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    describer: Describer
    tools: PhotoTools | None = None
    max_tokens: int = 512

    @property
    def _llm_type(self) -> str:
        return "vlm-describer"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"describer": self.describer.name}

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        said = [read_message(message, self.tools) for message in messages]
        for piece in self.describer.describe(said, max_tokens=self.max_tokens):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        pieces = self._stream(messages, stop, run_manager, **kwargs)
        text = "".join(str(piece.message.content) for piece in pieces)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])


def read_message(message: BaseMessage, tools: PhotoTools | None) -> Message:
    """A LangChain message as a describer reads it.

    Raises `ImageUnreadable` for an image that is none or is only an address, and what
    `PhotoTools.look` raises for a photo of the library.
    """
    blocks: Sequence[Any] = message.content_blocks
    words = [str(block["text"]) for block in blocks if block["type"] == "text"]
    images = [_image(block, tools) for block in blocks if block["type"] == "image"]
    return Message(_ROLES.get(message.type, "user"), "\n".join(words), tuple(images))


def _image(block: dict[str, Any], tools: PhotoTools | None) -> Image:
    if data := block.get("base64"):
        try:
            return decode_image(base64.b64decode(data, validate=True), "image of the message")
        except binascii.Error:
            raise ImageUnreadable("image of the message", "its base64 is damaged") from None
    if name := block.get("file_id"):
        if tools is None:
            raise PhotoOutside(Path(name))
        return tools.look(Path(name), READ_SIZE)
    raise ImageUnreadable("image of the message", "it is an address, and those are never fetched")
