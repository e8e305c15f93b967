"""Freely licensed sample photos, from the data files of the scikit-image package.

Only files whose source and terms are known are used; the package is found on disk and never
imported, so that what it needs to run need not be installed.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ui.errors import FolderInTheWay, OutputFailed, SamplesMissing
from ui.sample_sidecars import SIDECARS
from vlm.images import read_image

NEAR_DUPLICATE = ("coffee.png", "coffee-small.jpg")
"""The photo that gets a resized, recompressed copy, and the name of that copy."""

MARK = "SOURCES.txt"
"""Says where each photo comes from, and that the folder is ours to fill."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One file: what it shows, where it comes from, and under which terms."""

    name: str
    shows: str
    source: str
    terms: str


_CC0 = "CC0"
_PUBLIC = "public domain"

SAMPLES: tuple[Sample, ...] = (
    Sample("astronaut.png", "the astronaut Eileen Collins", "NASA", _PUBLIC),
    Sample("brick.png", "a brick wall", "CC0Textures", _CC0),
    Sample("camera.png", "a man with a camera on a tripod", "Lav Varshney", _CC0),
    Sample("chelsea.png", "Chelsea, a cat", "Stefan van der Walt", _CC0),
    Sample("coffee.png", "a cup of coffee", "Rachel Michetti, Pikolo Espresso Bar", _CC0),
    Sample("coins.png", "Greek coins", "Brooklyn Museum", "no known copyright restrictions"),
    Sample("grass.png", "grass", "linolafett on DeviantArt", _CC0),
    Sample("gravel.png", "gravel", "CC0Textures", _CC0),
    Sample("horse.png", "the silhouette of a horse", "Andreas Preuss (marauder)", _CC0),
    Sample("hubble_deep_field.jpg", "galaxies", "NASA, Hubble Space Telescope", _PUBLIC),
    Sample("page.png", "a page of text", "a page of scikit-image's documentation", "BSD-3-Clause"),
    Sample("retina.jpg", "the retina of an eye", "Mikael Häggström on Wikimedia Commons", _CC0),
    Sample("rocket.jpg", "the launch of a rocket", "SpaceX", _PUBLIC),
)


def samples_folder() -> Path:
    """Where the installed scikit-image keeps these photos; raises `SamplesMissing`."""
    spec = importlib.util.find_spec("skimage")
    if spec is None or spec.origin is None:
        raise SamplesMissing
    folder = Path(spec.origin).parent / "data"
    if not all((folder / sample.name).is_file() for sample in SAMPLES):
        raise SamplesMissing
    return folder


def copy_samples(folder: Path) -> None:
    """Fill a folder of our own with the sample photos and a list of their sources.

    Files that are there already stay as they are. Raises `SamplesMissing`, `FolderInTheWay` for a
    folder that holds something else, and `OutputFailed`.
    """
    source = samples_folder()
    try:
        if folder.exists() and not (folder / MARK).exists() and any(folder.iterdir()):
            raise FolderInTheWay(folder)
        folder.mkdir(parents=True, exist_ok=True)
        _once(folder / MARK, _write_sources)
        for sample in SAMPLES:
            _once(folder / sample.name, partial(shutil.copyfile, source / sample.name))
        for sidecar in SIDECARS:
            text = sidecar.packet()
            _once(folder / f"{sidecar.name}.xmp", partial(Path.write_text, data=text))
        original, copy = NEAR_DUPLICATE
        _once(folder / copy, partial(_save_smaller, source / original))
    except OSError as error:
        raise OutputFailed(folder, error.strerror or str(error)) from None


def sources_text() -> str:
    """The table of sources, for people who open the folder."""
    lines = [f"{s.name}: {s.shows}. {s.source}, {s.terms}." for s in SAMPLES]
    original, copy = NEAR_DUPLICATE
    return "\n".join(
        [
            "Sample photos made by `vlm demo` from the data files of scikit-image",
            "(https://scikit-image.org, Copyright 2009-2022 the scikit-image team, BSD-3-Clause).",
            "",
            *lines,
            f"{copy}: {original} at half the size, compressed again, to have a near duplicate.",
            "*.xmp: keywords, stars, captions, a date and a place, to have some; by vlm-assistant.",
            "",
        ]
    )


def _once(path: Path, make: Callable[[Path], object]) -> None:
    if path.exists():
        return
    part = path.with_name(f".{path.name}.part")
    make(part)
    part.replace(path)


def _write_sources(path: Path) -> None:
    path.write_text(sources_text(), encoding="utf-8")


def _save_smaller(original: Path, copy: Path) -> None:
    image = read_image(original)
    image.resize((image.width // 2, image.height // 2)).save(copy, "JPEG", quality=60)
