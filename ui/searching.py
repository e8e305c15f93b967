"""Index and search the photo library of the settings. Plain Python: no Streamlit, no Typer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.records import Progress, Report, SearchResult
from ui.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

    from index.scanning.exclusions import Rules

DEFAULT_HITS = 12


def build_index(
    settings: Settings,
    paths: Sequence[Path],
    on_progress: Callable[[Progress], None] | None = None,
    rules: Rules | None = None,
    gone: Sequence[Path] = (),
) -> Report:
    """Bring the library up to date with files and folders; makes it where there is none.

    Photos below ``gone``, folders that are not there any more, are marked missing.
    Raises `PathMissing` before anything is written, and what `index.build.build` and
    `vlm.registry.load_embedder` raise.
    """
    from index.build import build
    from index.library import Library
    from index.scanning.scan import scan
    from vlm.registry import load_embedder

    # A wrong path or model should not leave an empty library behind.
    scan(paths)  # looks at the paths themselves right away
    embedder = load_embedder(settings.model)
    with Library.open(settings.library, create=True) as library:
        report = build(library, paths, embedder, on_progress=on_progress, rules=rules, gone=gone)
    Library.open(settings.library).close()  # somebody may have deleted it meanwhile
    return report


def watch_index(
    settings: Settings,
    paths: Sequence[Path],
    on_notice: Callable[[str], None],
    on_progress: Callable[[Progress], None] | None = None,
    rules: Rules | None = None,
) -> Iterator[Report]:
    """As `build_index`, and then again whenever something changes, until Ctrl-C."""
    from index.library import Library
    from index.scanning.scan import scan
    from index.watch import watch
    from vlm.registry import load_embedder

    scan(paths)
    embedder = load_embedder(settings.model)
    with Library.open(settings.library, create=True) as library:
        yield from watch(
            *(library, paths, embedder),
            rules=rules,
            on_notice=on_notice,
            on_progress=on_progress,
        )


def search(settings: Settings, query: str, k: int = DEFAULT_HITS) -> SearchResult:
    """Find photos by words; raises `QueryInvalid`, `LibraryMissing`, `ModelNotIndexed`, ….

    ``query`` may hold filters such as ``in:holiday type:jpeg``.
    """
    from index.library import Library
    from index.search.search import search_text
    from vlm.registry import load_embedder

    with Library.open(settings.library) as library:
        return search_text(library, load_embedder(settings.model), query, k)


def similar(settings: Settings, photo: Path, k: int = DEFAULT_HITS) -> SearchResult:
    """Find photos that look like a file, which itself is left out; raises as `search` does."""
    from vlm.images import read_image
    from vlm.registry import load_embedder

    embedder = load_embedder(settings.model)
    image = read_image(photo, size=embedder.image_input.size * 2)
    return similar_to_image(settings, image, k, exclude=photo)


def similar_to_image(
    settings: Settings, image: Image, k: int = DEFAULT_HITS, *, exclude: Path | None = None
) -> SearchResult:
    """Find photos that look like an image in memory, without the file ``exclude``."""
    from index.library import Library
    from index.search.search import search_photo
    from vlm.registry import load_embedder

    with Library.open(settings.library) as library:
        return search_photo(library, load_embedder(settings.model), image, k, exclude=exclude)
