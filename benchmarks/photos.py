"""Photos to measure with, drawn and seeded: no two alike, and as heavy as a camera's.

The camera photos are sample photos of scikit-image, where it is installed (else drawn texture),
enlarged to 12 megapixels, with noise like a sensor's.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from PIL import Image

SAMPLES = ("chelsea.png", "coffee.png", "astronaut.png", "rocket.jpg", "hubble_deep_field.jpg")
CAMERA = (4000, 3000)


def camera_photos(folder: Path, count: int, noise: float) -> None:
    """Write ``count`` JPEGs of 4000x3000 pixels, quality 90, 4:2:0, with EXIF as cameras do.

    ``noise`` is the standard deviation of the brightness noise, of 255: 4 gives files of 2.4 MB,
    7 of 3.6 MB.
    """
    _write_all(folder, count, partial(_camera_photo, noise=noise))


def small_photos(folder: Path, count: int) -> None:
    """Write ``count`` JPEGs of 320x240 pixels: blurred random colours."""
    _write_all(folder, count, _small_photo)


def _write_all(folder: Path, count: int, write: Callable[[Path, int], None]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    missing = [n for n in range(count) if not (folder / f"{n:05}.jpg").exists()]
    with ProcessPoolExecutor() as pool:
        list(pool.map(write, [folder] * len(missing), missing, chunksize=8))


def _camera_photo(folder: Path, number: int, noise: float) -> None:
    draw = np.random.default_rng(number)
    source = sample_photos()[number % len(sample_photos())]
    width, height = source.size
    zoom = draw.uniform(0.6, 1.0)
    left, top = draw.uniform(0, 1 - zoom, size=2)
    box = (left * width, top * height, (left + zoom) * width, (top + zoom) * height)
    large = np.asarray(source.resize(CAMERA, Image.Resampling.BICUBIC, box=box), np.int16)
    grain = np.roll(_grain(noise), draw.integers(0, 3000), axis=0)
    photo = Image.fromarray(np.clip(large + grain[..., None], 0, 255).astype(np.uint8))
    exif = Image.Exif()
    exif[0x0110] = f"Benchmark {number}"  # camera model
    photo.save(folder / f"{number:05}.jpg", quality=90, subsampling="4:2:0", exif=exif)


def _small_photo(folder: Path, number: int) -> None:
    colours = np.random.default_rng(number).integers(0, 256, size=(6, 8, 3), dtype=np.uint8)
    photo = Image.fromarray(colours).resize((320, 240), Image.Resampling.BICUBIC)
    photo.save(folder / f"{number:05}.jpg", quality=90)


@lru_cache(maxsize=1)
def _grain(noise: float) -> np.ndarray:
    return np.random.default_rng(0).normal(0, noise, size=CAMERA[::-1]).astype(np.int16)


@lru_cache(maxsize=1)
def sample_photos() -> list[Image.Image]:
    """Photos of scikit-image, or one of drawn texture where it is not installed."""
    spec = importlib.util.find_spec("skimage")
    if spec is not None and spec.origin is not None:
        data = Path(spec.origin).parent / "data"
        return [Image.open(data / name).convert("RGB") for name in SAMPLES]
    texture = np.random.default_rng(1).integers(0, 256, size=(60, 80, 3), dtype=np.uint8)
    return [Image.fromarray(texture).resize((800, 600), Image.Resampling.BICUBIC)]
