"""Texts before which a reply ends, as the client asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def until_stop(pieces: Iterable[str], stops: Sequence[str]) -> Iterator[str]:
    """The pieces up to the first of ``stops``, which is left out wherever pieces cut it.

    >>> list(until_stop(["a red ", "barn", "\\nand", " more"], ["\\n"]))
    ['a red ', 'barn']
    >>> list(until_stop(["one E", "N", "D two"], ["END"]))
    ['one', ' ']
    """
    longest = max(map(len, stops), default=1)
    held = ""
    for piece in pieces:
        held += piece
        ends = [at for at in map(held.find, stops) if at >= 0]
        if ends:
            held = held[: min(ends)]
            break
        sure = len(held) - longest + 1  # a stop may begin in what is left
        if sure > 0:
            yield held[:sure]
            held = held[sure:]
    if held:
        yield held
