"""What somebody reads who looks at the demo photos one by one: searches, captions and answers.

    python training/by_eye.py --photos DATA/demo

prints for each photo of `by_eye.tsv` how its search ranks it among them all, its caption and the
answer to its question. Whether they are right is for the reader to say. It runs on the shipped
files, with no torch. Searches and questions were written before anything had been run on them.
"""

import argparse
import csv
from pathlib import Path

from vlm.images import Image, read_image
from vlm.protocols import Message
from vlm.starter.describer import StarterDescriber
from vlm.starter.embedder import StarterEmbedder

CASES = Path(__file__).with_suffix(".tsv")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True)
    found = {path.name: path for path in parser.parse_args().photos.rglob("*")}
    with CASES.open(newline="") as file:
        cases = list(csv.DictReader(file, delimiter="\t"))
    photos = [read_image(found[case["photo"]]) for case in cases]
    embedder = StarterEmbedder()
    describer = StarterDescriber(embedder)
    queries = embedder.embed_texts([case["search"] for case in cases])
    scores = queries @ embedder.embed_images(photos).T
    for number, (case, photo) in enumerate(zip(cases, photos, strict=True)):
        rank = 1 + int((scores[number] > scores[number, number]).sum())
        print(case["photo"])
        print(f"  search   {case['search']}: place {rank}, {scores[number, number]:.2f}")
        print(f"  caption  {_said(describer, '', photo)}")
        print(f"  ask      {case['question']} {_said(describer, case['question'], photo)}")


def _said(describer: StarterDescriber, question: str, photo: Image) -> str:
    return "".join(describer.describe([Message("user", question, (photo,))]))


if __name__ == "__main__":
    main()
