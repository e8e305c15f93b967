"""What an IPTC record tells of a photo (Information Interchange Model 4.2)."""

from __future__ import annotations

from collections.abc import Iterator

from index.metadata.plain_text import LONG, decoded, plain
from index.metadata.taken import written
from index.metadata.told import Told, first, tidy_keywords

_MARK = 0x1C
_CHARSET = (1, 90)
_TITLE, _KEYWORD, _DATE, _TIME = (2, 5), (2, 25), (2, 55), (2, 60)
_DIGITAL_DATE, _DIGITAL_TIME, _HEADLINE, _CAPTION = (2, 62), (2, 63), (2, 105), (2, 120)
_WANTED = {
    *(_CHARSET, _TITLE, _KEYWORD, _DATE, _TIME),
    *(_DIGITAL_DATE, _DIGITAL_TIME, _HEADLINE, _CAPTION),
}
_UTF_8 = b"\x1b%G"
_MAX_SETS = 10_000


def read_iptc(record: bytes) -> Told:
    """Read a record as bytes; one that is cut off gives what came before. Never raises."""
    found: dict[tuple[int, int], list[bytes]] = {}
    for key, value in _data_sets(record):
        if key in _WANTED:
            found.setdefault(key, []).append(value)
    utf_8 = found.get(_CHARSET, [b""])[0] == _UTF_8

    def texts(key: tuple[int, int]) -> list[str]:
        values = found.get(key, [])
        return [v.decode("utf-8", "replace") if utf_8 else decoded(v) for v in values]

    def text(key: tuple[int, int], limit: int = 300) -> str | None:
        return next((plain(value, limit) for value in texts(key)), None)

    return Told(
        taken_at=_time(text(_DATE), text(_TIME)),
        digitised_at=_time(text(_DIGITAL_DATE), text(_DIGITAL_TIME)),
        title=first(text(_TITLE), text(_HEADLINE)),
        description=text(_CAPTION, LONG),
        keywords=tidy_keywords(texts(_KEYWORD)),
    )


def _data_sets(record: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    at = 0
    for _ in range(_MAX_SETS):
        if len(record) < at + 5 or record[at] != _MARK:
            return
        key = record[at + 1], record[at + 2]
        size = int.from_bytes(record[at + 3 : at + 5], "big")
        at += 5
        if size & 0x8000:  # the length of the length
            digits = size & 0x7FFF
            size = int.from_bytes(record[at : at + min(digits, 8)], "big")
            at += digits
        if at + size > len(record):
            return
        yield key, record[at : at + size]
        at += size


def _time(date: str | None, time: str | None) -> str | None:
    return first(written(f"{date}T{time}") if time else None, written(date)) if date else None
