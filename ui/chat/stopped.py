"""An answer that ended before its end: what was said is kept, with the photos it cites."""

from __future__ import annotations

import re
from dataclasses import replace

from ui.conversations import Cited, Exchange

CITATION = re.compile(r"\[(\d{1,3})\]")


def stopped(exchange: Exchange) -> Exchange:
    """An exchange as it is kept where its answer was broken off.

    >>> stopped(Exchange("which?", reply="It is ")).reply
    'It is'
    """
    return replace(
        exchange, reply=exchange.reply.rstrip(), cited=cited_so_far(exchange), state="stopped"
    )


def cited_so_far(exchange: Exchange) -> tuple[Cited, ...]:
    """The photos found whose numbers stand in the words of an answer that was broken off."""
    said = {int(number) for number in CITATION.findall(exchange.reply)}
    return tuple(
        Cited(number, photo.path)
        for number, photo in enumerate(exchange.found, 1)
        if number in said
    )
