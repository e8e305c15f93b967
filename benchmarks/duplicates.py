"""How many copies of photos `vlm duplicates` finds, and what it takes for copies in vain.

    python benchmarks/duplicates.py PHOTOS [--copies 300] [--photos 1000] [--json]

PHOTOS is a folder of photos that are all different, better if some show one scene. Of the first
ones copies are made in every way that copies come about; the next ones are replaced by two shots
each, as of a burst; the others stay as they are. All are indexed with the starter. Recall: for each
kind of copy alone, since copies of a photo would help to find one another, how many are in a group
with their originals. Precision: with all kinds together, how many of the pairs that groups hold are
copies of one photo; pairs of different photos, or of shots, count as wrong.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFont
from timing import machine

from index.build import build
from index.catalogue.records import Content
from index.duplicates.groups import vectors_of
from index.duplicates.near_copies import near_copies
from index.duplicates.thumbnails import Thumbnails
from index.library import Library
from index.scanning.scan import Found, scan
from vlm.images import read_image
from vlm.registry import load_embedder

Chance = np.random.Generator
Change = Callable[[Image.Image, Chance], Image.Image]

REQUIRED = 0.95
"""Recall of each kind that the search is made for, and precision over all kinds."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="PHOTOS")
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--copies", type=int, default=300, help="photos that are copied")
    parser.add_argument("--shots", type=int, default=300, help="photos that become two shots")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    found = [entry for entry in scan([asked.folder]) if isinstance(entry, Found)]
    photos = [entry.path for entry in found][: asked.photos]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make(photos, asked.copies, asked.shots, folder / "photos", asked.seed)
        result = measure(folder)
    if asked.json:
        print(json.dumps({"machine": machine(), **result}))
    else:
        show(result)
    kinds = (kind for name, kind in result["recall"].items() if name not in BEYOND)
    return 0 if min(*kinds, result["precision"]) >= REQUIRED else 1


def make(photos: list[Path], copies: int, shots: int, folder: Path, seed: int) -> None:
    """Write the photos as ``original/00007.jpg``, copies as ``KIND/…``, shots as ``KIND 1/…``."""
    chance = np.random.default_rng(seed)
    for number, path in enumerate(photos):
        name = f"{number:05}.jpg"
        if copies <= number < copies + shots:
            # Each photo for one kind only: handheld shots are crops of what a tripod saw.
            kind = list(SHOTS)[number % len(SHOTS)]
            for which, image in enumerate(SHOTS[kind](read_image(path), chance), 1):
                save(image, folder / f"{kind} {which}" / name)
            continue
        save(path, folder / "original" / name)
        if number < copies:
            for kind, change in COPIES.items():
                save(change(read_image(path), chance), folder / kind / name)


def save(image: Image.Image | Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(image, Path):
        path.write_bytes(image.read_bytes())
    else:
        image.save(path, "JPEG", quality=90)


def measure(folder: Path) -> dict[str, object]:
    """Index, and look for copies: of each kind alone, and of all together."""
    embedder = load_embedder("starter")
    found: dict[str, dict[str, float]] = {"recall": {}, "taken_for_copies": {}}
    with Library.open(folder / "library", create=True) as library, Thumbnails(2) as thumbnails:
        build(library, [folder / "photos"], embedder)
        photos = list(library.catalogue.contents())
        vectors, rows = vectors_of(library.catalogue)

        def near(kinds: set[str]) -> list[list[tuple[str, str]]]:
            some = [photo for photo in photos if kind_of(photo)[0] in kinds]
            groups = near_copies(library.catalogue, some, vectors, rows, thumbnails, ignore)
            return [sorted(map(kind_of, group)) for group in groups]

        began = time.perf_counter()
        everything = near({kind_of(photo)[0] for photo in photos})
        seconds = time.perf_counter() - began
        for kind in COPIES:
            found["recall"][kind] = part(near({"original", kind}), kind, "original", folder)
        for kind in SHOTS:
            one, other = f"{kind} 1", f"{kind} 2"
            groups = near({"original", one, other})
            found["taken_for_copies"][kind] = part(groups, one, other, folder)
    pairs = [pair for group in everything for pair in combinations(group, 2)]
    wrong = [f"{'/'.join(one)} = {'/'.join(other)}" for one, other in pairs if not same(one, other)]
    return {
        **found,
        "precision": round(1 - len(wrong) / max(1, len(pairs)), 4),
        "right_pairs": len(pairs) - len(wrong),
        "wrong_pairs": wrong,
        "photos": len(photos),
        "seconds": round(seconds, 1),
    }


def kind_of(photo: Content) -> tuple[str, str]:
    return photo.path.parent.name, photo.path.name


def ignore(done: int, total: int) -> None:
    pass


def part(groups: list[list[tuple[str, str]]], kind: str, with_kind: str, folder: Path) -> float:
    """Of all photos of one kind, how many are in a group with the same of the other."""
    made = len(list((folder / "photos" / kind).iterdir()))
    found = sum((with_kind, name) in group for group in groups for k, name in group if k == kind)
    return round(found / made, 4)


def same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two photos of a group belong into it: copies of one photo, and no shots."""
    return one[1] == other[1] and one[0].removesuffix(" 1") not in SHOTS


def show(result: dict[str, object]) -> None:
    print(machine())
    print(f"{result['photos']} photos, {result['seconds']} s")
    for title in ("recall", "taken_for_copies"):
        for kind, part in result[title].items():
            print(f"{100 * part:6.1f} %  {title.replace('_', ' ')}  {kind}")
    print(f"{100 * result['precision']:6.2f} %  precision of {result['right_pairs']} right pairs")
    print(*result["wrong_pairs"], sep="\n")


def crop(part: float) -> Change:
    def change(image: Image.Image, chance: Chance) -> Image.Image:
        width, height = (round(side * (1 - part)) for side in image.size)
        left = int(chance.integers(0, image.width - width + 1))
        top = int(chance.integers(0, image.height - height + 1))
        return image.crop((left, top, left + width, top + height))

    return change


def half(image: Image.Image, chance: Chance) -> Image.Image:
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)


def worse(image: Image.Image, chance: Chance) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=40)
    return Image.open(file)


def laid(way: Image.Transpose) -> Change:
    return lambda image, chance: image.transpose(way)


def brighter(image: Image.Image, chance: Chance) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(1.1)


def watermark(image: Image.Image, chance: Chance) -> Image.Image:
    layer = Image.new("RGBA", image.size)
    font = ImageFont.load_default(image.width // 14)
    place = (image.width * 0.95, image.height * 0.95)
    text = "\N{COPYRIGHT SIGN} A. Photographer"
    ImageDraw.Draw(layer).text(place, text, (255, 255, 255, 150), font, "rs")
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def one_after_other(*changes: Change) -> Change:
    def change(image: Image.Image, chance: Chance) -> Image.Image:
        for step in changes:
            image = step(image, chance)
        return image

    return change


def grainy(image: Image.Image, chance: Chance) -> Image.Image:
    grain = chance.normal(0, 3, size=(image.height, image.width, 3))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def handheld(image: Image.Image, chance: Chance) -> Iterator[Image.Image]:
    """The camera moved by 2 to 5 % of the width: windows of one photo, with grain of their own."""
    margin, angle = image.width // 10, chance.uniform(0, 2 * np.pi)
    step = chance.uniform(0.02, 0.05) * image.width
    for sign in (-0.5, 0.5):
        left = margin + round(sign * step * np.cos(angle))
        top = margin + round(sign * step * np.sin(angle))
        size = image.width - 2 * margin, image.height - 2 * margin
        yield grainy(image.crop((left, top, left + size[0], top + size[1])), chance)


def subject_moved(image: Image.Image, chance: Chance) -> Iterator[Image.Image]:
    """On a tripod: a part of 10 to 20 % by 25 to 45 % moved aside, what it hid appears."""
    pixels = np.asarray(image).copy()
    wide = round(image.width * chance.uniform(0.1, 0.2))
    high = round(image.height * chance.uniform(0.25, 0.45))
    step = max(3, round(image.width * chance.uniform(0.04, 0.1)))
    left = int(chance.integers(image.width // 8, image.width * 7 // 8 - wide - step))
    top = int(chance.integers(image.height // 8, image.height * 7 // 8 - high))
    window = pixels[top : top + high, left : left + wide + step]
    yield grainy(image, chance)
    window[:] = np.roll(window, step, axis=1)
    yield grainy(Image.fromarray(pixels), chance)


COPIES: dict[str, Change] = {
    "half the size": half,
    "JPEG quality 40": worse,
    "cropped by 5 %": crop(0.05),
    "cropped by 10 %": crop(0.10),
    "turned by 90": laid(Image.Transpose.ROTATE_90),
    "turned by 180": laid(Image.Transpose.ROTATE_180),
    "mirrored": laid(Image.Transpose.FLIP_LEFT_RIGHT),
    "brighter by 10 %": brighter,
    "watermark": watermark,
    "cropped by 20 %": crop(0.20),
    "turned by 90, cropped by 5 %": one_after_other(laid(Image.Transpose.ROTATE_90), crop(0.05)),
    "cropped by 5 %, half the size, quality 40": one_after_other(crop(0.05), half, worse),
}
BEYOND = tuple(COPIES)[9:]
"""Kinds that no limit is set for: more than the copies that the search is made for."""

SHOTS: dict[str, Callable[[Image.Image, Chance], Iterator[Image.Image]]] = {
    "handheld": handheld,
    "subject moved": subject_moved,
}


if __name__ == "__main__":
    sys.exit(main())
