"""Rows of the data's JSON lines: photos with their captions or labels."""

import json
from pathlib import Path


def read_cases(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def flickr8k(data: Path, split: str) -> list[dict]:
    """The rows of "train", "dev" or "test", in the order of the file."""
    return [row for row in read_cases(data / "flickr8k/cases.jsonl") if row["split"] == split]
