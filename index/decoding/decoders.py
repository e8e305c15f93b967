"""Which decoders open photos here, in a line: what one of them refused another may open."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from index.records import FACTS_VERSION
from vlm.images import max_pixels

_PACKAGES = ("pillow", "pillow-heif", "rawpy", "av")


def decoders() -> str:
    """Versions of the packages that decode, and the limit of pixels that holds now."""
    return f"{_packages()} limit={max_pixels()}"


@cache
def _packages() -> str:
    told = [f"vlm={FACTS_VERSION}"]
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):  # RAW files and videos are extras
            told.append(f"{name}={version(name)}")
    return " ".join(told)
