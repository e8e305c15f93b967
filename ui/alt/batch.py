"""A batch: photos are read ahead, described once each, and told place by place in order.

Where a model answers several requests at once, the drafts of the next photos are made together,
while those after them are read; what is written into places is still written one by one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from index.records import Skipped
from ui.alt.contents import Content, Contents, Wanted
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


@dataclass(slots=True)
class Look:
    """A place whose photo decides what it says: on its way, or there and drafted with others."""

    place: Place
    wanted: Wanted | Content
    drafted: bool = False


Step: TypeAlias = "tuple[Unit | None, Decided | Skipped | Look | None]"
"""A unit with one of its places, or with None at its end; Skipped comes without a unit."""


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

    def _ahead(self, units: Iterable[Unit | Skipped]) -> Iterator[Step]:
        """Units with each of their places, while the photos of the next ones are read."""
        window: deque[Step] = deque()
        waiting, most = 0, AHEAD + self.decider.drafter.at_once - 1
        for unit, step in self._steps(units):
            window.append((unit, step))
            waiting += isinstance(step, Look)
            while waiting >= most or (window and not waiting):
                waiting -= isinstance(window[0][1], Look)
                yield self._next(window)
        while window:
            yield self._next(window)

    def _next(self, window: deque[Step]) -> Step:
        """The first step, drafted with those after it where a model makes several at once."""
        first, at_once = window[0][1], self.decider.drafter.at_once
        if at_once > 1 and isinstance(first, Look) and not first.drafted:
            looks = (step for _, step in window if isinstance(step, Look) and not step.drafted)
            self._draft([*islice(looks, at_once)])
        return window.popleft()

    def _draft(self, looks: list[Look]) -> None:
        photos = []
        for look in looks:
            look.drafted = True
            try:
                look.wanted = self._content(look)
            except (ImageUnreadable, PathMissing) as error:
                look.wanted = error
            else:
                if look.wanted.image is not None:
                    photos.append((look.wanted.known, look.wanted.image))
        if len(photos) > 1:
            self.decider.drafter.make(photos)

    def _content(self, look: Look) -> Content:
        return look.wanted if isinstance(look.wanted, Content) else self.contents.get(look.wanted)

    def _steps(self, units: Iterable[Unit | Skipped]) -> Iterator[Step]:
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
            decided = self.decider.from_photo(unit, place, self._content(look))
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
