"""Decided texts into their places: pages, photos, sidecars and the library's notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from index.catalogue.catalogue import Catalogue
from index.catalogue.ledger_records import AltWrite, Known, Splice, TargetKind
from index.metadata.writing.errors import TextNotWritten
from index.metadata.writing.planning import Plan, plan_embedding, plan_sidecar
from index.metadata.writing.telling import tell_written
from index.paths import absolute
from index.records import Skipped
from ui.alt.deciding import Decided
from ui.alt.drafting import Drafter
from ui.alt.options import Options
from ui.alt.pages import page_with
from ui.alt.places import Unit
from ui.alt.recording import Recorder
from ui.describing import AltText
from vlm.errors import ImageUnreadable, PathMissing

ShowPage: TypeAlias = Callable[[Path, bytes, bytes], None]

_INTO_PHOTOS: dict[TargetKind, Callable[..., Plan]] = {
    "xmp": plan_sidecar,
    "iptc": plan_embedding,
}


@dataclass(frozen=True, slots=True)
class Writer:
    """``recorder`` is None for a dry run, which writes nothing but shows pages before and after."""

    options: Options
    catalogue: Catalogue
    drafter: Drafter
    recorder: Recorder | None
    show_page: ShowPage | None = None

    def write(
        self, unit: Unit, decided: Sequence[Decided | Skipped]
    ) -> Iterator[AltText | Skipped]:
        """Write what was decided for a unit, and tell what became of it."""
        if unit.kind == "photo":
            for one in decided:
                yield from [one] if isinstance(one, Skipped) else self._photo(unit.path, one)
        else:
            yield from self._page(unit, decided)

    def _page(
        self, unit: Unit, decided: Sequence[Decided | Skipped]
    ) -> Iterator[AltText | Skipped]:
        new = [one for one in decided if isinstance(one, Decided) and _is_new(one)]
        in_place = unit.kind in self.options.writes and self.recorder is not None
        written = in_place and bool(new)
        if in_place:
            whole = all(isinstance(one, Decided) for one in decided)
            try:
                self._put_page(unit, new, whole)
            except TextNotWritten as error:
                yield Skipped(unit.path, f"not written ({error.reason})")
                decided = [one for one in decided if one not in new]
        elif new and self.show_page is not None:
            self.show_page(unit.path, unit.data, self._page_with(unit, new)[0])
        for one in decided:
            if isinstance(one, Skipped):
                yield one
            elif one in new:
                yield replace(one.told, status="written") if written else one.told
            else:
                kept = one.told.status == "new"  # it says so already
                yield replace(one.told, status="kept") if kept else one.told

    def _put_page(self, unit: Unit, new: Sequence[Decided], whole: bool) -> None:
        """Write a page, if there is anything new; ``whole``: nothing in it was left out."""
        assert self.recorder is not None and unit.state is not None
        state = unit.state
        if new:
            after, splices = self._page_with(unit, new)
            state = self.recorder.put_page(state, after, list(_writes(unit, new, splices)))
        if whole:
            self.recorder.finish_page(state)

    def _page_with(self, unit: Unit, new: Sequence[Decided]) -> tuple[bytes, list[Splice]]:
        return page_with(unit.data, [(one.place, one.told.alt_text) for one in new])

    def _photo(self, photo: Path, one: Decided) -> Iterator[AltText | Skipped]:
        told = one.told
        if told.status != "new" or self.recorder is None:
            yield told
            return
        assert one.digest is not None
        prompt = self.drafter.prompt
        self.recorder.note(photo, one.digest, "alt", told.alt_text, prompt)
        if told.extended:
            self.recorder.note(photo, one.digest, "extended", told.extended, prompt)
        for kind, plan in _INTO_PHOTOS.items():
            if kind in self.options.writes:
                language = self.options.language
                try:
                    planned = plan(photo, told.alt_text, told.extended, language=language)
                    told = self._put_in_photo(photo, kind, planned, one, told)
                except (TextNotWritten, ImageUnreadable) as error:
                    yield Skipped(photo, f"not written ({error.reason})")
                except PathMissing:
                    yield Skipped(photo, "there is no such file")
        yield told

    def _put_in_photo(
        self, photo: Path, kind: TargetKind, plan: Plan, one: Decided, told: AltText
    ) -> AltText:
        assert self.recorder is not None and one.digest is not None
        said = [text for values in plan.undo.said.values() for _, text in values]
        if said and not self.options.replace:  # it was put there since the photo was looked at
            return replace(told, status="kept")
        if not plan.changes:  # another copy of it, or a run that was killed, wrote it
            return told if told.status == "written" else replace(told, status="kept")
        write = AltWrite(
            *(plan.undo.path, kind, told.path.name, said[0] if said else None),
            *(told.alt_text, one.digest),
        )
        state = self.recorder.put_in_photo(plan, write)
        if state is not None:
            tell_written(self.catalogue, plan, state)
        if kind == "iptc" and state is not None:  # the same photo with other bytes around it
            known = Known(state.hash, told.alt_text)
            self.catalogue.put_content(absolute(photo), state.size, state.mtime_ns, known)
            self.drafter.same(one.digest, state.hash)
        return replace(told, status="written")


def _writes(unit: Unit, new: Sequence[Decided], splices: Sequence[Splice]) -> Iterator[AltWrite]:
    kind: TargetKind = "markdown" if unit.kind == "markdown" else "html"
    for one, splice in zip(new, splices, strict=True):
        yield AltWrite(
            unit.path,
            kind,
            one.place.context.src,
            before=one.place.context.alt,
            alt=one.told.alt_text,
            digest=one.digest,
            line=one.place.line,
            splices=(splice,),
        )


def _is_new(one: Decided) -> bool:
    return one.told.status == "new" and one.told.alt_text != one.place.context.alt
