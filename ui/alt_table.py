"""Alternative texts of uploaded photos as a CSV download."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from ui.alt_file import harmless_path, harmless_text


def alt_csv(rows: Iterable[tuple[str, str]]) -> bytes:
    r"""File names with their alternative texts, in UTF-8 with the mark that spreadsheets look for.

    >>> alt_csv([("cat.jpg", "A cat, asleep.")]).decode("utf-8-sig")
    'path,alt_text\ncat.jpg,"A cat, asleep."\n'
    """
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(("path", "alt_text"))
    table.writerows((harmless_path(name), harmless_text(alt)) for name, alt in rows)
    return stream.getvalue().encode("utf-8-sig", "backslashreplace")
