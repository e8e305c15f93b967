"""Changes of files as the bytes that were replaced, so that they can be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from index.catalogue.ledger_records import Splice

CONTEXT = 48
"""Bytes kept on either side of a change, by which it is found again in a file that was edited."""

NEW_FILE = -1
"""``start`` where there was no file before."""


def spliced(data: bytes, changes: Sequence[tuple[int, bytes, bytes]]) -> tuple[bytes, list[Splice]]:
    """The bytes after changes that do not overlap, and each as it lies in them, in their order."""
    after = data
    for start, old, new in sorted(changes, reverse=True):
        after = after[:start] + new + after[start + len(old) :]
    splices = []
    for start, old, new in changes:
        at = start + sum(len(n) - len(o) for s, o, n in changes if s < start)
        end = at + len(new)
        lead, trail = after[max(0, at - CONTEXT) : at], after[end : end + CONTEXT]
        splices.append(Splice(at, old, new, lead, trail))
    return after, splices


def taken_back(data: bytes, splices: Sequence[Splice]) -> bytes:
    """The bytes before changes, of the very bytes that they left.

    >>> after, splices = spliced(b"a red barn", [(2, b"red", b"green"), (10, b"", b"!")])
    >>> after, taken_back(after, splices)
    (b'a green barn!', b'a red barn')
    """
    return _replaced(data, [(s, s.start) for s in splices])


def taken_back_where_found(data: bytes, splices: Sequence[Splice]) -> tuple[bytes, list[bool]]:
    """The same in a file that was changed since: which of them were found, and the bytes."""
    places = [_place(data, splice) for splice in splices]
    found = [(s, at) for s, at in zip(splices, places, strict=True) if at is not None]
    return _replaced(data, found), [at is not None for at in places]


def _place(data: bytes, splice: Splice) -> int | None:
    """Where what was written still stands, with as much around it as makes the place certain."""
    for size in (CONTEXT, CONTEXT // 2, CONTEXT // 4):
        lead, trail = splice.lead[-size:], splice.trail[:size]
        whole = lead + splice.after + trail
        at = data.find(whole)
        if at >= 0:
            alone = data.find(whole, at + 1) < 0
            return at + len(lead) if alone else None
    return None


def _replaced(data: bytes, places: Sequence[tuple[Splice, int]]) -> bytes:
    for splice, at in sorted(places, key=lambda place: place[1], reverse=True):
        data = data[:at] + splice.before + data[at + len(splice.after) :]
    return data
