"""When a photo was taken, by what cameras, programs and messengers write."""

from __future__ import annotations

import os
import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.metadata.taken import FIRST_YEAR, LAST_YEAR, named, of_file, since_1970, written

DIGITAL = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023:05:04 10:11:12", "2023-05-04T10:11:12"),
        ("2023-05-04T10:11:12+02:00", "2023-05-04T10:11:12+02:00"),
        ("2023-05-04T10:11:12.345Z", "2023-05-04T10:11:12.345+00:00"),
        ("2023-05-04T10:11", "2023-05-04T10:11:00"),
        ("2023/05/04 10:11:12", "2023-05-04T10:11:12"),
        ("20230504T101112-0330", "2023-05-04T10:11:12-03:30"),
        ("2017:08:21 15:08:70", "2017-08-21T15:08:59"),
        ("1905", None),
        ("2009:03:   :  :  ", None),
        ("    :  :     :  :  ", None),
        ("0000:00:00 00:00:00", None),
        ("2008:02:31 10:00:00", None),
        ("9999:12:31 23:59:59", None),
        ("0001:01:01 00:00:00", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_written_time_is_read(text: str | None, expected: str | None) -> None:
    assert written(text) == expected


def test_the_offset_and_the_fraction_may_stand_elsewhere() -> None:
    told = written("2023:05:04 10:11:12", offset="-05:00", fraction="07 ")
    assert told == "2023-05-04T10:11:12.070-05:00"
    assert written("2023:05:04 10:11:12", offset="+99:99", fraction="x") == "2023-05-04T10:11:12"


@settings(deadline=None)
@given(moment=DIGITAL)
def test_every_notation_of_a_time_gives_the_same(moment: datetime) -> None:
    for notation in ("%Y:%m:%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y%m%dT%H%M%S"):
        assert written(moment.strftime(notation)) == moment.isoformat()
    for notation in ("IMG_%Y%m%d_%H%M%S", "%Y-%m-%d %H.%M.%S", "%Y%m%d_%H%M%S(1)"):
        assert named(moment.strftime(notation)) == moment.isoformat()


@settings(deadline=None)
@given(text=st.text())
def test_any_text_is_a_sane_time_or_none(text: str) -> None:
    for moment in (written(text), written("2020:01:01 01:01:01", offset=text), named(text)):
        if moment is not None:
            assert FIRST_YEAR <= datetime.fromisoformat(moment).year <= LAST_YEAR


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("IMG_20230504_101112", "2023-05-04T10:11:12"),
        ("IMG20230504101112", "2023-05-04T10:11:12"),
        ("PXL_20230504_101112345.MP", "2023-05-04T10:11:12.345+00:00"),
        ("PXL_20230504_101112345.NIGHT", "2023-05-04T10:11:12.345+00:00"),
        ("20230504_101112", "2023-05-04T10:11:12"),
        ("20230504_101112_HDR", "2023-05-04T10:11:12"),
        ("2023-05-04 10.11.12", "2023-05-04T10:11:12"),
        ("2023-05-04 10.11.12-1", "2023-05-04T10:11:12"),
        ("Photo 2023-05-04 10 11", "2023-05-04T00:00:00"),
        ("IMG-20230504-WA0001", "2023-05-04T00:00:00"),
        ("WhatsApp Image 2023-05-04 at 10.11.12", "2023-05-04T10:11:12"),
        ("WhatsApp Image 2023-05-04 at 10.11.12 (2)", "2023-05-04T10:11:12"),
        ("Screenshot_20230504-101112", "2023-05-04T10:11:12"),
        ("Screenshot_20230504_101112_Maps", "2023-05-04T10:11:12"),
        ("Screenshot_2023-05-04-10-11-12-345_com.app", "2023-05-04T10:11:12"),
        ("Screenshot 2023-05-04 at 10.11.12", "2023-05-04T10:11:12"),
        ("Screen Shot 2023-05-04 at 1.11.12 PM", "2023-05-04T13:11:12"),
        ("Screenshot 2023-05-04 at 12.11.12\u202fAM", "2023-05-04T00:11:12"),
        ("signal-2023-05-04-101112", "2023-05-04T10:11:12"),
        ("signal-2023-05-04-10-11-12-345", "2023-05-04T10:11:12"),
        ("WP_20130504_10_11_12_Pro", "2013-05-04T10:11:12"),
        ("FB_IMG_1683195072123", "2023-05-04T10:11:12+00:00"),
        ("mmexport1683195072123", "2023-05-04T10:11:12+00:00"),
        ("20230504_998877", "2023-05-04T00:00:00"),
        ("2023-05-04", "2023-05-04T00:00:00"),
        ("DSC_0042", None),
        ("IMG_1234", None),
        ("P1010042", None),
        ("120230504101112", None),
        ("20231345_101112", None),
        ("12345678901234567890", None),
        ("3f2023050410b1a2c3d4e5f60718293a", None),
        ("holiday 2023", None),
        ("", None),
    ],
)
def test_the_time_in_a_name_is_found(stem: str, expected: str | None) -> None:
    assert named(stem) == expected


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), 1e300, -1e300, 10.0**14])
def test_a_clock_beyond_the_calendar_is_none(seconds: float) -> None:
    assert since_1970(seconds) is None


@settings(deadline=None)
@given(seconds=st.floats())
def test_any_clock_is_a_sane_time_or_none(seconds: float) -> None:
    moment = since_1970(seconds)
    assert moment is None or FIRST_YEAR <= datetime.fromisoformat(moment).year <= LAST_YEAR


def test_the_time_of_a_file_is_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert of_file(1683195072 * 10**9 + 5) == "2023-05-04T19:11:12"
        assert of_file(2**63) is None
    finally:
        monkeypatch.delenv("TZ")
        os.environ.pop("TZ", None)
        time.tzset()
