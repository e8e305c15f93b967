"""`vlm alt`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.describe import end
from ui.commands.options import AsJson, DescriberModel, Paths

if TYPE_CHECKING:
    from ui.services import AltText
    from ui.settings import Settings

Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write a .csv or .jsonl file.")
]
MaxLength = Annotated[
    int, typer.Option("--max-length", min=20, max=2000, help="Characters at most.")
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the file of --out.")]


def alt(
    paths: Paths,
    out: Out = None,
    max_length: MaxLength = 125,
    force: Force = False,
    model: DescriberModel = None,
    as_json: AsJson = False,
) -> None:
    """Write alternative texts for photos.

    They tell people who cannot see a photo what it shows. Stopped early, the file of --out holds
    the texts so far.
    """
    from ui.output import say_document, tell
    from ui.settings import Settings
    from ui.shapes import alt_shape

    done: list[AltText] = []
    settings = Settings.from_env(describer=model)
    try:
        skipped = _describe(settings, paths, max_length, done, out, force, as_json)
    except KeyboardInterrupt:
        if out is not None and done:
            tell(f"{out}: the {len(done)} alternative texts so far.")
        raise
    if out is not None and done:
        tell(f"{out}: {len(done)} alternative texts.")
    if as_json:
        say_document([alt_shape(result) for result in done])
    end(len(done), skipped)


def _describe(
    settings: Settings,
    paths: list[Path],
    max_length: int,
    done: list[AltText],
    out: Path | None,
    force: bool,
    as_json: bool,
) -> int:
    """Append to ``done``, write and print as asked for; the number of skipped files."""
    from index.records import Skipped
    from ui.alt.out_file import alt_file
    from ui.output import tell_skipped
    from ui.progress import pace, progress
    from ui.services import alt_texts, photos_in

    skipped = 0
    started = perf_counter()
    with ExitStack() as stack:
        writers: list[Callable[[AltText], None]] = [done.append]
        if out is not None:
            writers.append(stack.enter_context(alt_file(out, force=force)))
        elif not as_json:
            writers.append(_say)
        photos = photos_in(paths)
        silent = out is not None or as_json
        show = stack.enter_context(progress("Describing")) if silent else None
        for result in alt_texts(settings, photos, max_length):
            if isinstance(result, Skipped):
                skipped += 1
                tell_skipped(result)
            else:
                for write in writers:
                    write(result)
            if show is not None:
                show(pace(len(done), skipped, len(photos), perf_counter() - started))
    return skipped


def _say(result: AltText) -> None:
    from ui.output import say

    say(f"{result.path}: {result.alt_text}")
