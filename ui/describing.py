"""Captions, answers and alternative texts for photo files. Plain Python: no Streamlit, no Typer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Literal, TypeAlias

from index.records import Skipped
from ui.settings import Settings
from vlm.alt.wording import MAX_LENGTH
from vlm.errors import ImageUnreadable, PathMissing, ReplyEmpty

if TYPE_CHECKING:
    from PIL.Image import Image

    from vlm.protocols import BatchDescriber, Describer

READ_SIZE = 1024
"""Pixels a side that describers get at least, where the photo has them; a 12-megapixel JPEG is then
decoded at half its size."""


@dataclass(frozen=True, slots=True)
class Captioned:
    """A photo and a line about it."""

    path: Path
    caption: str
    model: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Answered:
    """A photo, a question about it, and the answer."""

    path: Path
    question: str
    answer: str
    model: str
    seconds: float


Status: TypeAlias = Literal["new", "written", "kept", "review"]


@dataclass(frozen=True, slots=True)
class AltText:
    """A photo and its alternative text, empty for a decorative image.

    ``status``: "new", "written" (into the page or the photo), "kept" (it was there already) or
    "review" (a person should look first, nothing was written). ``author``: who the words are by,
    "human", "file", "model" or "page". ``page`` and ``line`` say where it stands in a page.
    """

    path: Path
    alt_text: str
    model: str
    seconds: float
    status: Status = "new"
    author: Literal["human", "file", "model", "page"] = "model"
    role: str = "informative"
    extended: str = ""
    page: Path | None = None
    line: int | None = None


def captions(
    settings: Settings, photos: Sequence[Path | Skipped], *, detailed: bool = False
) -> Iterator[Captioned | Skipped]:
    """Caption files in order; a file that cannot be read is `Skipped` and the rest goes on.

    Several at once where the model does that. Raises `PathMissing` before the first caption, and
    what `vlm.registry.load_describer` and `vlm.tasks.caption` raise.
    """
    from vlm.protocols import BatchDescriber
    from vlm.registry import load_describer
    from vlm.tasks import caption

    _require(photos)
    describer = load_describer(settings.describer)
    if isinstance(describer, BatchDescriber) and len(photos) > 1:
        yield from _captions_together(describer, photos, detailed=detailed)
        return

    def work(image: Image, describer: Describer) -> str:
        return caption(image, describer, detailed=detailed)

    for said in _each(settings, photos, work):
        yield said if isinstance(said, Skipped) else Captioned(*said)


def _captions_together(
    describer: BatchDescriber, photos: Sequence[Path | Skipped], *, detailed: bool
) -> Iterator[Captioned | Skipped]:
    from vlm.images import read_image
    from vlm.tasks import Task, said_of_many, task_prompt

    task: Task = "detailed" if detailed else "caption"
    prompt, size = task_prompt(task, describer), describer.batch_size
    for start in range(0, len(photos), size):
        began = perf_counter()
        group: list[Path | Skipped] = []
        images = []
        for path in photos[start : start + size]:
            try:
                if isinstance(path, Path):
                    images.append(read_image(path, size=READ_SIZE))
                group.append(path)
            except ImageUnreadable as error:
                group.append(Skipped(Path(error.path), error.reason))
        replies = iter(said_of_many(images, prompt, describer, task))
        seconds = (perf_counter() - began) / max(1, len(images))
        for one in group:
            if isinstance(one, Skipped):
                yield one
                continue
            said = next(replies)
            if isinstance(said, str):
                yield Captioned(one, said, describer.name, seconds)
            elif isinstance(said, ReplyEmpty):
                yield Skipped(one, str(said))
            else:
                raise said


def ask(settings: Settings, photo: Path, question: str) -> Answered:
    """Answer a question about one file.

    Raises `PathMissing`, `ImageUnreadable`, `QuestionInvalid`, `TaskUnsupported` and what
    `vlm.registry.load_describer` raises.
    """
    from vlm.images import read_image
    from vlm.registry import load_describer
    from vlm.tasks import answer

    _require([photo])
    describer = load_describer(settings.describer)
    started = perf_counter()
    said = answer(read_image(photo, size=READ_SIZE), question, describer)
    return Answered(photo, question, said, describer.name, perf_counter() - started)


def alt_texts(
    settings: Settings, photos: Sequence[Path | Skipped], max_length: int = MAX_LENGTH
) -> Iterator[AltText | Skipped]:
    """Write an alternative text of at most ``max_length`` characters for each file.

    A file that cannot be read is `Skipped` and the rest goes on; raises as `captions` does.
    """
    from vlm.tasks import alt_text

    def work(image: Image, describer: Describer) -> str:
        return alt_text(image, describer, max_length=max_length)

    for said in _each(settings, photos, work):
        yield said if isinstance(said, Skipped) else AltText(*said)


def _each(
    settings: Settings, photos: Sequence[Path | Skipped], work: Callable[[Image, Describer], str]
) -> Iterator[tuple[Path, str, str, float] | Skipped]:
    """Yield path, text, model and seconds for each file that can be read."""
    from vlm.images import read_image
    from vlm.registry import load_describer

    _require(photos)
    describer = load_describer(settings.describer)
    for path in photos:
        if isinstance(path, Skipped):
            yield path
            continue
        started = perf_counter()
        try:
            said = work(read_image(path, size=READ_SIZE), describer)
        except ImageUnreadable as error:
            yield Skipped(path, error.reason)
        except ReplyEmpty as error:
            yield Skipped(path, str(error))
        else:
            yield path, said, describer.name, perf_counter() - started


def _require(photos: Sequence[Path | Skipped]) -> None:
    for path in photos:
        if isinstance(path, Path) and not path.exists():
            raise PathMissing(path)
