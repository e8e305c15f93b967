"""Photos by month or by year: the bars of the timeline."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_MONTHS = 180
"""More bars than these cannot be told apart on a page."""

_LABELS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A month or a year: what it is called, how many photos, and what finds them."""

    when: str
    name: str
    photos: int

    @property
    def query(self) -> str:
        """What finds its photos."""
        return f"taken:{self.when}"


def by_month(months: Mapping[str, int]) -> list[Bar]:
    """A bar a month from the first to the last, those without photos too.

    >>> [(bar.name, bar.photos) for bar in by_month({"2023-12": 2, "2024-02": 1})]
    [('December 2023', 2), ('January 2024', 0), ('February 2024', 1)]
    """
    if not months:
        return []
    first, last = _number(min(months)), _number(max(months))
    whens = [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(first, last + 1)]
    return [
        Bar(when, f"{month_name[int(when[5:])]} {int(when[:4])}", months.get(when, 0))
        for when in whens
    ]


def by_year(months: Mapping[str, int]) -> list[Bar]:
    """A bar a year from the first to the last.

    >>> [(bar.when, bar.photos) for bar in by_year({"2021-12": 2, "2021-02": 1, "2023-01": 4})]
    [('2021', 3), ('2022', 0), ('2023', 4)]
    """
    if not months:
        return []
    first, last = int(min(months)[:4]), int(max(months)[:4])
    counts = dict.fromkeys(range(first, last + 1), 0)
    for month, photos in months.items():
        counts[int(month[:4])] += photos
    return [Bar(f"{year:04}", str(year), photos) for year, photos in counts.items()]


def fits_months(months: Mapping[str, int]) -> bool:
    """Whether a bar a month can be told apart.

    >>> fits_months({"2020-01": 1, "2023-12": 1}), fits_months({"1970-01": 1, "2023-12": 1})
    (True, False)
    """
    return not months or _number(max(months)) - _number(min(months)) < MOST_MONTHS


def ticks(bars: Sequence[Bar]) -> list[tuple[str, float]]:
    """Labels below the bars, and how far to the right they begin, in per cent.

    >>> ticks(by_month({"2023-12": 2, "2024-02": 1}))
    [('Dec 2023', 0.0), ('2024', 33.33)]
    >>> ticks(by_year({"2021-12": 2, "2022-02": 1}))
    [('2021', 0.0), ('2022', 50.0)]
    """
    starts = [at for at, bar in enumerate(bars) if len(bar.when) == 4 or bar.when.endswith("-01")]
    step = -(-len(starts) // _LABELS) or 1
    marked = [(bars[at].when[:4], round(100 * at / len(bars), 2)) for at in starts[::step]]
    if bars and (not marked or marked[0][1] >= 10):
        marked.insert(0, (f"{bars[0].name[:3]} {bars[0].when[:4]}", 0.0))
    return marked


def levels(most: int) -> list[int]:
    """Numbers of photos that get a line across the bars: one to four round ones.

    >>> levels(57), levels(1), levels(3), levels(12000)
    ([20, 40], [1], [1, 2, 3], [5000, 10000])
    """
    step = 1
    while most // step > 4:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return list(range(step, most + 1, step))


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1
