"""Put the words that a person accepted where a run has put others: into pages, photos, sidecars.

Only what still says the former words is changed, as a run of its own, which can be taken back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from index.catalogue.catalogue import Catalogue
from index.catalogue.ledger_records import AltRun, AltWrite, Known
from index.metadata.writing.errors import TextNotWritten
from index.metadata.writing.planning import Plan, plan_embedding, plan_sidecar
from index.metadata.writing.telling import tell_written
from index.paths import absolute
from index.records import Skipped
from ui.alt.pages import page_unit, page_with
from ui.alt.places import Place, UnitKind
from ui.alt.recording import Recorder
from ui.alt.undoing import CHANGED, take_back
from vlm.alt.roles import role_of
from vlm.errors import ImageUnreadable, PathMissing

REVIEW = "review"
"""What the ledger calls the model of a run that wrote a person's words."""

NEEDED = "it is all that its link or button says, so it is not left without words"


def reword(
    catalogue: Catalogue,
    standing: Sequence[tuple[AltRun, AltWrite]],
    files: Sequence[Path],
    alt: str,
    extended: str,
) -> Iterator[int | Skipped]:
    """Write a text, empty for a decorative photo, into each place; how many of a file were done.

    ``files`` hold the photo that all of the places are about.
    """
    review = catalogue.begin_run(REVIEW, "", "{}")
    recorder = Recorder(catalogue, review)
    for (path, kind), group in groupby(standing, key=lambda pair: (pair[1].path, pair[1].kind)):
        some = list(group)
        try:
            if kind in ("html", "markdown"):
                page: UnitKind = "html" if kind == "html" else "markdown"
                yield from _page(recorder, path, page, [write for _, write in some], alt)
            elif not alt:  # a photo file that says nothing is one without the text
                for run, write in some:
                    for result in take_back(catalogue, run, [write]):
                        yield result if isinstance(result, Skipped) else result.texts
            else:
                for run, write in some:
                    _photo(catalogue, recorder, run, write, files, alt, extended)
                    yield 1
        except (TextNotWritten, ImageUnreadable) as error:
            yield Skipped(path, error.reason)
        except PathMissing:
            yield Skipped(path, "there is no such file")
    catalogue.end_run(review)


def _page(
    recorder: Recorder, path: Path, kind: UnitKind, writes: Sequence[AltWrite], alt: str
) -> Iterator[int | Skipped]:
    unit = page_unit(path, kind, [])
    if isinstance(unit, Skipped):
        yield unit
        return
    former = {(write.src, write.alt) for write in writes}
    there = [place for place in unit.places if (place.context.src, place.context.alt) in former]
    if not there:
        yield Skipped(path, CHANGED)
    kept = [] if alt else [place for place in there if _names_its_link(place)]
    yield from (Skipped(Path(f"{path}:{place.line}"), NEEDED) for place in kept)
    new = [place for place in there if place not in kept]
    if new:
        assert unit.state is not None
        after, splices = page_with(unit.data, [(place, alt) for place in new])
        made = [
            AltWrite(
                *(unit.state.path, writes[0].kind, place.context.src, place.context.alt, alt),
                *(writes[0].digest, place.line, None, (splice,)),
            )
            for place, splice in zip(new, splices, strict=True)
        ]
        recorder.put_page(unit.state, after, made)
        yield len(new)


def _names_its_link(place: Place) -> bool:
    return role_of(place.context, draft=place.context.alt or "").role == "functional"


def _photo(
    catalogue: Catalogue,
    recorder: Recorder,
    run: AltRun,
    write: AltWrite,
    files: Sequence[Path],
    alt: str,
    extended: str,
) -> None:
    language = str(json.loads(run.options).get("language", "en"))
    plan = _plan(write, files, alt, extended, language)
    if plan is None or write.alt not in [
        text for said in plan.undo.said.values() for _, text in said
    ]:
        raise TextNotWritten(write.path, CHANGED)
    state = recorder.put_in_photo(
        plan,
        AltWrite(plan.undo.path, write.kind, plan.photo.name, write.alt, alt, write.digest),
    )
    if state is not None:
        tell_written(catalogue, plan, state)
    if write.kind == "iptc" and state is not None and plan.before is not None:
        known = Known(state.hash, alt)
        catalogue.put_content(absolute(plan.photo), state.size, state.mtime_ns, known)
        catalogue.same_picture(plan.before.hash, state.hash)


def _plan(
    write: AltWrite, files: Sequence[Path], alt: str, extended: str, language: str
) -> Plan | None:
    if write.kind == "iptc":
        return plan_embedding(write.path, alt, extended, language=language)
    plans = (plan_sidecar(photo, alt, extended, language=language) for photo in files)
    return next((plan for plan in plans if plan.undo.path == write.path), None)
