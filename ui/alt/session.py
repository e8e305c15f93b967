"""A batch put together: the library with its ledger, the model, the readers of photos."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from index.catalogue.catalogue import Catalogue
from index.catalogue.ledger_records import AltRun
from index.errors import LibraryReadOnly
from index.library import Library
from index.lock import BATCH, only_writer
from index.records import Skipped
from ui.alt.batch import Batch
from ui.alt.contents import Contents, reading
from ui.alt.deciding import Decider
from ui.alt.drafting import Drafter
from ui.alt.options import Options
from ui.alt.pages import page_unit
from ui.alt.places import Place, Target, Unit
from ui.alt.recording import Recorder
from ui.alt.witnesses import checker, text_reader
from ui.alt.writing import ShowPage, Writer
from ui.describing import READ_SIZE, AltText
from ui.errors import BatchBusy
from ui.output import tell
from ui.settings import Settings
from vlm.alt.context import ImageContext
from vlm.errors import LibraryBusy, LibraryFull
from vlm.tasks import task_prompt
from vlm.usage import Metered

if TYPE_CHECKING:
    from PIL.Image import Image

    from vlm.protocols import Describer

_SIDES = {"starter": 512}
"""Pixels of the longer side that a describer gets at most; the starter looks at 256."""
_SIDE, _REMOTE_SIDE = 1024, 1536

FORESEEN = 500
"""Photos about which the ledger is asked at once."""


@dataclass(slots=True)
class Session:
    """A batch that is ready to run; ``done`` of ``total`` photos and pages are finished."""

    batch: Batch
    targets: Sequence[Target | Skipped]
    sites: Sequence[Path]
    describer: Describer
    catalogue: Catalogue
    run: AltRun | None
    meter: Metered | None
    done: int = field(default=0, init=False)

    @property
    def total(self) -> int:
        """How many photos and pages there are."""
        return len(self.targets)

    @property
    def usage(self) -> str:
        """What a remote model has cost so far, where its server tells."""
        return str(self.meter.usage) if self.meter else ""

    def results(self) -> Iterator[AltText | Skipped | None]:
        """Do it; None where a photo was looked at that is not told yet. Then the run is over.

        Raises as `Batch.run` does.
        """
        for finished, told in self.batch.run(self._units()):
            self.done += finished
            yield from told
            if not finished:
                yield None
        if self.run is not None:
            self.catalogue.end_run(self.run)

    def _units(self) -> Iterator[Unit | Skipped]:
        recorder, drafter = self.batch.writer.recorder, self.batch.decider.drafter
        for number, target in enumerate(self.targets):
            if not number % FORESEEN:
                some = self.targets[number : number + FORESEEN]
                photos = [t[0] for t in some if not isinstance(t, Skipped)]
                self.catalogue.foresee(photos, drafter.model, drafter.prompt)
            if isinstance(target, Skipped):
                yield target
                continue
            path, kind = target
            if kind == "photo":
                yield Unit(path, kind, [Place(ImageContext(src=path.name), path)])
            elif recorder is not None and recorder.finished(path):
                self.done += 1
            else:
                yield page_unit(path, kind, self.sites)


@contextmanager
def session(
    settings: Settings,
    targets: Sequence[Target | Skipped],
    options: Options,
    described: str,
    *,
    sites: Sequence[Path] = (),
    show_page: ShowPage | None = None,
) -> Iterator[Session]:
    """Open what a batch needs; ``described`` tells its run from others.

    Raises what loading the model and opening the library raise, and `BatchBusy`. A library that
    cannot be written keeps nobody from texts that are only printed.
    """
    from vlm.registry import load_describer

    describer = load_describer(settings.describer)
    task_prompt("alt_text", describer, language=options.language)  # whether it can at all
    check = checker(settings, describer, options.language) if options.checked else None
    with ExitStack() as stack:
        catalogue = stack.enter_context(_ledger(settings.library, options)).catalogue
        submit = stack.enter_context(reading(_side(settings.describer), len(targets)))
        read_text = text_reader(catalogue, _look) if options.text else None
        drafter = Drafter(
            catalogue,
            describer,
            language=options.language,
            check=check,
            over_people=options.replace,
        )
        decider = Decider(options, drafter, _look, read_text)
        run = None
        if not options.dry_run:
            run = catalogue.begin_run(drafter.model, drafter.prompt, described)
        recorder = None if run is None else Recorder(catalogue, run)
        writer = Writer(options, catalogue, drafter, recorder, show_page)
        contents = Contents(catalogue, submit, drafter.enough)
        # Asked once: whether something fits a protocol takes as long as a look into the ledger.
        meter = describer if isinstance(describer, Metered) else None
        batch = Batch(contents, decider, writer)
        yield Session(batch, targets, sites, describer, catalogue, run, meter)


@contextmanager
def _ledger(folder: Path, options: Options) -> Iterator[Library]:
    with ExitStack() as stack:
        try:
            library = stack.enter_context(Library.open(folder, create=True))
            stack.enter_context(_alone(folder))
        except (LibraryFull, LibraryReadOnly) as error:
            if options.in_place:
                raise  # what is changed in files must be remembered, to be taken back
            tell(f"The texts will not be remembered. {error}")
            passing = Path(stack.enter_context(TemporaryDirectory(prefix="vlm-")))
            library = stack.enter_context(Library.open(passing, create=True))
        yield library


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two batches at once would describe the same photos twice."""
    with ExitStack() as stack:
        try:
            stack.enter_context(only_writer(folder, BATCH))
        except LibraryBusy:
            raise BatchBusy(folder) from None
        yield


def _side(describer: str) -> int:
    default = _REMOTE_SIDE if describer.startswith("openai:") else _SIDE
    return _SIDES.get(describer, default)


def _look(path: Path) -> Image:
    from vlm.images import read_image

    return read_image(path, size=READ_SIZE)
