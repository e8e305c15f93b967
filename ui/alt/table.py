"""Alternative texts of uploaded photos as a CSV download."""

from __future__ import annotations

from collections.abc import Iterable

from ui.alt.out_file import csv_line, harmless_path, harmless_text


def alt_csv(rows: Iterable[tuple[str, str]]) -> bytes:
    r"""File names with their alternative texts, in UTF-8 with the mark that spreadsheets look for.

    >>> alt_csv([("cat.jpg", "A cat, asleep.")]).decode("utf-8-sig")
    'path,alt_text\ncat.jpg,"A cat, asleep."\n'
    """
    cells = ((harmless_path(name), harmless_text(alt)) for name, alt in rows)
    table = "".join(map(csv_line, [("path", "alt_text"), *cells]))
    return table.encode("utf-8-sig", "backslashreplace")
