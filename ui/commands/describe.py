"""`vlm caption` and `vlm ask`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.commands.options import AsJson, DescriberModel, Photo

Photos = Annotated[
    list[Path], typer.Argument(metavar="PHOTOS...", readable=False, help="Photos or folders.")
]
Question = Annotated[list[str], typer.Argument(metavar="QUESTION", help="What to ask about it.")]
Detailed = Annotated[bool, typer.Option("--detailed", help="A few sentences instead of one line.")]


def caption(
    photos: Photos,
    model: DescriberModel = None,
    detailed: Detailed = False,
    as_json: AsJson = False,
) -> None:
    """Say in a line what is in each photo."""
    from index.records import Skipped
    from ui.output import say, say_document, tell_skipped
    from ui.services import captions, photos_in
    from ui.settings import Settings
    from ui.shapes import caption_shape

    skipped = 0
    done = []
    settings = Settings.from_env(describer=model)
    for result in captions(settings, photos_in(photos), detailed=detailed):
        if isinstance(result, Skipped):
            skipped += 1
            tell_skipped(result)
            continue
        done.append(caption_shape(result))
        if not as_json:
            say(f"{result.path}: {result.caption}")
    if as_json:
        say_document(done)
    end(len(done), skipped)


def ask(
    photo: Photo, question: Question, model: DescriberModel = None, as_json: AsJson = False
) -> None:
    """Answer a question about a photo."""
    from ui.output import say, say_document
    from ui.services import ask as run
    from ui.settings import Settings
    from ui.shapes import answer_shape

    answered = run(Settings.from_env(describer=model), photo, " ".join(question))
    if as_json:
        say_document(answer_shape(answered))
    else:
        say(answered.answer)


def end(done: int, skipped: int) -> None:
    """Leave with 1 if some files were skipped and with 2 if nothing at all came out."""
    if skipped:
        raise typer.Exit(1 if done else 2)
