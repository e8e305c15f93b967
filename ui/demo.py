"""The tour of `vlm demo`: sample photos, three searches, a caption, an answer and an alt text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.records import Progress, Report, Skipped
from ui.samples import copy_samples
from ui.services import AltText, Captioned, alt_texts, ask, build_index, captions, search
from ui.settings import Settings, data_folder

SEARCHES = ("a cat", "a cup of coffee", "a rocket launch")
HITS = 3
CAPTIONED, ASKED, ALTERNATIVE = "chelsea.png", "coffee.png", "coffee.png"
QUESTION = "Is there a cup in the picture?"


@dataclass(frozen=True, slots=True)
class Step:
    """A command that a person could type, and what it says."""

    command: str
    lines: tuple[str, ...]


def demo_folder() -> Path:
    """Where the demo lives unless told otherwise; it never touches the library of the user."""
    return data_folder() / "demo"


def prepare(
    settings: Settings, folder: Path, on_progress: Callable[[Progress], None]
) -> tuple[Settings, Report]:
    """Make or update the sample library below a folder; the settings returned point to it.

    Raises what `ui.samples.copy_samples` and `ui.services.build_index` raise.
    """
    photos = folder / "photos"
    copy_samples(photos)
    settings = replace(settings, library=folder / "library")
    return settings, build_index(settings, [photos], on_progress)


def tour(settings: Settings, folder: Path) -> Iterator[Step]:
    """Yield the steps one by one, each as soon as it is done."""
    photos = folder / "photos"
    for query in SEARCHES:
        hits = search(settings, query, HITS).hits
        lines = tuple(f"{hit.score:.3f}  {hit.band:<6}  {hit.path.name}" for hit in hits)
        yield Step(f'vlm search "{query}"', lines)
    for captioned in captions(settings, [photos / CAPTIONED]):
        yield Step(f"vlm caption {CAPTIONED}", (_words(captioned),))
    answered = ask(settings, photos / ASKED, QUESTION)
    yield Step(f'vlm ask {ASKED} "{QUESTION}"', (answered.answer,))
    for alt in alt_texts(settings, [photos / ALTERNATIVE]):
        yield Step(f"vlm alt {ALTERNATIVE}", (_words(alt),))


def _words(result: Captioned | AltText | Skipped) -> str:
    if isinstance(result, Captioned):
        return result.caption
    return result.alt_text if isinstance(result, AltText) else result.reason
