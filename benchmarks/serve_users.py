"""Twenty people at once at `vlm serve`: errors, and how long each waits beside one alone.

    python benchmarks/serve_users.py [--users 20] [--rounds 4] [--photos 1000] [--json]

A server of its own with the starter and drawn photos. Everybody searches, asks about a photo of the
library and sends one to be captioned, again and again, without a pause. One user and all of them
take turns, so that a slow spell of the machine hits both. A search and a description run side by
side, descriptions one after the other: all cores are busy with one already.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

from photos import sample_photos, small_photos
from timing import BIN, machine

QUERIES = ("a cat", "red and blue", "a cup of coffee", "a night sky with stars", "a woman")
TURNS = 3


class Caller:
    """One user's connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def call(self, path: str, body: Mapping[str, object] | None = None) -> tuple[int, float, bytes]:
        """Status, seconds, and what came back."""
        began = time.perf_counter()
        headers = {"Content-Type": "application/json"} if body else {}
        data = json.dumps(body).encode() if body else None
        self._connection.request("POST" if body else "GET", path, data, headers)
        reply = self._connection.getresponse()
        text = reply.read()
        return reply.status, time.perf_counter() - began, text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=4, help="requests of each kind a turn")
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    told = machine()
    with tempfile.TemporaryDirectory() as folder:
        photo = make_library(Path(folder), asked.photos)
        with serving(Path(folder) / "library") as port:
            status, _, text = Caller(port).call("/v1/search?q=a%20cat&k=1")
            assert status == 200, text
            digest = json.loads(text)["hits"][0]["digest"]
            Caller(port).call("/v1/caption", {"photo": digest})
            alone: list[tuple[str, int, float]] = []
            together: list[tuple[str, int, float]] = []
            spent = 0.0
            for _ in range(TURNS):
                alone += user(port, digest, photo, asked.rounds, 0)
                began = time.perf_counter()
                with ThreadPoolExecutor(asked.users) as crowd:
                    jobs = [
                        crowd.submit(user, port, digest, photo, asked.rounds, number)
                        for number in range(asked.users)
                    ]
                together += [call for job in jobs for call in job.result()]
                spent += time.perf_counter() - began
    result = {
        "machine": told,
        "users": asked.users,
        "photos": asked.photos,
        "errors": sum(status != 200 for _, status, _ in alone + together),
        "requests": len(alone) + len(together),
        "requests_per_second": round(len(together) / spent, 2),
        "seconds": compared(alone, together),
    }
    print(json.dumps(result, indent=2) if asked.json else in_words(result))
    return 1 if result["errors"] else 0


def make_library(folder: Path, count: int) -> str:
    """Index drawn photos and a few real ones; a real one as a data: URL."""
    import base64
    import io

    photos = folder / "photos"
    small_photos(photos, count - len(sample_photos()))
    for number, sample in enumerate(sample_photos()):
        sample.save(photos / f"sample{number}.jpg", quality=90)
    library = folder / "library"
    command = [BIN / "vlm", "index", photos, "--library", library, "--model", "starter"]
    subprocess.run(command, check=True, capture_output=True)
    data = io.BytesIO()
    sample_photos()[0].save(data, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(data.getvalue()).decode()


@contextmanager
def serving(library: Path) -> Iterator[int]:
    """A server of its own; its port."""
    models = ("--model", "starter", "--describer", "starter")
    command = [BIN / "vlm", "serve", "--port", "0", "--library", library, *models]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        found = None
        while found is None:
            line = server.stderr.readline()
            assert line, "the server did not start"
            found = re.search(r"http://127\.0\.0\.1:(\d+) until", line)
        with ThreadPoolExecutor(1) as reader:
            reader.submit(server.stderr.read)  # its log must not fill the pipe
            try:
                yield int(found[1])
            finally:
                server.terminate()


def user(
    port: int, digest: str, photo: str, rounds: int, number: int
) -> list[tuple[str, int, float]]:
    """What one user does: kind, status and seconds of each request."""
    caller = Caller(port)
    calls = []
    for turn in range(rounds):
        query = quote(QUERIES[(number + turn) % len(QUERIES)])
        question = {"photo": digest, "question": "what color is it?"}
        for kind, path, body in (
            ("search", f"/v1/search?q={query}", None),
            ("ask", "/v1/ask", question),
            ("caption", "/v1/caption", {"image": photo}),
        ):
            status, seconds, _ = caller.call(path, body)
            calls.append((kind, status, seconds))
    return calls


def compared(
    alone: list[tuple[str, int, float]], together: list[tuple[str, int, float]]
) -> dict[str, dict[str, float]]:
    """Medians, the 95th percentile among all, and how often as long as one alone waits."""
    times: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for place, calls in enumerate((alone, together)):
        for kind, _, seconds in calls:
            times[kind][place].append(seconds)
    return {
        kind: {
            "one": round(median(one), 4),
            "all": round(median(many), 4),
            "all_p95": round(quantiles(many, n=20)[-1], 4),
            "ratio": round(median(many) / median(one), 1),
        }
        for kind, (one, many) in times.items()
    }


def in_words(result: Mapping[str, object]) -> str:
    """For people."""
    lines = [str(result["machine"])]
    seconds = result["seconds"]
    assert isinstance(seconds, dict)
    for kind, s in seconds.items():
        lines.append(
            f"{kind:8} one {s['one'] * 1e3:7.1f} ms   {result['users']} at once "
            f"{s['all'] * 1e3:8.1f} ms (p95 {s['all_p95'] * 1e3:.1f})   x {s['ratio']}"
        )
    lines.append(
        f"{result['errors']} errors in {result['requests']} requests, "
        f"{result['requests_per_second']} a second with {result['users']} users"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
