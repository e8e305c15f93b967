"""Periods as people write them, and the days that they mean."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query.dates import RELATIVE, DateUnreadable, Period, days, period

TODAY = date(2024, 3, 6)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-2-9", "2024-02-09", "2024-02-09"),
        ("spring-2023", "2023-03-01", "2023-05-31"),
        ("Summer 2023", "2023-06-01", "2023-08-31"),
        ("fall-2023", "2023-09-01", "2023-11-30"),
        ("winter-2023", "2023-12-01", "2024-02-29"),
        ("sep-2023", "2023-09-01", "2023-09-30"),
        ("december_2023", "2023-12-01", "2023-12-31"),
        ("today", "2024-03-06", "2024-03-06"),
        ("yesterday", "2024-03-05", "2024-03-05"),
        ("this-week", "2024-03-04", "2024-03-10"),
        ("last-week", "2024-02-26", "2024-03-03"),
        ("this-month", "2024-03-01", "2024-03-31"),
        ("last-month", "2024-02-01", "2024-02-29"),
        ("this-year", "2024-01-01", "2024-12-31"),
        ("last-year", "2023-01-01", "2023-12-31"),
        ("2021..2023-05", "2021-01-01", "2023-05-31"),
        ("last-week..today", "2024-02-26", "2024-03-06"),
        ("..2020-01", "0001-01-01", "2020-01-31"),
        ("may-2023..", "2023-05-01", "9999-12-31"),
        ("winter-9999", "9999-12-01", "9999-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_period_is_so_many_days(text: str, first: str, last: str) -> None:
    assert [day.isoformat() for day in period(text).days(TODAY)] == [first, last]


def test_last_month_of_january_is_december() -> None:
    assert days("last-month", date(2024, 1, 31)) == (date(2023, 12, 1), date(2023, 12, 31))


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        ("", "a range needs|is no date", 0),
        ("..", "a range needs an end", 0),
        ("23", "'23' is no date", 0),
        ("2023-", "is no date", 0),
        ("2023-00", "there is no such date", 0),
        ("2023-02-30", "there is no such date", 0),
        ("2023..2023-04-31", "there is no such date", 6),
        ("ma-2023", "no season or month", 0),
        ("sommer-2023", "no season or month", 0),
        ("2023..0000", "years begin", 6),
        ("2024..2023", "2024 is after 2023", 6),
        ("may-2023..april-2023", "is after", 10),
        ("٢٠٢٣", "is no date", 0),
    ],
)
def test_what_is_no_period_is_refused_with_its_place(text: str, reason: str, offset: int) -> None:
    with pytest.raises(DateUnreadable, match=reason) as error:
        period(text)
    assert error.value.offset == offset


POINTS = st.dates().map(lambda d: d.isoformat()) | st.dates().map(lambda d: d.isoformat()[:7])


@given(point=POINTS | st.sampled_from(RELATIVE), today=st.dates(date(2, 1, 1), date(9998, 1, 1)))
def test_a_point_is_a_period_that_does_not_end_before_it_begins(point: str, today: date) -> None:
    first, last = period(point).days(today)
    assert first <= last <= first + timedelta(365)
    assert str(period(point)) == point


@given(a=POINTS, b=POINTS, today=st.dates())
def test_a_range_goes_from_the_first_day_to_the_last(a: str, b: str, today: date) -> None:
    if days(a, today)[0] > days(b, today)[1]:
        with pytest.raises(DateUnreadable, match="is after"):
            period(f"{a}..{b}")
    else:
        both = period(f"{a}..{b}")
        assert both == Period(a, b)
        assert both.days(today) == (days(a, today)[0], days(b, today)[1])


@given(text=st.text(max_size=25) | st.text("0123456789-.lastwek", max_size=25))
def test_any_text_is_a_period_or_is_refused(text: str) -> None:
    try:
        found = period(text)
    except DateUnreadable as error:
        assert 0 <= error.offset <= len(text)
    else:
        found.days(TODAY)
        assert period(str(found)) == found
