"""When a photo was taken, as people say it: years, months, days, seasons, last week, and ranges.

A period is text in a normal form, and becomes days only when it is searched for: "yesterday" is
another day tomorrow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
"""First month of each, as meteorologists of the northern half count; winter ends a year later."""

_DAYS_AGO = {"today": 0, "yesterday": 1}
_SPANS = ("week", "month", "year")
RELATIVE = (*_DAYS_AGO, *(f"{which}-{span}" for span in _SPANS for which in ("this", "last")))
"""Points that depend on the day on which they are searched for."""

_NUMBERS = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_NAMED = re.compile(r"([a-z]+)[- ](\d{4})", re.ASCII)

HINT = "2023, 2023-05, 2023-05-17, may-2023, summer-2023, 2021..2023, ..2020 or last-week"


class DateUnreadable(Exception):
    """Not a point in time; ``offset`` is where in the text it goes wrong."""

    def __init__(self, reason: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day of one point to the last day of another; an empty end is open."""

    first: str
    last: str

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}..{self.last}"

    def days(self, today: date) -> tuple[date, date]:
        """First and last day, both within."""
        first = days(self.first, today)[0] if self.first else date.min
        return first, days(self.last, today)[1] if self.last else date.max


def period(text: str) -> Period:
    """Read a point or a range. Raises `DateUnreadable`.

    >>> period("2023-5..Summer-2024"), str(period("fall-2022"))
    (Period(first='2023-05', last='summer-2024'), 'autumn-2022')
    """
    start, dots, end = text.partition("..")
    if not dots:
        point = _point(text, 0)
        return Period(point, point)
    first = _point(start, 0) if start else ""
    last = _point(end, len(start) + 2) if end else ""
    if not first and not last:
        raise DateUnreadable(f"a range needs an end, such as {HINT}")
    if first and last and not {first, last} & set(RELATIVE):
        day = date.min  # of no consequence here
        if days(first, day)[0] > days(last, day)[1]:
            raise DateUnreadable(f"{first} is after {last}", len(start) + 2)
    return Period(first, last)


def days(point: str, today: date) -> tuple[date, date]:
    """First and last day of a point in its normal form.

    >>> first, last = days("winter-2023", date(2024, 5, 1))
    >>> str(first), str(last)
    ('2023-12-01', '2024-02-29')
    >>> [str(day) for day in days("last-week", date(2024, 5, 1))]
    ['2024-04-22', '2024-04-28']
    """
    if point in _DAYS_AGO:
        day = today - timedelta(_DAYS_AGO[point])
        return day, day
    word, _, rest = point.partition("-")
    if word in ("this", "last"):
        return _relative(rest, last=word == "last", today=today)
    if word in _SEASONS:
        return _months(int(rest), _SEASONS[word], 3)
    if word in _MONTHS:
        return _months(int(rest), _MONTHS.index(word) + 1, 1)
    year, *smaller = map(int, point.split("-"))
    if not smaller:
        return _months(year, 1, 12)
    if len(smaller) == 1:
        return _months(year, smaller[0], 1)
    day = date(year, *smaller)
    return day, day


def _relative(span: str, *, last: bool, today: date) -> tuple[date, date]:
    if span == "week":
        monday = today - timedelta(today.weekday() + (7 if last else 0))
        return monday, monday + timedelta(6)
    if span == "year":
        return _months(today.year - last, 1, 12)
    before = today.replace(day=1) - timedelta(1) if last else today
    return _months(before.year, before.month, 1)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    after = year * 12 + month - 1 + count
    if after // 12 > date.max.year:
        return date(year, month, 1), date.max
    return date(year, month, 1), date(after // 12, after % 12 + 1, 1) - timedelta(1)


def _point(text: str, offset: int) -> str:
    said = text.strip().lower().replace("_", "-")
    if said in RELATIVE:
        return said
    if named := _NAMED.fullmatch(said):
        return f"{_month_or_season(named[1], offset)}-{_year(named[2], offset)}"
    numbers = _NUMBERS.fullmatch(said)
    if numbers is None:
        raise DateUnreadable(f"'{text}' is no date; write {HINT}", offset)
    year, month, day = numbers.groups()
    parts = [_year(year, offset), *(f"{int(part):02}" for part in (month, day) if part)]
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise DateUnreadable(f"there is no such date as {text}", offset) from None
    return "-".join(parts)


def _year(text: str, offset: int) -> str:
    if int(text) < 1:
        raise DateUnreadable("years begin with 0001", offset)
    return text


def _month_or_season(word: str, offset: int) -> str:
    word = "autumn" if word == "fall" else word
    if word in _SEASONS:
        return word
    found = [month for month in _MONTHS if month.startswith(word)]
    if len(word) < 3 or not found:
        known = f"{', '.join(_SEASONS)}, or a month such as {_MONTHS[4]}"
        raise DateUnreadable(f"'{word}' is no season or month; known: {known}", offset)
    return found[0]
