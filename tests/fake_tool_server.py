"""A fake model server on 127.0.0.1 that calls tools as it is told, one reply a request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from fake_model_server import listening

Reply = str | dict[str, Any] | list[dict[str, Any]]
"""Words, a refusal (``{"status": …}``), or calls: ``[{"name": …, "arguments": {…}}]``."""


@dataclass
class ToolServer:
    """``reply`` gets each request and says what to answer."""

    reply: Callable[[dict[str, Any]], Reply]
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"openai:tiny-vlm@{self.url}/v1"

    def tool_results(self) -> list[str]:
        """What tools returned, as the last request told it."""
        messages = self.requests[-1]["messages"]
        return [str(m["content"]) for m in messages if m["role"] == "tool"]


def call(name: str, **arguments: Any) -> list[dict[str, Any]]:
    return [{"name": name, "arguments": arguments}]


def script(*replies: Reply) -> Callable[[dict[str, Any]], Reply]:
    """Requests with tools are answered in turn; those without are looks at a photo."""
    left = list(replies)

    def reply(request: dict[str, Any]) -> Reply:
        if "tools" not in request:
            return "a look."
        return left.pop(0) if len(left) > 1 else left[0]

    return reply


@contextmanager
def tool_server(reply: Callable[[dict[str, Any]], Reply]) -> Iterator[ToolServer]:
    """Serve until the block is left."""
    fake = ToolServer(reply)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            fake.requests.append(request)
            said = fake.reply(request)
            if isinstance(said, dict):
                body, status, kind = json.dumps(said), int(said["status"]), "application/json"
            else:
                body, status, kind = "".join(_events(said)), 200, "text/event-stream"
            self.send_response(status)
            self.send_header("content-type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with listening(Handler) as fake.url:
        yield fake


def _events(said: str | list[dict[str, Any]]) -> Iterator[str]:
    if isinstance(said, str):
        for word in said.split(" "):
            yield _event({"content": word + " "})
        yield _event({}, "stop")
    else:
        for index, made in enumerate(said):
            arguments = made["arguments"]
            text = arguments if isinstance(arguments, str) else json.dumps(arguments)
            function = {"name": made["name"], "arguments": text}
            entry = {"index": index, "id": f"c{index}", "type": "function", "function": function}
            yield _event({"tool_calls": [entry]})
        yield _event({}, "tool_calls")
    yield "data: [DONE]\n\n"


def _event(delta: dict[str, Any], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return f"data: {json.dumps({'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"
