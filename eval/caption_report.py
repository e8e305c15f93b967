"""A captioning result as JSON for machines and as Markdown for people."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval.bootstrap import SAMPLES, SEED
from eval.caption import Captioning
from eval.output import skipped_shape


def as_json(result: Captioning, folder: Path) -> dict[str, Any]:
    """The documented JSON shape: measures as shares, wall seconds, photos named from ``folder``."""
    captions = result.captions
    return {
        **{name: measure.overall for name, measure in result.measures.items()},
        "n": len(captions.said),
        "seconds_per_photo": captions.seconds_per_photo,
        "different_captions": len(set(captions.said)),
        "model": captions.source,
        "ci95": result.ci95,
        "n_references": sum(len(photo.captions) for photo in captions.photos),
        "version": version("vlm-assistant"),
        "scorer": f"pycocoevalcap {version('pycocoevalcap')}",
        "bootstrap": {"samples": SAMPLES, "seed": SEED},
        "skipped": skipped_shape(captions.skipped),
        "photos": [
            {
                "image": photo.path.relative_to(folder).as_posix(),
                "caption": said,
                **{name: measure.each[i] for name, measure in result.measures.items()},
            }
            for i, (photo, said) in enumerate(zip(captions.photos, captions.said, strict=True))
        ],
    }


def as_markdown(result: Captioning) -> str:
    """A table of the measures, with 95 % intervals in brackets where there are any."""
    captions = result.captions
    names = list(result.measures)
    cells = [f"{result.measures[name].overall:.3f}{_interval(result, name)}" for name in names]
    lines = [
        f"**{captions.source}** on {len(captions.said)} photos: "
        f"{len(set(captions.said))} different captions; 95 % intervals over photos",
        "",
        *("| " + " | ".join(row) + " |" for row in (names, ["---"] * len(names), cells)),
    ]
    if captions.seconds_per_photo is not None:
        lines += ["", f"{captions.seconds_per_photo:.3f} s a photo"]
    return "\n".join(lines) + "\n"


def _interval(result: Captioning, name: str) -> str:
    if name not in result.ci95:
        return ""
    low, high = result.ci95[name]
    return f" [{low:.3f}, {high:.3f}]"
