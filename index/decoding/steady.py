"""Read a file as it is at one moment, or say that it does not hold still."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import TypeVar

from index.records import FileState
from vlm.errors import ImageUnreadable, system_reason

T = TypeVar("T")

TRIES = 2


class FileUnread(ImageUnreadable):
    """The system could not read the file, which says nothing about what is in it."""


def read_steadily(
    path: Path, read: Callable[[BufferedReader], tuple[bytes, T]]
) -> tuple[FileState, T]:
    """Call ``read`` on a file; it reads all of it and gives back its SHA-256 and anything else.

    Where size or time of change differ afterwards, it is called once more. Raises `FileUnread`
    when the file cannot be read, is no regular file, or changes again.
    """
    try:
        with _opened(path) as file:
            for _ in range(TRIES):
                before = os.fstat(file.fileno())
                if not stat.S_ISREG(before.st_mode):
                    raise FileUnread(path, "not a regular file")
                file.seek(0)
                digest, result = read(file)
                after = os.fstat(file.fileno())
                same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
                if same and file.tell() == after.st_size:
                    return FileState(path, digest, after.st_size, after.st_mtime_ns), result
    except OSError as error:
        raise FileUnread(path, system_reason(error)) from None
    raise FileUnread(path, "it changes while it is read; index it again once it is complete")


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    # A pipe that took the place of the file since the scan would block without the flag.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        yield file
