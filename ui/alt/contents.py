"""The photos of a batch, read ahead of what describes them; none is read that need not be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from index.catalogue.catalogue import Catalogue
from index.catalogue.ledger_records import Known
from index.decoding.decode import Decoded, Decoder, unpacked
from index.decoding.shape import Whole
from index.decoding.worker import reply
from index.paths import absolute
from vlm.errors import ImageUnreadable, PathMissing, system_reason

if TYPE_CHECKING:
    from PIL.Image import Image

Submit: TypeAlias = Callable[[Path], "Future[Decoded]"]

FEW = 8
"""So many photos are read in this process: starting others would take longer."""

_WORKERS = 2


@dataclass(frozen=True, slots=True)
class Content:
    """``image`` is None where nothing is to be asked about it."""

    known: Known
    image: Image | None = None


Wanted: TypeAlias = "Known | Future[Decoded] | ImageUnreadable | PathMissing"


class Contents:
    """What files hold; ``enough`` says whether that is all that there is to know of a photo."""

    def __init__(
        self, catalogue: Catalogue, submit: Submit, enough: Callable[[Known], bool]
    ) -> None:
        self._catalogue = catalogue
        self._submit = submit
        self._enough = enough

    def want(self, path: Path) -> Wanted:
        """Start reading a photo, unless it is known and did not change."""
        try:
            state = path.stat()
        except FileNotFoundError:
            return PathMissing(path)
        except OSError as error:
            return ImageUnreadable(path, system_reason(error))
        held = self._catalogue.content_of(absolute(path), state.st_size, state.st_mtime_ns)
        if held is not None and self._enough(held):
            return held
        return self._submit(path)

    def get(self, wanted: Wanted) -> Content:
        """The content that was wanted. Raises `PathMissing` or `ImageUnreadable`."""
        if isinstance(wanted, Exception):
            raise wanted
        if isinstance(wanted, Known):
            return Content(wanted)
        decoded = wanted.result()
        state = decoded.state
        known = Known(state.hash, decoded.facts.alt_text)
        self._catalogue.put_content(absolute(state.path), state.size, state.mtime_ns, known)
        return Content(known, decoded.image)


@contextmanager
def reading(side: int, photos: int) -> Iterator[Submit]:
    """Read images of at most ``side`` pixels a side: in other processes, unless they are few."""
    if photos > FEW:
        with Decoder(Whole(side), _WORKERS) as decoder:
            decoder.start()  # while what is known already is looked through
            yield decoder.submit
    else:
        with ThreadPoolExecutor(1) as pool:
            yield lambda path: pool.submit(_read, path, side)
            pool.shutdown(cancel_futures=True)


def _read(path: Path, side: int) -> Decoded:
    return unpacked(path, reply(os.fsencode(path), Whole(side)))
