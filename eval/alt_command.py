"""``python -m eval alt``."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval.alt import Alternatives, Scores, evaluate
from eval.bootstrap import SAMPLES, SEED
from eval.cases import captioned_photos
from eval.options import must_be_writable, shared_options, with_progress
from eval.output import skipped_shape, tell
from vlm.registry import DEFAULT_DESCRIBER, DEFAULT_EMBEDDER, load_describer, load_embedder


def add_alt(task: argparse.ArgumentParser) -> None:
    """Give ``task`` the options of alternative texts, and the function that runs it."""
    shared_options(task, model=os.environ.get("VLM_DESCRIBER") or DEFAULT_DESCRIBER)
    task.add_argument(
        "--samples",
        type=_samples,
        default=5,
        metavar="K",
        help="descriptions drawn to check each one by (default: %(default)s)",
    )
    task.set_defaults(run=_run)


def as_json(result: Alternatives, folder: Path) -> dict[str, Any]:
    """The documented JSON shape: shares in [0, 1], wall seconds, photos named from ``folder``."""
    return {
        "draft": _shape(result.drafts),
        "checked": _shape(result.checked),
        "verdicts": result.verdicts,
        "n": len(result.described),
        "samples": result.samples,
        "model": result.source,
        "seconds_per_photo": result.seconds_per_photo,
        "version": version("vlm-assistant"),
        "bootstrap": {"samples": SAMPLES, "seed": SEED},
        "skipped": skipped_shape(result.skipped),
        "photos": [
            {
                "image": one.photo.path.relative_to(folder).as_posix(),
                "draft_alt": one.draft,
                "alt": one.text,
                **one.description.as_json(),
            }
            for one in result.described
        ],
    }


def as_markdown(result: Alternatives) -> str:
    """A table: shares in percent, with the 95 % interval of ``chair_i`` in brackets."""
    head = ["", "CHAIR-i", "CHAIR-s", "said plainly: CHAIR-i", "CHAIR-s", "coverage", "things",
            "characters", "lint"]  # fmt: skip
    rows = [head, ["---"] * len(head)]
    rows += [_row("draft", result.drafts), _row("checked", result.checked)]
    verdicts = ", ".join(f"{name} {count}" for name, count in sorted(result.verdicts.items()))
    lines = [
        f"**{result.source}** on {len(result.described)} photos, {result.samples} samples each; "
        "in %, 95 % interval over photos",
        "",
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
        f"{verdicts}; {result.seconds_per_photo:.3f} s a photo",
    ]
    return "\n".join(lines) + "\n"


def _row(name: str, scores: Scores) -> list[str]:
    shares, (low, high) = scores.truth, scores.ci95
    percents = (shares.chair_s, shares.chair_i_plain, shares.chair_s_plain, shares.coverage)
    return [
        name,
        f"{100 * shares.chair_i:.1f} [{100 * low:.1f}, {100 * high:.1f}]",
        *(f"{100 * share:.1f}" for share in percents),
        f"{shares.things:.2f}",
        f"{scores.length:.1f}",
        str(scores.lint_errors),
    ]


def _shape(scores: Scores) -> dict[str, Any]:
    return {
        **asdict(scores.truth),
        "length": scores.length,
        "lint_errors": scores.lint_errors,
        "ci95": {"chair_i": scores.ci95},
    }


def _samples(text: str) -> int:
    if not text.isdecimal() or int(text) > 64:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of samples (0 to 64)")
    return int(text)


def _run(asked: argparse.Namespace) -> int:
    must_be_writable(asked.json)
    photos = captioned_photos(asked.data, split=asked.split, limit=asked.limit)
    describer, embedder = load_describer(asked.model), load_embedder(DEFAULT_EMBEDDER)
    result = evaluate(with_progress(photos), describer, embedder, samples=asked.samples)
    document = as_json(result, asked.data / "photos")
    return tell(as_markdown(result), document, asked.json, result.skipped)
