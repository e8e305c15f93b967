"""Numbers of the shipped starter embedder, as printed in its card.

    PYTHONPATH=. python training/measure.py --data DATA [--features FOLDER --heads FILE]

Retrieval on Flickr8k dev and on COCO, retrieval of ImageNet samples by their labels, each for
the shipped vector, its learned half and its ConSE half, and by chance; then, with --heads, the
agreement of the ONNX files with torch.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from cases import flickr8k, read_cases
from retrieval import intervals, line, ranks, recalls

from vlm.images import fit_image, read_image
from vlm.starter.embedder import StarterEmbedder
from vlm.starter.weights import FOLDER

LEARNED = 384  # the first half of a vector


def embed_photos(embedder: StarterEmbedder, paths: Sequence[Path]) -> np.ndarray:
    """Vectors of photo files, decoded as `vlm index` does."""
    rows = []
    for start in range(0, len(paths), 16):
        images = [read_image(p, size=embedder.image_input.size) for p in paths[start : start + 16]]
        rows.append(embedder.embed_images(images))
    return np.concatenate(rows)


def embed_texts(embedder: StarterEmbedder, texts: Sequence[str]) -> np.ndarray:
    """Vectors of texts; those of like length share a batch, which only saves time."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    out = np.zeros((len(texts), embedder.dim), np.float32)
    out[order] = embedder.embed_texts([texts[i] for i in order])
    return out


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def show(name: str, photos: np.ndarray, texts: np.ndarray, owner: np.ndarray) -> None:
    """Print the shipped vector with its intervals, then the halves and chance."""
    shipped = ranks(photos, texts, owner)
    print(line(name, shipped))
    bounds = intervals(shipped)
    print("  95 %: " + ", ".join(f"{k} {low}-{high}" for k, (low, high) in bounds.items()))
    for half, columns in (
        ("learned half", slice(None, LEARNED)),
        ("ConSE half, untrained", slice(LEARNED, None)),
    ):
        print(line("  " + half, ranks(unit(photos[:, columns]), unit(texts[:, columns]), owner)))
    rng = np.random.default_rng(0)
    chance = [
        list(recalls(ranks(rng.normal(size=photos.shape), texts, owner)).values()) for _ in range(5)
    ]
    mean = np.mean(chance, 0)
    print(
        f"  {'random vectors':32s} t->i {mean[0]:.1f}/{mean[1]:.1f}/{mean[2]:.1f}"
        f"          i->t {mean[3]:.1f}/{mean[4]:.1f}/{mean[5]:.1f}"
    )


def retrieval(embedder: StarterEmbedder, data: Path) -> None:
    flickr = flickr8k(data, "dev")
    photos = embed_photos(embedder, [data / "flickr8k/photos" / r["image"] for r in flickr])
    texts = embed_texts(embedder, [c for row in flickr for c in row["captions"]])
    show("Flickr8k dev, 1,000 photos", photos, texts, np.repeat(np.arange(len(flickr)), 5))

    known = read_cases(data / "coco-train/cases.jsonl")
    captioned = {row["image"]: row["captions"] for row in known}
    paths = sorted((data / "coco-train/photos").iterdir())
    photos = embed_photos(embedder, paths)
    owner = np.repeat([i for i, p in enumerate(paths) if p.name in captioned], 5)
    texts = embed_texts(embedder, [c for p in paths for c in captioned.get(p.name, [])[:5]])
    show("COCO 80 of 208 (trained on)", photos, texts, owner)

    things = read_cases(data / "imagenet-samples/cases.jsonl")
    photos = embed_photos(embedder, [data / "imagenet-samples/photos" / r["image"] for r in things])
    texts = embed_texts(embedder, [row["label"] for row in things])
    show("ImageNet samples (trained on)", photos, texts, np.arange(len(things)))


def agreement(embedder: StarterEmbedder, data: Path, features: Path, heads: Path) -> None:
    """Cosine of the ONNX vectors with those of the fp32 torch modules they came from."""
    import torch
    from export import ImageSide, TextSide
    from heads import read_heads
    from safetensors.torch import load_file
    from text_tower import load_tokenizer, tokens

    labels = torch.from_numpy(np.load(features / "labels.texts.npy"))
    rows = flickr8k(data, "dev")[:100]
    trained = read_heads(load_file(heads))
    with torch.no_grad():
        paths = [data / "flickr8k/photos" / row["image"] for row in rows]
        images = [fit_image(read_image(p, size=256), embedder.image_input) for p in paths]
        pixels = torch.from_numpy(np.stack([np.asarray(image) for image in images]))
        photos = ImageSide(trained, labels).eval()(pixels)[0].numpy()
        captions = [row["captions"][0] for row in rows]
        side, tokenizer = TextSide(trained, labels).eval(), load_tokenizer()
        texts = side(*tokens(tokenizer, captions)).numpy()
    for name, torch_rows, onnx_rows in (
        ("photos", photos, embedder.embed_images(images)),
        ("texts", texts, embedder.embed_texts(captions)),
    ):
        cosine = (torch_rows * onnx_rows).sum(1)
        print(f"{name}: cosine with torch fp32, mean {cosine.mean():.5f}, worst {cosine.min():.5f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--files", type=Path, default=FOLDER)
    parser.add_argument("--features", type=Path)
    parser.add_argument("--heads", type=Path)
    args = parser.parse_args()
    if bool(args.features) != bool(args.heads):
        parser.error("--features and --heads go together")
    embedder = StarterEmbedder(folder=args.files)
    print(embedder.fingerprint)
    retrieval(embedder, args.data)
    if args.heads:
        agreement(embedder, args.data, args.features, args.heads)


if __name__ == "__main__":
    main()
