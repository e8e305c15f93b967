"""A few slow tasks at once, each waiting for somebody else; Ctrl-C ends all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")


class GivenUp(Exception):
    """Raised inside a task that nobody waits for any more."""


def side_by_side(tasks: Sequence[Callable[[Event], T]], most: int) -> list[T]:
    """What tasks return, in their order, at most ``most`` of them running at a time.

    Each gets an event that is set when nobody waits any more: because another task raised, which
    is raised here too, or because the program was interrupted. Threads that are stuck do not keep
    the program from ending.
    """
    waiting: SimpleQueue[int] = SimpleQueue()
    for number in range(len(tasks)):
        waiting.put(number)
    ended: SimpleQueue[tuple[int, T | None, BaseException | None]] = SimpleQueue()
    given_up = Event()

    def work() -> None:
        while not given_up.is_set():
            try:
                number = waiting.get_nowait()
            except Empty:
                return
            try:
                ended.put((number, tasks[number](given_up), None))
            except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                ended.put((number, None, error))

    threads = [Thread(target=work, daemon=True) for _ in range(min(most, len(tasks)))]
    done: dict[int, T] = {}
    try:
        for thread in threads:
            thread.start()
        while len(done) < len(tasks):
            number, result, error = ended.get()
            if error is not None:
                raise error
            done[number] = result  # type: ignore[assignment]
    finally:
        given_up.set()
    return [done[number] for number in range(len(tasks))]


def rest_until(given_up: Event) -> Callable[[float], None]:
    """A way to wait that ends at once, by raising `GivenUp`, when nobody waits any more."""

    def rest(seconds: float) -> None:
        if given_up.wait(seconds):
            raise GivenUp

    return rest
