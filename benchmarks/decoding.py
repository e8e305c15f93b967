"""Decoding 12-megapixel photos for an embedder, by kind of file: cost, and the effect on vectors.

    python benchmarks/decoding.py [--photos 8] [--model starter] [--json]

Each kind is decoded twice by the same process: in full, and as indexing does it (at a small scale,
averaged down before colours are converted, first scans only). Milliseconds are of processor time,
with the shrinking to the embedder's size; the cosine is between the vectors of the two.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from photos import camera_photos
from PIL import Image, ImageCms
from timing import machine

from vlm.images import decode_image, fit_image
from vlm.protocols import Embedder
from vlm.registry import load_embedder

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
KINDS: dict[str, dict[str, Any]] = {
    "JPEG": {"format": "JPEG", "quality": 90},
    "JPEG, sRGB profile": {"format": "JPEG", "quality": 90, "icc_profile": SRGB},
    "JPEG, progressive": {"format": "JPEG", "quality": 90, "progressive": True},
    "PNG": {"format": "PNG", "compress_level": 1},
    "PNG, sRGB profile": {"format": "PNG", "compress_level": 1, "icc_profile": SRGB},
    "WebP": {"format": "WEBP", "quality": 85, "method": 0},
    "TIFF, LZW": {"format": "TIFF", "compression": "tiff_lzw"},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=8)
    parser.add_argument("--model", default="starter")
    parser.add_argument("--cosine", type=float, default=0.99, help="exit 1 below it on average")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    embedder = load_embedder(asked.model)
    with tempfile.TemporaryDirectory() as temporary:
        camera_photos(Path(temporary), asked.photos, 7)
        photos = [Image.open(path).convert("RGB") for path in sorted(Path(temporary).iterdir())]
    result = {name: measured(photos, embedder, options) for name, options in KINDS.items()}
    if asked.json:
        print(json.dumps({"machine": machine(), "model": asked.model, "kinds": result}))
    else:
        print(machine())
        for name, row in result.items():
            print(
                f"{name:20} {row['megabytes']:5.1f} MB  full {row['full_ms']:6.1f} ms  "
                f"here {row['ms']:6.1f} ms ({row['full_ms'] / row['ms']:.1f} times as fast)  "
                f"cosine {row['cosine']:.4f}, worst {row['worst']:.4f}"
            )
    return 0 if min(row["cosine"] for row in result.values()) >= asked.cosine else 1


def measured(
    photos: list[Image.Image], embedder: Embedder, options: dict[str, Any]
) -> dict[str, float]:
    """Medians over the photos, saved with these options."""
    wanted = embedder.image_input
    files = [saved(photo, options) for photo in photos]
    whole = [timed(lambda d=data: fit_image(decode_image(d, "x"), wanted)) for data in files]
    small = [
        timed(lambda d=data: fit_image(decode_image(d, "x", size=wanted.size), wanted))
        for data in files
    ]
    cosines = (
        embedder.embed_images([image for _, image in whole])
        * embedder.embed_images([image for _, image in small])
    ).sum(1)
    return {
        "megabytes": float(np.mean([len(data) for data in files])) / 1e6,
        "full_ms": float(np.median([ms for ms, _ in whole])),
        "ms": float(np.median([ms for ms, _ in small])),
        "cosine": float(cosines.mean()),
        "worst": float(cosines.min()),
    }


def saved(photo: Image.Image, options: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    photo.save(file, **options)
    return file.getvalue()


def timed(work: Callable[[], Image.Image]) -> tuple[float, Image.Image]:
    start = process_time()
    image = work()
    return 1000 * (process_time() - start), image


if __name__ == "__main__":
    sys.exit(main())
