"""Captions and ImageNet labels -> cached sentence vectors of the frozen text tower.

    python training/extract_texts.py --data DATA --features FOLDER

Writes NAME-captions.texts.npy (texts, 384) fp32 for the sets that extract.py wrote,
coco-text.texts.npy (with coco-text.owner.npy: the set of each caption) and labels.texts.npy: one
row for each of the 1,000 ImageNet classes, in the order of the backbone's logits.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from text_tower import encode

PROMPT = "a photo of a {}"


def label_order(data: Path) -> list[str]:
    """Labels in the order of the logits, which is that of the WordNet ids."""
    lines = (data / "imagenet-samples/cases.jsonl").read_text().splitlines()
    rows = sorted((json.loads(line) for line in lines), key=lambda row: row["wnid"])
    return [row["label"] for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--features", type=Path, required=True)
    args = parser.parse_args()

    def save(name: str, texts: list[str]) -> None:
        print(f"{name}: {len(texts)} texts", flush=True)
        np.save(args.features / f"{name}.texts.npy", encode(texts))

    save("labels", [PROMPT.format(label) for label in label_order(args.data)])
    rows = [json.loads(x) for x in (args.data / "flickr8k/cases.jsonl").read_text().splitlines()]
    for split in ("dev", "train"):
        captions = [c for row in rows if row["split"] == split for c in row["captions"][:5]]
        save(f"{split}-captions", captions)
    rows = [json.loads(x) for x in (args.data / "coco-train/cases.jsonl").read_text().splitlines()]
    captioned = sorted((row for row in rows if row.get("captions")), key=lambda row: row["image"])
    save("coco-captions", [c for row in captioned for c in row["captions"][:5]])
    lines = (args.data / "coco-text/captions.jsonl").read_text().splitlines()
    sets = [json.loads(line)["captions"][:5] for line in lines]
    save("coco-text", [c for captions in sets for c in captions])
    owner = [i for i, captions in enumerate(sets) for _ in captions]
    np.save(args.features / "coco-text.owner.npy", np.array(owner))


if __name__ == "__main__":
    main()
