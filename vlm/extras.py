"""Which optional dependencies are installed, found out without importing any of them."""

from __future__ import annotations

from importlib.util import find_spec

EXTRAS: dict[str, tuple[str, ...]] = {
    "": (),
    "torch": (
        "torch",
        "torchvision",
        "transformers",
        "open_clip",
        "sentence_transformers",
        "onnx",
        "onnxscript",
    ),
    "remote": ("openai",),
}
"""The packages that each extra of the distribution brings."""


def missing_packages(extra: str) -> list[str]:
    """Packages of one extra that are not installed.

    >>> missing_packages("")
    []
    """
    return [package for package in EXTRAS[extra] if find_spec(package) is None]


def installed_extras() -> dict[str, bool]:
    """For each extra, whether all its packages are there (for `vlm doctor`)."""
    return {extra: not missing_packages(extra) for extra in EXTRAS if extra}
