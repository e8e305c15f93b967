"""Photos that tests draw: cheap, seeded, every one of another content."""

from __future__ import annotations

import random
from pathlib import Path

from PIL import Image

FORMATS = (".jpg", ".png", ".webp")


def draw(folder: Path, number: int, *, seed: int = 0, side: int = 32) -> list[Path]:
    """Write ``number`` plainly coloured photos, no two alike, in three formats."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    paths = []
    for count in range(number):
        colour = tuple(chance.randrange(256) for _ in range(3))
        image = Image.new("RGB", (side, side + 4), colour)
        image.putpixel((count % side, count // side % side), (255, 255, 255))
        path = folder / f"photo-{count:04}{FORMATS[count % 3]}"
        image.save(path, lossless=True)
        paths.append(path)
    return paths
