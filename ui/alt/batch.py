"""A batch: photos are read ahead, described once each, and told place by place in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from index.records import Skipped
from ui.alt.contents import Contents, Wanted
from ui.alt.deciding import Decided, Decider, skipped
from ui.alt.places import Place, Unit
from ui.alt.writing import Writer
from ui.describing import AltText
from ui.errors import ModelGaveUp
from vlm.errors import ImageUnreadable, ModelDeclined, PathMissing, RemoteModelFailed, ReplyEmpty

AHEAD = 8
"""Photos that are read ahead: up to 7 MB each where a remote model is to see them."""

MOST_FAILURES = 5
"""Failures of a model in a row after which the next would most likely fail too."""


@dataclass(frozen=True, slots=True)
class Look:
    """A place whose photo, on its way, decides what it says."""

    place: Place
    wanted: Wanted


@dataclass(slots=True)
class Batch:
    """What works together in one run."""

    contents: Contents
    decider: Decider
    writer: Writer
    _failures: int = field(default=0, init=False)

    def run(
        self, units: Iterable[Unit | Skipped]
    ) -> Iterator[tuple[bool, list[AltText | Skipped]]]:
        """Decide every place, unit by unit.

        Raises `ModelGaveUp`, and what the describer raises of itself.
        """
        decided: list[Decided | Skipped] = []
        for unit, step in self._ahead(units):
            if unit is None:
                assert isinstance(step, Skipped)
                yield True, [step]
            elif step is None:
                yield True, list(self.writer.write(unit, decided))
                decided = []
            elif isinstance(step, Look):
                decided.append(self._look(unit, step))
                yield False, []  # pages with many photos take a while
            else:
                decided.append(step)

    def _ahead(
        self, units: Iterable[Unit | Skipped]
    ) -> Iterator[tuple[Unit | None, Decided | Skipped | Look | None]]:
        """Units with each of their places and None at their end; Skipped without a unit."""
        window: deque[tuple[Unit | None, Decided | Skipped | Look | None]] = deque()
        waiting = 0
        for unit, step in self._steps(units):
            window.append((unit, step))
            waiting += isinstance(step, Look)
            while waiting >= AHEAD or (window and not waiting):
                first = window.popleft()
                waiting -= isinstance(first[1], Look)
                yield first
        yield from window

    def _steps(
        self, units: Iterable[Unit | Skipped]
    ) -> Iterator[tuple[Unit | None, Decided | Skipped | Look | None]]:
        for unit in units:
            if isinstance(unit, Skipped):
                yield None, unit
                continue
            for place in unit.places:
                decided = self.decider.from_page(unit, place)
                if decided is None:
                    assert place.photo is not None
                    yield unit, Look(place, self.contents.want(place.photo))
                else:
                    yield unit, decided
            yield unit, None

    def _look(self, unit: Unit, look: Look) -> Decided | Skipped:
        place = look.place
        try:
            content = self.contents.get(look.wanted)
            decided = self.decider.from_photo(unit, place, content)
        except ImageUnreadable as error:
            return skipped(unit, place, error.reason)
        except PathMissing:
            return skipped(unit, place, "there is no such file")
        except (ReplyEmpty, ModelDeclined) as error:
            return skipped(unit, place, str(error))
        except RemoteModelFailed as error:
            self._failures += 1
            if self._failures >= MOST_FAILURES:
                raise ModelGaveUp(self._failures, str(error)) from error
            return skipped(unit, place, str(error))
        self._failures = 0
        return decided
