"""Read the files that changed, ahead of what embeds them.

Files of a size that is known are hashed first, since a moved or copied photo needs neither
decoding nor embedding. Those whose facts are not told by their content alone, and those whose facts
are to be read in a new way, are decoded; what embeds them sees that their vectors are there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace

from index.catalogue.catalogue import Catalogue
from index.catalogue.records import Model
from index.decoding.decode import Decoded, Decoder
from index.records import FileState
from index.scanning.changes import Changes
from index.scanning.scan import Found
from vlm.errors import ImageUnreadable

_AHEAD = 64
"""Files that are decoded ahead of the embedder: 200 kB each at 256 pixels."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be read, and the error that says why."""

    found: Found
    error: ImageUnreadable


def read_changes(
    catalogue: Catalogue, model: Model, changes: Changes, decoder: Decoder
) -> Iterator[Decoded | Refused]:
    """Decode what is to be read; ``image`` is None where the content needs no embedding."""
    todo = iter(changes.todo)
    window: deque[tuple[Found, Future[Decoded] | Future[FileState]]] = deque()
    while True:
        while len(window) < _AHEAD and (found := next(todo, None)) is not None:
            own_facts = found.sidecar_ns or found.file in changes.known
            decode = own_facts or not catalogue.knows_size(found.size)
            read = decoder.submit if decode else decoder.hash
            window.append((found, read(found.path)))
        if not window:
            return
        found, job = window.popleft()
        try:
            result = job.result()
        except ImageUnreadable as error:
            yield Refused(found, error)
            continue
        if isinstance(result, Decoded):
            state = replace(result.state, sidecar_ns=found.sidecar_ns)
            yield replace(result, state=state)
            continue
        facts = catalogue.facts(result.hash, model)
        if facts is None:  # another file of the same size, or facts that are not its own
            window.append((found, decoder.submit(found.path)))
        else:
            yield Decoded(result, facts, None, 0.0)
