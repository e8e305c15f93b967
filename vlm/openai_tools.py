"""A model server that may ask for tools: its words as they come, then the calls it wants made.

As in `vlm.openai_compatible`, what is sent leaves this machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vlm.errors import RemoteModelFailed
from vlm.openai_compatible import SECONDS_BETWEEN_PIECES
from vlm.remote_failures import spoken
from vlm.remote_name import OPENAI, api_key, parse_name, server_of
from vlm.untrusted_text import printable


class ToolsUnsupported(RemoteModelFailed):
    """A server, or its model, that takes no tools."""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool that the model wants called; ``arguments`` is JSON, or what the model takes for it."""

    id: str
    name: str
    arguments: str


def converse(
    name: str,
    messages: Sequence[Mapping[str, Any]],
    tools: Sequence[Mapping[str, Any]],
    *,
    max_tokens: int = 512,
) -> Iterator[str | Call]:
    """Send OpenAI's messages and tools to the model ``openai:MODEL@URL``.

    Raises `ToolsUnsupported` for a server that refuses tools, `RemoteModelFailed` otherwise.
    """
    import openai

    model, url = parse_name(name)
    server = server_of(url)
    limit = "max_completion_tokens" if server == OPENAI else "max_tokens"
    body: Any = {"model": model, "messages": list(messages), limit: max_tokens, "stream": True}
    if tools:
        body["tools"] = list(tools)
    timeout = openai.Timeout(SECONDS_BETWEEN_PIECES, connect=10)
    try:
        with (
            openai.DefaultHttpxClient(follow_redirects=False, timeout=timeout) as http,
            openai.OpenAI(
                base_url=url,
                api_key=api_key(server),
                max_retries=1,
                timeout=timeout,
                http_client=http,
            ) as client,
            client.chat.completions.create(**body) as stream,
        ):
            yield from _pieces(stream)
    except openai.APIStatusError as error:
        refused = tools and "tool" in str(error).lower()
        kind = ToolsUnsupported if refused else RemoteModelFailed
        raise kind(model, server, spoken(error, model)) from error
    except (openai.OpenAIError, ValueError) as error:  # ValueError: neither JSON nor UTF-8
        raise RemoteModelFailed(model, server, spoken(error, model)) from error


def _pieces(stream: Any) -> Iterator[str | Call]:
    calls: dict[int, dict[str, str]] = {}
    for chunk in stream:
        choices = getattr(chunk, "choices", None)  # any JSON at all may come
        choice = choices[0] if isinstance(choices, list) and choices else None
        delta = getattr(choice, "delta", None)
        content = getattr(delta, "content", None)
        if isinstance(content, str) and (piece := printable(content)):
            yield piece
        for part in getattr(delta, "tool_calls", None) or ():
            function = getattr(part, "function", None)
            kept = calls.setdefault(int(part.index or 0), {"id": "", "name": "", "arguments": ""})
            kept["id"] = kept["id"] or str(getattr(part, "id", None) or "")
            kept["name"] += str(getattr(function, "name", None) or "")
            kept["arguments"] += str(getattr(function, "arguments", None) or "")
    for index, kept in sorted(calls.items()):
        yield Call(kept["id"] or f"call_{index}", kept["name"], kept["arguments"])
