"""Which optional dependencies are installed, found out without importing any of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from vlm.errors import ExtraMissing

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
    "ocr": ("rapidocr",),
    "eval": ("pycocoevalcap",),
    "serve": ("fastapi", "mcp", "python_multipart", "uvicorn"),
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


@contextmanager
def needs_extra(model: str, extra: str) -> Iterator[None]:
    """Turn an import that fails because ``extra`` is not installed into `ExtraMissing`."""
    try:
        yield
    except ImportError as error:
        missing = missing_packages(extra)
        if not missing:
            raise
        raise ExtraMissing(model, ", ".join(missing), extra) from error
