"""What a model server asks to wait for is waited for, told, and bounded.

Servers that have too much to do answer 429 or 503 and often say when to come again (Retry-After,
RFC 9110, in seconds or as a date; some say it in milliseconds). Other failures of a server and
broken connections are tried once more.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from random import random
from time import time
from typing import Any, TypeVar

T = TypeVar("T")
Rest = Callable[[float], object]
"""Waits so many seconds; may raise to give up."""

TRIES = 5
"""Of one request to a server that is busy."""
LONGEST = 120.0
"""Seconds; a server that asks for more is not waited for."""
_FIRST = 1.0
"""Seconds before a second try where the server names none; each further try waits twice as long."""
_WORTH_TELLING = 1.0

_log = logging.getLogger(__name__)


def patiently(ask: Callable[[], T], server: str, rest: Rest) -> T:
    """What ``ask`` returns, asked again while the server is busy; raises what it raises at last."""
    import openai

    for tried in range(1, TRIES + 1):
        try:
            return ask()
        except openai.APIStatusError as error:
            seconds = _pause(error, tried)
            if seconds is None:
                raise
            if seconds >= _WORTH_TELLING:
                _log.warning(_TOLD, server, seconds, tried + 1, TRIES)
            rest(seconds)
        except openai.APITimeoutError:
            raise
        except openai.APIConnectionError:
            if tried > 1:
                raise
    raise AssertionError("the last try returns or raises")


_TOLD = "%s is busy: waiting %.0f s, then try %d of %d."


def _pause(error: Any, tried: int) -> float | None:
    """Seconds to wait before the next try, or None where there is to be none."""
    status, code = error.status_code, getattr(error, "code", None)
    busy = status in (429, 503) and code != "insufficient_quota"  # which time does not heal
    again = busy or (tried == 1 and (status >= 500 or status in (408, 409)))
    if not again or tried == TRIES:
        return None
    asked = asked_for(error.response.headers, time())
    if asked is None:
        return float(_FIRST * 2 ** (tried - 1) * (1 + random() / 4))  # not all at the same moment
    return asked if asked <= LONGEST else None


def asked_for(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that a server asks to wait, None where it says nothing that can be understood.

    >>> asked_for({"retry-after": "20"}, 0.0), asked_for({"retry-after-ms": "1500"}, 0.0)
    (20.0, 1.5)
    >>> asked_for({"retry-after": "Thu, 01 Jan 1970 00:01:00 GMT"}, 30.0)
    30.0
    >>> asked_for({"retry-after": "soon"}, 0.0), asked_for({"retry-after": "nan"}, 0.0)
    (None, None)
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        said = headers.get(name)
        if said is None:
            continue
        try:
            seconds = float(said) * unit
        except ValueError:
            try:
                seconds = parsedate_to_datetime(said).timestamp() - now
            except (ValueError, OverflowError):
                continue
        if not math.isnan(seconds):
            return max(0.0, seconds)
    return None
