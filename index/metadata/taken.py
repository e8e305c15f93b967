"""When a photo was taken, out of every notation in use: one ISO 8601 text, or None.

All results are local time at the place of the shot, with the offset from UTC where it is known.
A date that cannot be (the zeros of an unset clock, 31 February, the year 9999) is None; seconds
beyond 59, of which there are leap ones and the work of bad programs, are 59.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

FIRST_YEAR, LAST_YEAR = 1826, 2100
"""The oldest photograph is of 1826 or 1827; a scan may be dated by what it shows."""

_WHEN = re.compile(
    r"\s*(?P<year>\d{4})[:\-./ ]?(?P<month>\d\d)[:\-./ ]?(?P<day>\d\d)"
    r"(?:[T ]*(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d))?(?:[.,](?P<fraction>\d+))?"
    r"\s*(?P<offset>Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)

_OFFSET = re.compile(r"\s*(?:(?P<zulu>Z)|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d))", re.A)

_DAY = r"(?P<year>(?:19|20)\d\d)(?P<gap>[-_.]?)(?P<month>\d\d)(?P=gap)(?P<day>\d\d)"
_CLOCK = r"(?P<hour>\d\d|\d(?=[.:]))(?P<sep>[-_.:\uf022]?)(?P<minute>\d\d)(?P=sep)(?P<second>\d\d)"
_NAMED = re.compile(
    # Letters may touch the date in front (IMG20230504), digits not: that would be a longer number.
    rf"(?:^|[^0-9A-Za-z])(?P<prefix>[A-Za-z]*[-_ ]?)\(?{_DAY}"
    rf"(?:(?:[T_\- .,]{{0,3}}|\s+(?:at|um|à|om)\s+){_CLOCK}(?P<fraction>\d{{3}})?"
    r"(?:[\s\u202f]*(?P<half>[AP]M))?)?(?![0-9])",
    re.ASCII | re.IGNORECASE,
)
_NAMED_BY_CLOCK = re.compile(r"(?:FB_IMG_|mmexport|wx_camera_|received_)(1\d{12})(?!\d)")
_HEXADECIMAL = re.compile(r"(?=.*[a-f])[0-9a-f-]{24,}", re.IGNORECASE)


def written(
    text: str | None, *, offset: str | None = None, fraction: str | None = None
) -> str | None:
    """A time as EXIF, XMP or IPTC write it; EXIF has offset and fraction in tags of their own.

    >>> written("2023:05:04 10:11:12", offset="+02:00", fraction="5")
    '2023-05-04T10:11:12.500+02:00'
    >>> written("2023-05-04T10:11Z"), written("20230504"), written("0000:00:00 00:00:00")
    ('2023-05-04T10:11:00+00:00', '2023-05-04T00:00:00', None)
    """
    found = _WHEN.match(text or "")
    if found is None:
        return None
    told = found.groupdict()
    return _moment(
        told, told["fraction"] or (fraction or "").strip(), told["offset"] or offset or ""
    )


def named(stem: str) -> str | None:
    """The time that a camera, phone or messenger put into a file's name (without its suffix).

    Pixel phones write UTC, all others local time.

    >>> named("IMG_20230504_101112"), named("IMG-20230504-WA0001")
    ('2023-05-04T10:11:12', '2023-05-04T00:00:00')
    >>> named("PXL_20230504_101112345"), named("DSC_0042")
    ('2023-05-04T10:11:12.345+00:00', None)
    """
    by_clock = _NAMED_BY_CLOCK.match(stem)
    if by_clock:
        return since_1970(int(by_clock[1]) / 1000)
    if _HEXADECIMAL.fullmatch(stem):  # a digest has any digits
        return None
    for found in _NAMED.finditer(stem):
        told = found.groupdict()
        if told["half"] and told["hour"]:
            told["hour"] = _of_24(told["hour"], told["half"])
        utc = told["prefix"].upper().startswith("PXL") and told["hour"]
        moment = _moment(told, told["fraction"] or "", "Z" if utc else "")
        day = _moment({**told, "hour": None, "minute": None, "second": None}, "", "")
        if moment or day:
            return moment or day
    return None


def since_1970(seconds: float) -> str | None:
    """A Unix time, as Takeout writes it; in UTC, since nothing says where it was.

    >>> since_1970(1683195072)
    '2023-05-04T10:11:12+00:00'
    """
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):  # not-a-number, or beyond the calendar
        return None
    return moment.replace(microsecond=0).isoformat() if _plausible(moment) else None


def of_file(mtime_ns: int) -> str | None:
    """When a file was last changed, by the clock of this machine."""
    try:
        moment = datetime.fromtimestamp(mtime_ns // 10**9)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.isoformat() if _plausible(moment) else None


def _moment(told: dict[str, str | None], fraction: str, offset: str) -> str | None:
    year, month, day, hour, minute, second = (
        int(told[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")
    )
    exact = fraction.isascii() and fraction.isdigit()
    thousandths = int(fraction[:3].ljust(3, "0")) if exact else 0
    try:
        moment = datetime(
            year,
            month,
            day,
            hour,
            minute,
            min(second, 59),
            1000 * thousandths,
            tzinfo=_zone(offset),
        )
    except ValueError:
        return None
    if not _plausible(moment):
        return None
    return moment.isoformat(timespec="milliseconds" if exact else "seconds")


def _plausible(moment: datetime) -> bool:
    return FIRST_YEAR <= moment.year <= LAST_YEAR


def _zone(offset: str) -> timezone | None:
    found = _OFFSET.match(offset)
    if found is None:
        return None
    if found["zulu"]:
        return UTC
    span = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    if span > timedelta(hours=14):  # no place on earth
        return None
    return timezone(-span if found["sign"] == "-" else span)


def _of_24(hour: str, half: str) -> str:
    return str(int(hour) % 12 + (12 if half.upper() == "PM" else 0))
