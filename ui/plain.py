"""File names, captions and replies as the text they are, where Streamlit would read Markdown."""

from __future__ import annotations

import re
from calendar import month_abbr
from pathlib import Path

from ui.output import printable

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def escaped(text: str) -> str:
    r"""Markdown that shows ``text`` as it is: CommonMark lets any ASCII punctuation be escaped.

    >>> print(escaped("my_photo_[1].png"))
    my\_photo\_\[1\]\.png
    """
    return _PUNCTUATION.sub(r"\\\1", text)


def counted(number: int, noun: str) -> str:
    """A count with its noun, in the plural where it is one.

    >>> counted(1, "photo"), counted(12345, "photo")
    ('1 photo', '12,345 photos')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def shown_date(iso: str) -> str:
    """The day of a date in ISO 8601.

    >>> shown_date("2023-05-12T10:30:00+02:00"), shown_date("2023-05")
    ('12 May 2023', 'May 2023')
    """
    year, month, day = (*iso[:10].split("-"), "", "")[:3]
    said = (day.lstrip("0"), month_abbr[int(month)] if month else "", year)
    return " ".join(filter(None, said))


def shown_name(name: str) -> str:
    r"""A file name for the page: what is invisible, or no Unicode at all, as an escape.

    >>> shown_name("a\u202egnp.exe"), shown_name("caf\udce9.png")
    ('a\\u202egnp.exe', 'caf\\udce9.png')
    """
    return printable(name).encode("utf-8", "backslashreplace").decode("utf-8")


def shown_path(path: Path, home: Path | None = None) -> str:
    """A path as it is shown, shorter where it is below the home folder.

    >>> shown_path(Path("/home/ada/photos/sea"), home=Path("/home/ada"))
    '~/photos/sea'
    """
    home = home or Path.home()
    below = path.is_relative_to(home)
    return shown_name(f"~/{path.relative_to(home)}" if below else str(path))
