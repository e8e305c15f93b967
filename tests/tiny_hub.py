"""A model hub on the loopback, as far as a download needs one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

LARGE = 1_000_000
COMMIT = "c0ffee" * 6 + "c0ff"


@contextmanager
def serve(
    repositories: dict[str, dict[str, bytes]], *, status: int = 200, go_on: Event | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Serve files of repositories; yields the address and the list of requests so far.

    A large file stops in its middle until ``go_on`` is set.
    """
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            requests.append(self.path)
            body, headers = _answer(repositories, self.path)
            begin = int(self.headers.get("Range", "bytes=0-")[6:].partition("-")[0])
            if body is not None and begin:
                headers["Content-Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
                body = body[begin:]
            code = 206 if begin else status
            self.send_response(code if body is not None else 404)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            if self.command == "GET" and body:
                with suppress(ConnectionError):  # the one who asked may be gone
                    middle = len(body) // 2 if len(body) > LARGE else 0
                    self.wfile.write(body[:middle])
                    if middle and go_on is not None:
                        go_on.wait(60)
                    self.wfile.write(body[middle:])

        def log_message(self, *args: Any) -> None:
            """Requests are in the list; nothing goes to stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", requests
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(
    repositories: dict[str, dict[str, bytes]], path: str
) -> tuple[bytes | None, dict[str, str]]:
    path = path.partition("?")[0].removeprefix("/api/models").removeprefix("/")
    for name, files in repositories.items():
        rest = path.removeprefix(name)
        if rest == path:
            continue
        if rest.startswith("/revision/"):
            siblings = [{"rfilename": file} for file in files]
            return json.dumps({"id": name, "sha": COMMIT, "siblings": siblings}).encode(), {}
        if rest.startswith("/tree/"):
            tree = [
                {"type": "file", "path": f, "size": len(b), "oid": sha256(b).hexdigest()[:40]}
                for f, b in files.items()
            ]
            return json.dumps(tree).encode(), {}
        file = rest.removeprefix(f"/resolve/{COMMIT}/")
        if file in files:
            etag = sha256(files[file]).hexdigest()[:40]
            return files[file], {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT}
    return None, {}
