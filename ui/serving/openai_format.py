"""OpenAI's chat completions as they travel: requests read, replies written.

Read: `messages` with texts and images as ``data:`` URLs; every field that is not known here is
ignored, as other servers do. Not written: `usage`, since nothing here counts tokens.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, Field

from ui.serving.asked import Sent
from ui.serving.data_urls import image_bytes
from ui.serving.errors import NotOffered, RequestInvalid, TooManyImages
from ui.serving.well_formed import well_formed
from ui.uploads import read_upload
from vlm.protocols import Message

MAX_TOKENS = 512
"""Where a request does not say how long a reply may be."""

_MOST_TOKENS = 16_384


class Completion(BaseModel):
    """A request for a reply; other fields of OpenAI's are ignored."""

    model: str
    messages: list[dict[str, Any]] = Field(min_length=1, max_length=1000)
    stream: bool = False
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    n: int | None = Field(None, ge=1, le=8, description="More than one are drawn at random")
    seed: int | None = Field(None, description="Where replies are drawn")
    stop: str | list[str] | None = Field(None, description="The reply ends before any of these")
    response_format: dict[str, Any] | None = Field(None, description="Nothing but text is written")
    tool_choice: Any = Field(None, description="No tool is ever called")

    @property
    def room(self) -> int:
        """Tokens that the reply may have."""
        return min(self.max_completion_tokens or self.max_tokens or MAX_TOKENS, _MOST_TOKENS)

    @property
    def several(self) -> bool:
        """Whether more than one reply is wanted."""
        return self.n is not None and self.n > 1

    @property
    def stops(self) -> list[str]:
        """Texts before which the reply ends."""
        given = [self.stop] if isinstance(self.stop, str) else self.stop or []
        return [text for text in given if text]

    def require_offered(self) -> None:
        """Raise `NotOffered` for what would make the reply something else than plain text."""
        wanted = (self.response_format or {}).get("type", "text")
        if wanted != "text":
            raise NotOffered(
                f"response_format: the models here write plain text, not {str(wanted)[:40]}.",
                "response_format",
            )
        if self.tool_choice not in (None, "none", "auto"):
            raise NotOffered(
                "tool_choice: the models here call no tools, so none can be required.",
                "tool_choice",
            )


@dataclass(frozen=True, slots=True)
class Heard:
    """A message with its images not decoded yet."""

    role: Literal["system", "user", "assistant"]
    text: str
    images: tuple[bytes, ...] = ()

    def decoded(self) -> Message:
        """The message as describers take it. Raises `ImageUnreadable`."""
        photos = tuple(read_upload(Sent("image", data)).image for data in self.images)
        return Message(self.role, self.text, photos)


_ROLES: dict[str, Literal["system", "user", "assistant"]] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
}


def read_messages(messages: Sequence[dict[str, Any]], most_images: int) -> list[Heard]:
    """The messages, their images as bytes. Raises `RequestInvalid` or `TooManyImages`."""
    heard = [_heard(message, number) for number, message in enumerate(messages)]
    images = sum(len(message.images) for message in heard)
    if images > most_images:
        raise TooManyImages(images, most_images)
    if heard[-1].role != "user":
        raise RequestInvalid("The last message must be the user's.")
    return heard


def _heard(message: dict[str, Any], number: int) -> Heard:
    role = _ROLES.get(str(message.get("role")))
    if role is None:
        raise RequestInvalid(
            f"messages[{number}]: the role must be one of {', '.join(_ROLES)}; no tools are called."
        )
    content = message.get("content")
    if content is None or isinstance(content, str):
        return Heard(role, content or "")
    if not isinstance(content, list):
        raise RequestInvalid(f"messages[{number}]: the content must be a text or a list of parts.")
    texts, images = [], []
    for part in content:
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "text" and isinstance(part.get("text"), str):
            texts.append(part["text"])
        elif kind == "image_url" and role == "user":
            images.append(image_bytes(_url(part.get("image_url"))))
        else:
            raise RequestInvalid(
                f"messages[{number}]: parts are texts, and images in messages of the user."
            )
    return Heard(role, "\n".join(texts), tuple(images))


def _url(given: Any) -> str:
    url = given.get("url") if isinstance(given, dict) else given
    if not isinstance(url, str):
        raise RequestInvalid('An image part needs {"image_url": {"url": "data:image/…"}}.')
    return url


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: the same id and time in all that is written of it."""

    model: str
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, texts: Sequence[str], **more: Any) -> dict[str, Any]:
        """The body of a reply that is not streamed, with one choice for each text."""
        choices = [
            {
                "index": index,
                "message": {"role": "assistant", "content": text, "refusal": None},
                "finish_reason": "stop",
                "logprobs": None,
            }
            for index, text in enumerate(texts)
        ]
        return dict(well_formed(self._body("chat.completion", choices) | more))

    def begin(self, index: int = 0) -> bytes:
        """The event before the first piece of a text: who speaks."""
        return self._event(index, {"role": "assistant", "content": ""}, None, {})

    def piece(self, text: str, index: int = 0) -> bytes:
        """An event with the next piece of a text."""
        return self._event(index, {"content": text}, None, {})

    def last(self, index: int = 0, **more: Any) -> bytes:
        """The event after the last piece."""
        return self._event(index, {}, "stop", more)

    def _event(
        self, index: int, delta: dict[str, str], finish: str | None, more: dict[str, Any]
    ) -> bytes:
        choice = {"index": index, "delta": delta, "finish_reason": finish}
        return event(self._body("chat.completion.chunk", [choice]) | more)

    def _body(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        made = {"id": self.id, "object": kind, "created": self.created, "model": self.model}
        return {**made, "choices": choices}


DONE = b"data: [DONE]\n\n"


def event(document: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return f"data: {json.dumps(well_formed(document))}\n\n".encode()
