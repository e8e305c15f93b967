"""Decode files in worker processes, so that no photo can take the program down with it.

A worker that dies or takes too long costs one file: that file's result is `ImageUnreadable`, and
the next file gets a new worker. Nothing is pickled: paths go in, bytes come out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image

from index.decoding.shape import Shape, name_of
from index.decoding.steady import FileUnread, read_steadily
from index.records import Facts, FileState
from vlm.errors import ImageUnreadable
from vlm.images import max_pixels

TIME_LIMIT = 30.0
"""Seconds that one file may take, over the time that it takes to read it from a slow disk."""

_SLOW = 10e6
"""Bytes a second of a slow disk, or of a network."""

_START_LIMIT = 60.0

WORKER = (sys.executable, "-P", "-m", "index.decoding.worker")


@dataclass(frozen=True, slots=True)
class Decoded:
    """One file: the content it had when it was read, its facts, its pixels, seconds of work.

    ``image`` is None where the content was known already.
    """

    state: FileState
    facts: Facts
    image: Image.Image | None
    seconds: float


def memory_limit() -> int:
    """Bytes of address space for a worker: enough for the largest image that we accept."""
    return (400 << 20) + 5 * max_pixels()


class Decoder:
    """A few worker processes, each fed by a thread of its own."""

    def __init__(
        self,
        wanted: Shape,
        workers: int,
        *,
        time_limit: float = TIME_LIMIT,
        memory: int | None = None,
        command: Sequence[str] = WORKER,
    ) -> None:
        self._wanted = wanted
        self._time_limit = time_limit
        self._command = (
            *command,
            *(str(wanted.size), name_of(wanted), str(memory or memory_limit())),
        )
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="decode")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._running: set[_Worker] = set()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start a worker now, so that the first file does not wait for one."""
        self._threads.submit(self._mine)

    def submit(self, path: Path) -> Future[Decoded]:
        """Start decoding; the result raises `ImageUnreadable`, or `FileUnread`."""
        return self._threads.submit(self._decode, path)

    def hash(self, path: Path) -> Future[FileState]:
        """Start hashing only; the result raises `FileUnread`."""
        return self._threads.submit(_hash, path)

    def workers(self) -> list[int]:
        """Process ids of the workers that run now."""
        with self._lock:
            return [worker.process.pid for worker in self._running]

    def close(self) -> None:
        """Kill the workers, whatever they are doing."""
        with self._lock:
            self._closed = True
            for worker in self._running:
                worker.process.kill()
        self._threads.shutdown(cancel_futures=True)
        while self._running:
            self._running.pop().stop()

    def _decode(self, path: Path) -> Decoded:
        worker = self._mine()
        limit = self._limit(path)
        try:
            return unpacked(path, worker.ask(os.fsencode(path), limit))
        except (EOFError, ConnectionError):
            self._own.worker = None
            with suppress(subprocess.TimeoutExpired):  # the pipe closes a moment before the end
                worker.process.wait(1)
            status = self._drop(worker)
            raise ImageUnreadable(path, f"the decoder crashed on it ({status})") from None
        except TimeoutError:
            self._own.worker = None
            self._drop(worker)
            reason = f"decoding took longer than {limit:.3g} seconds"
            raise ImageUnreadable(path, reason) from None

    def _mine(self) -> _Worker:
        """The worker of this thread."""
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None:
            worker = self._own.worker = self._start()
        return worker

    def _limit(self, path: Path) -> float:
        with suppress(OSError):
            return self._time_limit + path.stat().st_size / _SLOW
        return self._time_limit

    def _start(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise EOFError("closed")
            worker = _Worker(self._command)
            self._running.add(worker)
        worker.wait_until_ready(_START_LIMIT)
        return worker

    def _drop(self, worker: _Worker) -> str:
        with self._lock:
            self._running.discard(worker)
        last_words = worker.last_words()
        code = worker.stop()
        status = f"signal {-code}" if code < 0 else f"exit status {code}"
        return f"{status}: {last_words}" if code > 0 and last_words else status


def _hash(path: Path) -> FileState:
    return read_steadily(path, lambda file: (file_digest(file, "sha256").digest(), None))[0]


class _Worker:
    """A worker process and the two pipes to it."""

    def __init__(self, command: Sequence[str]) -> None:
        root = str(Path(__file__).parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        # One photo at a time needs no threads, and their stacks count against the memory limit.
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
        environment = {**os.environ, **threads, "PYTHONPATH": os.pathsep.join(paths)}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `stop`
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self._requests = Connection(os.dup(self.process.stdin.fileno()), readable=False)
        self._replies = Connection(os.dup(self.process.stdout.fileno()), writable=False)
        self.process.stdin.close()
        self.process.stdout.close()

    def wait_until_ready(self, seconds: float) -> None:
        """Wait for the process to come up; a failure here is about us, not about a photo."""
        with suppress(EOFError, ConnectionError):
            if self._replies.poll(seconds):
                self._replies.recv_bytes()
                return
        self.process.kill()
        self.process.wait()
        raise RuntimeError(f"the decoding process does not start: {self.last_words()}")

    def last_words(self) -> str:
        """The last line of what the process printed as errors."""
        end = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, end - 500))
        lines = self._errors.read().decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def ask(self, request: bytes, seconds: float) -> bytes:
        """Raises `TimeoutError`, `EOFError` or `ConnectionError`."""
        self._requests.send_bytes(request)
        if not self._replies.poll(seconds):
            raise TimeoutError
        return self._replies.recv_bytes()

    def stop(self) -> int:
        """Kill the process if it runs, and give back its exit status."""
        self._requests.close()
        self._replies.close()
        self._errors.close()
        self.process.kill()
        return self.process.wait()


def unpacked(path: Path, reply: bytes) -> Decoded:
    """What a worker replied about a file. Raises `ImageUnreadable`, or `FileUnread`."""
    size = int.from_bytes(reply[:4], "little")
    header = json.loads(reply[4 : 4 + size])
    if "reason" in header:
        raise (FileUnread if header.get("unread") else ImageUnreadable)(path, header["reason"])
    state = FileState(path, bytes.fromhex(header["hash"]), header["size"], header["mtime_ns"])
    image = Image.frombytes("RGB", tuple(header["shape"]), memoryview(reply)[4 + size :])
    told = header["facts"]
    told["keywords"] = tuple(told["keywords"])  # JSON knows lists only
    return Decoded(state, Facts(**told), image, header["seconds"])
