"""Captions and ImageNet labels -> cached sentence vectors of the frozen text tower.

    python training/extract_texts.py --data DATA --features FOLDER

Writes NAME-captions.texts.npy (texts, 384) fp32 for the sets that extract.py wrote,
coco-text.texts.npy (with coco-text.owner.npy: the set of each caption) and labels.texts.npy: one
row for each of the 1,000 ImageNet classes, in the order of the backbone's logits.
"""

import argparse
from pathlib import Path

import numpy as np
from cases import flickr8k, read_cases
from text_tower import encode

PROMPT = "a photo of a {}"


def label_order(data: Path) -> list[str]:
    """Labels in the order of the logits, which is that of the WordNet ids."""
    rows = read_cases(data / "imagenet-samples/cases.jsonl")
    return [row["label"] for row in sorted(rows, key=lambda row: row["wnid"])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--features", type=Path, required=True)
    args = parser.parse_args()

    def save(name: str, texts: list[str]) -> None:
        print(f"{name}: {len(texts)} texts", flush=True)
        np.save(args.features / f"{name}.texts.npy", encode(texts))

    save("labels", [PROMPT.format(label) for label in label_order(args.data)])
    for split in ("dev", "train"):
        rows = flickr8k(args.data, split)
        save(f"{split}-captions", [c for row in rows for c in row["captions"][:5]])
    rows = read_cases(args.data / "coco-train/cases.jsonl")
    captioned = sorted((row for row in rows if row.get("captions")), key=lambda row: row["image"])
    save("coco-captions", [c for row in captioned for c in row["captions"][:5]])
    sets = [row["captions"][:5] for row in read_cases(args.data / "coco-text/captions.jsonl")]
    save("coco-text", [c for captions in sets for c in captions])
    owner = [i for i, captions in enumerate(sets) for _ in captions]
    np.save(args.features / "coco-text.owner.npy", np.array(owner))


if __name__ == "__main__":
    main()
