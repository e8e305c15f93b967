"""The flags of a training script: files and folders, then every field of its configuration."""

import argparse
import dataclasses
from pathlib import Path
from typing import TypeVar

C = TypeVar("C")


def read_flags(config: type[C], about: str, *paths: str) -> tuple[C, list[Path]]:
    """A `config`, a dataclass whose fields have defaults, and the `paths`, which must be given."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    for name in paths:
        parser.add_argument(f"--{name}", type=Path, required=True)
    for field in dataclasses.fields(config):
        flag = "--" + field.name.replace("_", "-")
        parser.add_argument(flag, type=type(field.default), default=field.default)
    given = vars(parser.parse_args())
    return config(**{k: v for k, v in given.items() if k not in paths}), [given[p] for p in paths]
