"""Retrieval as JSON for machines and as Markdown for people."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from eval.bootstrap import SAMPLES, SEED
from eval.metrics import MEASURES
from eval.output import skipped_shape
from eval.retrieval import Direction, Retrieval


def as_json(result: Retrieval) -> dict[str, Any]:
    """The documented JSON shape: shares in [0, 1], wall seconds, and what a repetition needs."""
    return {
        "text_to_image": result.text_to_image.values,
        "image_to_text": result.image_to_text.values,
        "n_images": result.n_images,
        "n_texts": result.n_texts,
        "model": result.model,
        "ci95": {
            "text_to_image": result.text_to_image.ci95,
            "image_to_text": result.image_to_text.ci95,
        },
        "fingerprint": result.fingerprint,
        "version": version("vlm-assistant"),
        "bootstrap": {"samples": SAMPLES, "seed": SEED},
        "seconds": result.seconds_images + result.seconds_texts,
        "stages": {"images": result.seconds_images, "texts": result.seconds_texts},
        "skipped": skipped_shape(result.skipped),
    }


def as_markdown(result: Retrieval) -> str:
    """A table: shares in percent, each with its 95 % interval in brackets."""
    head = ["", *MEASURES]
    rows = [
        ["text → image", *_cells(result.text_to_image)],
        ["image → text", *_cells(result.image_to_text)],
    ]
    lines = [
        f"**{result.model}** on {result.n_images} photos and {result.n_texts} texts; "
        "recall and hit rates in %, 95 % intervals over photos",
        "",
        *("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)),
        "",
        f"{result.n_images / result.seconds_images:.1f} photos/s, "
        f"{result.n_texts / result.seconds_texts:.1f} texts/s",
    ]
    return "\n".join(lines) + "\n"


def _cells(direction: Direction) -> list[str]:
    cells = []
    for name, value in direction.values.items():
        low, high = direction.ci95[name]
        if name == "median_rank":
            cells.append(f"{value:g} [{round(low, 1):g}, {round(high, 1):g}]")
        elif name == "mrr":
            cells.append(f"{value:.3f} [{low:.3f}, {high:.3f}]")
        else:
            cells.append(f"{100 * value:.1f} [{100 * low:.1f}, {100 * high:.1f}]")
    return cells
