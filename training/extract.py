"""Photos -> cached features: run the frozen backbone once over every view of every photo.

    python training/extract.py --data DATA --features FOLDER

For each set NAME (train, dev, coco, imagenet) and each output KEY of the backbone (pooled, grid,
low, logits) it writes NAME.KEY.npy (views, photos, ...) fp16, and at last NAME.json with the
photos' rows of `cases.jsonl`, in order: a set that has one is done and is not computed again.
Views are the plain photo, its mirror image and random resized crops, squashed to 256x256.
"""

import argparse
import json
import random
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from backbone import CELLS, LOW, POOLED, SIZE, Backbone
from cases import flickr8k, read_cases
from numpy.lib.format import open_memmap
from PIL import Image

BATCH = 16
PLAIN, MIRROR, CROP = "plain", "mirror", "crop"
SHAPES = {"pooled": (POOLED,), "grid": (CELLS, 64), "low": (LOW, 64), "logits": (1000,)}


def sets(data: Path) -> Iterator[tuple[str, Path, list[dict], list[str]]]:
    """Yield (name, photo folder, rows, views) for everything that training or selection reads."""
    photos = data / "flickr8k/photos"
    yield "dev", photos, flickr8k(data, "dev"), [PLAIN]
    labelled = data / "imagenet-samples"
    things = read_cases(labelled / "cases.jsonl")
    yield "imagenet", labelled / "photos", things, [PLAIN, MIRROR, CROP]
    coco = data / "coco-train/photos"
    known = read_cases(data / "coco-train/cases.jsonl")
    captioned = {row["image"]: row for row in known if row.get("captions")}
    files = sorted(p.name for p in coco.iterdir())
    many = [PLAIN, MIRROR, *[CROP] * 5]
    yield "coco", coco, [captioned.get(f, {"image": f}) for f in files], many
    yield "train", photos, flickr8k(data, "train"), many


def open_photo(path: Path) -> Image.Image:
    """RGB, decoded as the product does: at the nearest DCT scale above the model's size."""
    image = Image.open(path)
    image.draft("RGB", (SIZE, SIZE))
    return image.convert("RGB")


def view(image: Image.Image, kind: str, rng: random.Random) -> np.ndarray:
    """Squash one view to uint8 (256, 256, 3)."""
    box = None
    mirrored = kind == MIRROR
    if kind == CROP:
        width, height = image.size
        area = rng.uniform(0.45, 1.0) * width * height
        ratio = np.exp(rng.uniform(np.log(3 / 4), np.log(4 / 3)))
        w, h = min(width, int((area * ratio) ** 0.5)), min(height, int((area / ratio) ** 0.5))
        left, top = rng.randint(0, width - w), rng.randint(0, height - h)
        box = (left, top, left + w, top + h)
        mirrored = rng.random() < 0.5
    image = image.resize((SIZE, SIZE), Image.Resampling.BICUBIC, box=box)
    if mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return np.asarray(image)


def open_backbone(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """ONNX Runtime is about three times as fast as torch on a CPU."""
    torch.onnx.export(
        Backbone(),
        (torch.zeros(2, SIZE, SIZE, 3, dtype=torch.uint8),),
        path,
        input_names=["pixels"],
        output_names=list(SHAPES),
        dynamic_axes={"pixels": {0: "n"}},
        opset_version=17,
        dynamo=False,
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def extract(
    session: onnxruntime.InferenceSession,
    photos: Path,
    rows: list[dict],
    views: list[str],
    out: dict[str, np.ndarray],
) -> None:
    """Fill the arrays (views, photos, ...) of one set."""

    def batch(start: int) -> np.ndarray:
        pixels = []
        for row in rows[start : start + BATCH]:
            image = open_photo(photos / row["image"])
            for number, kind in enumerate(views):
                seed = zlib.crc32(f"{row['image']}/{number}".encode())
                pixels.append(view(image, kind, random.Random(seed)))
        return np.stack(pixels)

    began = time.perf_counter()
    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(batch, 0)
        for start in range(0, len(rows), BATCH):
            pixels = ahead.result()
            if start + BATCH < len(rows):
                ahead = pool.submit(batch, start + BATCH)
            for at in range(0, len(pixels), BATCH):
                found = session.run(list(out), {"pixels": pixels[at : at + BATCH]})
                index = np.arange(at, at + len(found[0]))
                photo, number = start + index // len(views), index % len(views)
                for array, values in zip(out.values(), found, strict=True):
                    array[number, photo] = values
            if start // BATCH % 25 == 0:
                speed = (start + BATCH) * len(views) / (time.perf_counter() - began)
                print(f"  {start}/{len(rows)} photos, {speed:.0f} views/s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    folder = args.features
    folder.mkdir(parents=True, exist_ok=True)
    session = open_backbone(folder / "backbone.onnx", args.threads)
    for name, photos, rows, views in sets(args.data):
        done = folder / f"{name}.json"
        if done.exists():
            continue
        print(f"{name}: {len(rows)} photos x {len(views)} views", flush=True)
        size = len(views), len(rows)
        out = {
            key: open_memmap(folder / f"{name}.{key}.npy", "w+", np.float16, size + shape)
            for key, shape in SHAPES.items()
        }
        extract(session, photos, rows, views, out)
        for array in out.values():
            array.flush()
        done.write_text(json.dumps(rows))


if __name__ == "__main__":
    main()
