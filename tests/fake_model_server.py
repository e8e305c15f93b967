"""A fake model server on 127.0.0.1 that speaks, or fails to speak, OpenAI's chat completions."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def event(text: str | None, finish: str | None = None) -> str:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return f"data: {json.dumps({'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"


DONE = "data: [DONE]\n\n"
GOOD = [event("a red"), event(" barn"), event(None, "stop"), DONE]


@dataclass
class FakeServer:
    """Answers every request with the same script, and remembers what it was sent."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "text/event-stream"})
    body: list[str | bytes | Callable[[], None]] = field(default_factory=lambda: list(GOOD))
    length: int | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    seen: list[dict[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    hung_up: threading.Event = field(default_factory=threading.Event)

    def answers(self, status: int, body: str, kind: str = "application/json", **more: str) -> None:
        self.status, self.body = status, [body]
        self.headers = {"content-type": kind, "retry-after-ms": "1", **more}

    @property
    def name(self) -> str:
        return f"openai:tiny-vlm@{self.url}/v1"


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve on a free port until the block is left; yields the URL."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_address[1]}"
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


@contextmanager
def fake_server() -> Iterator[FakeServer]:
    """Serve until the block is left."""
    fake = FakeServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            request = json.loads(self.rfile.read(length))
            with fake.lock:  # several may come at once, and a test may change the script between
                fake.requests.append(request)
                fake.seen.append(
                    {"path": self.path}
                    | {key.lower(): value for key, value in self.headers.items()}
                )
                status, headers, body = fake.status, dict(fake.headers), list(fake.body)
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            if fake.length is not None:
                self.send_header("content-length", str(fake.length))
            self.end_headers()
            try:
                for part in body:
                    if callable(part):
                        part()
                    else:
                        self.wfile.write(part if isinstance(part, bytes) else part.encode())
            except (BrokenPipeError, ConnectionResetError):
                fake.hung_up.set()

        def log_message(self, *_: Any) -> None:
            pass

    with listening(Handler) as fake.url:
        yield fake
