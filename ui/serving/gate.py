"""Blocking work in threads: so many pieces at once, so many waiting, and none without an end.

Work is given an event that is set once nobody waits for its result any more: the client hung up,
the time was up, or the server stops. Generators are closed in the thread that runs them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock
from typing import Generic, TypeVar

from ui.serving.errors import ServerBusy, TookTooLong

T = TypeVar("T")


class _End:
    """After the last piece of a stream."""


class Gate:
    """``running`` pieces of work at once and ``waiting`` more; further ones raise `ServerBusy`."""

    def __init__(self, running: int, waiting: int, seconds: float) -> None:
        self._pool = ThreadPoolExecutor(running, thread_name_prefix="serve")
        self._room = running + waiting
        self._seconds = seconds
        self._inside: set[Event] = set()
        self._lock = Lock()

    async def run(self, work: Callable[[Event], T]) -> T:
        """What the work returns, or raises. Raises `ServerBusy` or `TookTooLong`."""
        job, stop = self.submit(work)
        try:
            async with asyncio.timeout(self._seconds) as limit:
                return await asyncio.wrap_future(job)
        except TimeoutError:
            if not limit.expired():  # the work's own
                raise
            raise TookTooLong(self._seconds) from None
        finally:
            stop.set()

    async def stream(self, pieces: Callable[[Event], Iterator[T]]) -> AsyncIterator[T]:
        """Each piece as soon as it is there. Raises as `run` does."""
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[T | _End] = asyncio.Queue()

        def put(piece: T | _End) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, piece)

        def work(stop: Event) -> None:
            with _closing(pieces(stop)) as steps:
                for piece in steps:
                    if stop.is_set():
                        return
                    put(piece)

        job, stop = self.submit(work)
        job.add_done_callback(lambda _: put(_End()))
        until = loop.time() + self._seconds
        try:
            while True:
                try:
                    async with asyncio.timeout_at(until):
                        piece = await queue.get()
                except TimeoutError:
                    raise TookTooLong(self._seconds) from None
                if isinstance(piece, _End):
                    break
                yield piece
            if job.cancelled():  # the server stops
                raise ServerBusy
            job.result()
        finally:
            stop.set()
            job.cancel()

    def submit(self, work: Callable[[Event], T]) -> tuple[Future[T], Event]:
        """Begin the work as soon as a thread is free; the event tells it to stop."""
        stop = Event()
        with self._lock:
            if len(self._inside) >= self._room:
                raise ServerBusy
            self._inside.add(stop)
        job = self._pool.submit(work, stop)
        job.add_done_callback(lambda _: self._leave(stop))
        return job, stop

    def _leave(self, stop: Event) -> None:
        with self._lock:
            self._inside.discard(stop)

    def close(self) -> None:
        """Let nothing new begin, and tell what runs to stop."""
        with self._lock:
            for stop in self._inside:
                stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)


class _closing(Generic[T]):
    """As `contextlib.closing`, for iterators that need not be generators."""

    def __init__(self, steps: Iterator[T]) -> None:
        self._steps = steps

    def __enter__(self) -> Iterator[T]:
        return self._steps

    def __exit__(self, *_: object) -> None:
        if isinstance(self._steps, Generator):
            self._steps.close()
