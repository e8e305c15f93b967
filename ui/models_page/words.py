"""A row of the model table in words that a person understands."""

from __future__ import annotations

from vlm.models import ModelSpec, Tier

_SPEED: dict[Tier, str] = {
    "embedded": "Fast on any computer",
    "laptop": "Fine on a laptop",
    "gpu-8gb": "Wants a GPU with 8 GB; slow without",
    "gpu-24gb": "Wants a GPU with 24 GB",
    "test": "For trying the program only",
}

_FREE = ("Apache-2.0", "MIT", "BSD-3-Clause")


def speed(spec: ModelSpec) -> str:
    """How fast it is, and on what."""
    return _SPEED.get(spec.tier, "As fast as its server")


def languages(spec: ModelSpec) -> str:
    """The languages it understands.

    >>> from vlm.models import MODELS
    >>> languages(MODELS[0])
    'English'
    """
    named = {"en": "English", "multilingual": "Many languages"}
    return named.get(spec.languages, spec.languages)


def gigabytes(size: float) -> str:
    """A size on disk or in memory.

    >>> gigabytes(1.54), gigabytes(0.146)
    ('1.5 GB', '150 MB')
    """
    return f"{size:.1f} GB" if size >= 1 else f"{round(size * 100) * 10} MB"


def memory(spec: ModelSpec) -> str:
    """About how much memory its weights take on a CPU."""
    return f"About {gigabytes(spec.ram_gb)} of memory" if spec.ram_gb else "Hardly any memory"


def download(spec: ModelSpec) -> str:
    """How large the download is."""
    return f"Download of {gigabytes(spec.disk_gb)}" if spec.disk_gb else "Nothing to download"


def licence_note(spec: ModelSpec) -> str:
    """What the licence keeps people from; "" for those that allow any use."""
    if spec.licence in _FREE:
        return ""
    if "non-commercial" in spec.licence:
        return "Not for business use: it learnt from data that was given for research."
    return "No open-source licence: read it before you use it for business."
