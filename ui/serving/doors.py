"""What the routes share: the desk, the gates to its models, and the limits."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from typing import Any, TypeVar

from fastapi import Request
from starlette.requests import ClientDisconnect

from ui.output import tell
from ui.serving.desk import Desk
from ui.serving.gate import Gate
from ui.serving.limits import Limits
from vlm.errors import VlmError

T = TypeVar("T")

_REMOTE_AT_ONCE = 8


@dataclass(slots=True)
class Doors:
    """Searches run beside descriptions; a describer on this machine has one request at a time."""

    desk: Desk
    limits: Limits = field(default_factory=Limits)
    searching: Gate = field(init=False)
    describing: Gate = field(init=False)

    def __post_init__(self) -> None:
        limits = self.limits
        remote = self.desk.settings.describer.startswith("openai:")
        self.searching = Gate(os.cpu_count() or 1, limits.waiting, limits.reply_seconds)
        self.describing = Gate(
            _REMOTE_AT_ONCE if remote else 1, limits.waiting, limits.reply_seconds
        )

    def warm(self) -> None:
        """Open and load all ahead of the first request; what is wrong is told, and again then."""

        def load(gate: Gate, loader: Callable[[], object]) -> None:
            def work(stop: Event) -> None:
                try:
                    loader()
                except VlmError as error:
                    tell(f"error: {error}")

            gate.submit(work)

        load(self.searching, self.desk.library)
        load(self.searching, lambda: self.desk.embedder)
        load(self.describing, lambda: self.desk.describer)

    def close(self) -> None:
        """Stop what runs."""
        self.searching.close()
        self.describing.close()


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What the work comes to; it is cancelled when the client hangs up."""
    doing = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({doing, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise ClientDisconnect
        return doing.result()
    finally:
        for task in (doing, gone):
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
