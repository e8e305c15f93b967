"""Any server that speaks OpenAI's chat completions: vLLM, llama.cpp, Ollama, LM Studio, OpenAI.

WARNING: THE PHOTOS LEAVE THIS MACHINE. Every photo of the conversation and every word of it is
sent to the server named after the ``@``, shrunk to at most `LONGEST_SIDE` pixels and without
metadata (no place, no date), and what happens to it there is up to whoever runs the server. With
``http://`` it travels unencrypted: use that only for a server on this machine or your own network.
Redirects are not followed, so nothing goes to a server that was not named.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

from PIL.Image import Image

from vlm.errors import RemoteModelFailed, VlmError
from vlm.models import ModelSpec
from vlm.prompts import PROMPTS
from vlm.protocols import Describer, Message
from vlm.remote_failures import empty_reply, spoken
from vlm.remote_name import OPENAI, api_key, parse_name, server_of
from vlm.remote_waiting import Rest, patiently
from vlm.side_by_side import rest_until, side_by_side
from vlm.untrusted_text import printable
from vlm.usage import Usage

LONGEST_SIDE = 1536
"""Pixels; hosted models shrink photos to about this size themselves."""

TEMPERATURE = 0.8
"""Of samples; a single reply is the likeliest one."""

IN_FLIGHT = 4
"""Requests at once; what servers of one machine still answer side by side."""

SECONDS_BETWEEN_PIECES = 120.0
"""A server on a CPU needs that long to read a photo before its first word."""


class OpenAICompatibleDescriber:
    """A vision model behind an OpenAI-compatible server."""

    prompts = PROMPTS["chat"]

    def __init__(self, name: str) -> None:
        self.name = name
        self._model, self._url = parse_name(name)
        self._server = server_of(self._url)
        self.usage = Usage()
        self._more = {"stream_options": {"include_usage": True}}
        self._met = False

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        """Send the conversation with its photos, yield the reply as it comes.

        A busy server is waited for (`vlm.remote_waiting`). Raises `RemoteModelFailed` for one that
        cannot be reached, refuses, or talks nonsense.
        """
        yield from self._reply(messages, self._greedy(max_tokens), sleep)

    @property
    def batch_size(self) -> int:
        """As many as are in flight at once."""
        return IN_FLIGHT

    def describe_many(
        self, requests: Sequence[Sequence[Message]], *, max_tokens: int = 128
    ) -> list[str | VlmError]:
        """Replies to several requests, `IN_FLIGHT` of them on their way at a time."""
        return self._replies([(messages, self._greedy(max_tokens)) for messages in requests])

    def _greedy(self, max_tokens: int) -> dict[str, Any]:
        # OpenAI's own newest models know neither of the names that every other server knows.
        if self._server == OPENAI:
            return {"max_completion_tokens": max_tokens}
        return {"max_tokens": max_tokens, "temperature": 0}

    def _replies(
        self, requests: Sequence[tuple[Sequence[Message], dict[str, Any]]]
    ) -> list[str | VlmError]:
        def ask(messages: Sequence[Message], options: dict[str, Any], given_up: Event) -> str:
            return "".join(self._reply(messages, options, rest_until(given_up)))

        def reply(number: int, given_up: Event) -> str | VlmError:
            try:
                return ask(*requests[number], given_up)
            except VlmError as error:
                return error

        tasks = [partial(reply, number) for number in range(len(requests))]
        # What the first reply teaches about a server, such as not to ask it for usage, is known
        # to the others only after it.
        first = 0 if self._met else 1
        alone = side_by_side(tasks[:first], 1)
        return alone + side_by_side(tasks[first:], IN_FLIGHT)

    def _reply(
        self, messages: Sequence[Message], options: dict[str, Any], rest: Rest
    ) -> Iterator[str]:
        import openai

        body: Any = {"model": self._model, "messages": [_turn(m) for m in messages], **options}
        try:
            with self._client() as client:

                def ask() -> Any:
                    return self._stream(client, body)

                with patiently(ask, self._server, rest) as stream:
                    self._met = True
                    yield from self._pieces(stream)
        except (openai.OpenAIError, ValueError) as error:  # ValueError: neither JSON nor UTF-8
            reason = spoken(error, self._model)
            raise RemoteModelFailed(self._model, self._server, reason) from error

    def _stream(self, client: Any, body: dict[str, Any]) -> Any:
        """Ask for the numbers of tokens too, unless this server does not know that."""
        import openai

        create = client.chat.completions.create
        try:
            return create(stream=True, **body, **self._more)
        except openai.APIStatusError as error:
            if not self._more or "stream_options" not in str(error):
                raise
            self._more = {}
            return create(stream=True, **body)

    def samples(
        self, messages: Sequence[Message], *, count: int, seed: int = 0, max_tokens: int = 128
    ) -> list[str]:
        """Replies drawn at random, each asked for by a request of its own: few servers know ``n``.

        The seed is sent along with each; whether it is heeded is the server's matter. Raises as
        `describe` does.
        """
        limit = "max_completion_tokens" if self._server == OPENAI else "max_tokens"
        drawn = {limit: max_tokens, "temperature": TEMPERATURE}
        replies = self._replies(
            [(messages, {**drawn, "seed": seed + number}) for number in range(count)]
        )
        for reply in replies:
            if isinstance(reply, VlmError):
                raise reply
        return [reply for reply in replies if isinstance(reply, str)]

    def _client(self) -> Any:
        import openai

        timeout = openai.Timeout(SECONDS_BETWEEN_PIECES, connect=10)
        return openai.OpenAI(
            base_url=self._url,
            api_key=api_key(self._server),
            max_retries=0,  # `vlm.remote_waiting` does that, and says so
            timeout=timeout,
            http_client=openai.DefaultHttpxClient(follow_redirects=False, timeout=timeout),
        )

    def _pieces(self, stream: Any) -> Iterator[str]:
        said, ended = False, ""
        for chunk in stream:
            self.usage.add(getattr(chunk, "usage", None))
            choices = getattr(chunk, "choices", None)  # any JSON at all may come
            choice = choices[0] if isinstance(choices, list) and choices else None
            ended = str(getattr(choice, "finish_reason", None) or ended)
            content = getattr(getattr(choice, "delta", None), "content", None)
            if isinstance(content, str) and (piece := printable(content)):
                said = True
                yield piece
        reason = empty_reply(said, ended, stream.response.headers.get("content-type", ""))
        if reason:
            raise RemoteModelFailed(self._model, self._server, reason)


def _turn(message: Message) -> dict[str, Any]:
    if not message.images:
        return {"role": message.role, "content": message.text}
    photos = [{"type": "image_url", "image_url": {"url": data_url(i)}} for i in message.images]
    return {"role": message.role, "content": [*photos, {"type": "text", "text": message.text}]}


def data_url(image: Image) -> str:
    """Re-encode a photo as JPEG, at most `LONGEST_SIDE` pixels, with no metadata."""
    image = image.convert("RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image.info.clear()
    data = io.BytesIO()
    image.save(data, "JPEG", quality=90)
    return "data:image/jpeg;base64," + base64.b64encode(data.getvalue()).decode("ascii")


def load(spec: ModelSpec, folder: Path | None) -> Describer:
    """Make a describer out of the name alone; the server is first asked when there is a photo.

    Raises `UnknownModel` for a name that is not ``openai:MODEL@BASE_URL``, ImportError without
    the openai package (the registry says which extra to install).
    """
    import openai  # noqa: F401

    return OpenAICompatibleDescriber(spec.name)
